// A session without a terminal: `claude -p`, pipes, `--output-format json`. Standard input, output and error are handed
// over as they are, so not one byte of ours can stand between.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from '../sandbox/index.ts';

export interface PipedSession {
  readonly pid: number;
  readonly ended: Promise<number>;
}

/** Starts the command with our own standard streams; resolves with its exit status, 128 + n after a signal. */
export function openPipes(command: Command): PipedSession {
  const child = spawn(command.file, [...command.args], { stdio: 'inherit', env: { ...command.env }, cwd: '/' });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  return { pid: child.pid ?? -1, ended };
}
