// `sotto login`: has Claude Code make a long-lived token outside of any session, and keeps it for the gateway. The token never
// enters a sandbox. It comes back by paste, because Claude Code shows it on its own screen, which is nobody's to read but the person's.
import { Command } from 'commander';
import { dropToken, keepToken, keptTokenFile } from '../account/index.ts';
import { Refusal } from '../errors/index.ts';
import { askHidden, type HostEnvironment, locate, readAll, runAttached, toolPath } from '../host/index.ts';
import { type Io, processIo } from './io.ts';

export interface LoginOptions {
  /** Take the token from standard input. */
  stdin?: boolean;
  /** Forget the kept token. */
  forget?: boolean;
}

export function loginCommand(host: HostEnvironment): Command {
  return new Command('login')
    .description('keep a long-lived token for sessions: runs `claude setup-token`, then asks for what it showed')
    .option('--stdin', 'take the token from standard input instead')
    .option('--forget', 'remove the kept token')
    .action(async (options: LoginOptions) => {
      process.exitCode = await login(host, options, processIo);
    });
}

/** Runs the verb; gives its exit status. */
export async function login(
  host: Pick<HostEnvironment, 'home' | 'variables'>,
  options: LoginOptions,
  io: Io,
): Promise<number> {
  const path = keptTokenFile({ env: host.variables, home: host.home });
  if (options.forget) {
    io.out(dropToken(path) ? `removed ${path}\n` : 'no token was kept\n');
    return 0;
  }
  const token = options.stdin ? await readAll(process.stdin) : await makeToken(host, io);
  keepToken(path, token);
  io.out(`kept in ${path}, readable by you alone; \`sotto login --forget\` removes it\n`);
  return 0;
}

async function makeToken(host: Pick<HostEnvironment, 'variables'>, io: Io): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new Refusal('account.no-terminal');
  const program = locate('claude', host.variables.PATH ?? toolPath(undefined));
  if (program === undefined) {
    throw new Refusal('host.not-found', {
      program: 'claude',
      how: 'install it: npm install -g @anthropic-ai/claude-code',
    });
  }
  const status = await runAttached(program, ['setup-token'], { env: host.variables });
  if (status !== 0) throw new Refusal('account.setup-token', { status });
  io.err('paste the token that was shown (it stays hidden): ');
  return askHidden(process.stdin, process.stderr);
}
