// The one door to execa. Children get exactly the environment they are given, never ours by default.
import { execa, type Options } from 'execa';

export interface RunResult {
  /** Exit status; 128 + n after a signal, 127 when the program was not found. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  input?: string | Uint8Array;
  timeoutMs?: number;
}

/** Runs a program to its end and returns what it printed; never throws for an exit status. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const given: Options = {
    reject: false,
    extendEnv: false,
    env: { ...options.env },
    stripFinalNewline: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  };
  const result = await execa(file, [...args], given);
  return { exitCode: exitCodeOf(result), stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? '') };
}

function exitCodeOf(result: {
  exitCode?: number | undefined;
  signal?: string | undefined;
  code?: string | undefined;
}): number {
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.code === 'ENOENT') return 127;
  return result.signal === undefined ? 126 : 128 + 9;
}
