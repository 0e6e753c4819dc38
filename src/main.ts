import { Command, CommanderError } from 'commander';
import { Refusal } from './errors/index.ts';
import { escapeForTerminal, type HostEnvironment, packageVersion, readEnvironment } from './host/index.ts';

/** argv in, exit status out; picks a command, nothing else. Alone turns an error into text. */
export async function main(argv: readonly string[]): Promise<number> {
  const { own, theirs } = split(argv);
  try {
    await (await program(own, theirs)).parseAsync(own, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, own.at(-1) === 'claude');
  }
}

/** The verbs. Each is loaded when it is asked for: a session must not wait for what only a report needs. */
const VERBS: Record<string, (host: HostEnvironment, theirs: readonly string[]) => Promise<Command>> = {
  claude: async (host, theirs) => (await import('./commands/claude.ts')).claudeCommand(host, theirs),
  verify: async (host) => (await import('./commands/verify.ts')).verifyCommand(host),
  report: async (host) => (await import('./commands/report.ts')).reportCommand(host),
  apply: async (host) => (await import('./commands/apply.ts')).applyCommand(host),
  init: async (host) => (await import('./commands/init.ts')).initCommand(host),
  policy: async (host) => (await import('./commands/policy.ts')).policyCommand(host),
  trust: async (host) => (await import('./commands/trust.ts')).trustCommand(host),
  explain: async (host) => (await import('./commands/explain.ts')).explainCommand(host),
  account: async (host) => (await import('./commands/account.ts')).accountCommand(host),
  login: async (host) => (await import('./commands/login.ts')).loginCommand(host),
  redact: async (host) => (await import('./commands/redact.ts')).redactCommand(host),
  scan: async (host) => (await import('./commands/scan.ts')).scanCommand(host),
  patterns: async () => (await import('./commands/patterns.ts')).patternsCommand(),
};

async function program(own: readonly string[], theirs: readonly string[]): Promise<Command> {
  const host = readEnvironment();
  const sotto = new Command('sotto')
    .description(
      'Claude Code in a sandbox, on a redacted working copy, through one guarded gateway, leaving nothing behind',
    )
    .version(packageVersion(), '--version')
    .option('--review', 'show what is hidden, asked for and redacted before the start, even when nothing is new')
    .option('--no-review', 'never show it: policy decides alone')
    .option('-y, --yes', 'the same as --no-review')
    .option('--plain', 'ask in plain lines instead of screens, for screen readers')
    .option('--program <path>', 'Claude Code to start, instead of the one on PATH')
    .enablePositionalOptions();
  const asked = VERBS[firstWord(own) ?? ''];
  for (const load of asked === undefined ? Object.values(VERBS) : [asked]) sotto.addCommand(await load(host, theirs));
  for (const command of [sotto, ...sotto.commands]) command.exitOverride();
  return sotto;
}

/** The first word that is neither an option nor the value of one. */
function firstWord(argv: readonly string[]): string | undefined {
  return argv.find((word, index) => !word.startsWith('-') && argv[index - 1] !== '--program');
}

/** What stands behind the word `claude` is never ours to read: not a flag, not a `--`. */
function split(argv: readonly string[]): { own: string[]; theirs: string[] } {
  if (firstWord(argv) !== 'claude') return { own: [...argv], theirs: [] };
  const first = argv.findIndex((word, index) => word === 'claude' && argv[index - 1] !== '--program');
  return { own: argv.slice(0, first + 1), theirs: argv.slice(first + 1) };
}

/** A session that does not start says so with 125 to 127, whatever was wrong: 1 and 2 are Claude Code's own. */
function report(error: unknown, session: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Refusal)) throw error;
  // Paths and names in it may come from a repository.
  const hint = error.hint === '' ? '' : `hint: ${error.hint.split('\n').map(escapeForTerminal).join('\n      ')}\n`;
  process.stderr.write(`sotto: ${escapeForTerminal(error.message)} [${error.code}]\n${hint}`);
  return session ? Math.max(error.exit, 125) : error.exit;
}
