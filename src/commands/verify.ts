// `sotto verify`: the rehearsal, in a network namespace of its own, so that whatever goes wrong nothing leaves the machine.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { type HostEnvironment, packageRoot, toolPath } from '../host/index.ts';
import { rehearse } from '../rehearsal/index.ts';
import { rehearsalTable } from '../report/index.ts';
import { probeSandbox } from '../sandbox/index.ts';
import { findProgram } from '../session/index.ts';

export interface VerifyOptions {
  json: boolean;
  /** Already in a network namespace of its own. */
  here: boolean;
  program?: string;
}

/** Exit status: 0 when everything held, 1 when something leaked or an edit was lost. */
export async function verify(host: HostEnvironment, options: VerifyOptions): Promise<number> {
  const { bwrap } = await probeSandbox(host);
  const program = findProgram(host, options.program).file;
  if (!options.here) return again(bwrap, host, { ...options, program });
  const progress = (what: string) => {
    if (!options.json) process.stderr.write(`sotto: ${what}\n`);
  };
  const path = host.variables.PATH ?? toolPath(undefined);
  const rehearsal = await rehearse({ path, term: host.variables.TERM ?? 'dumb', program, onProgress: progress });
  process.stdout.write(options.json ? `${JSON.stringify(rehearsal, null, 2)}\n` : rehearsalTable(rehearsal));
  return rehearsal.holds ? 0 : 1;
}

/** Starts this command again where there is no network but loopback, with an environment of nothing but PATH, HOME and TERM. */
function again(bwrap: string, host: HostEnvironment, options: VerifyOptions & { program: string }): number {
  const inside = ['--unshare-user', '--unshare-net', '--dev-bind', '/', '/', '--die-with-parent'];
  const sotto = [
    process.execPath,
    join(packageRoot(), 'bin/sotto.js'),
    'verify',
    '--here',
    '--program',
    options.program,
  ];
  const done = spawnSync(bwrap, [...inside, '--', ...sotto, ...(options.json ? ['--json'] : [])], {
    stdio: 'inherit',
    env: { PATH: toolPath(host.variables.PATH), HOME: host.home, TERM: host.variables.TERM ?? 'dumb' },
  });
  return done.status ?? 1;
}

export function verifyCommand(host: HostEnvironment): Command {
  return new Command('verify')
    .description(
      'prove on this machine, with a stand-in for the model, that no secret leaves and that edits come back whole',
    )
    .option('--json', 'print the result as JSON', false)
    .option('--program <path>', 'Claude Code to rehearse with')
    .option('--here', 'do not make another network namespace first', false)
    .action(async (options: { json: boolean; here: boolean; program?: string }) => {
      process.exitCode = await verify(host, options);
    });
}
