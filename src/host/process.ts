// The one door to execa. Children get exactly the environment they are given, never ours by default.
import type { Readable, Writable } from 'node:stream';
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
  const result = await execa(file, [...args], optionsOf(options));
  return { exitCode: exitCodeOf(result), stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? '') };
}

/** Like {@link run}, for output that is not text; up to 4 GB of it. */
export async function runBytes(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ exitCode: number; stdout: Buffer; stderr: string }> {
  const result = await execa(file, [...args], { ...optionsOf(options), encoding: 'buffer', maxBuffer: 2 ** 32 });
  const bytes = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : Buffer.alloc(0));
  return { exitCode: exitCodeOf(result), stdout: bytes(result.stdout), stderr: bytes(result.stderr).toString() };
}

/** A running program that is written to and read from while it runs. */
export interface Piped {
  stdin: Writable;
  stdout: Readable;
  /** Its end; never throws for an exit status. */
  done: Promise<{ exitCode: number; stderr: string }>;
}

/** Starts a program and hands out its streams; the caller must read all of `stdout`. */
export function pipe(file: string, args: readonly string[], options: Omit<RunOptions, 'input'> = {}): Piped {
  const child = execa(file, [...args], {
    ...optionsOf(options),
    stdin: 'pipe',
    buffer: { stdout: false, stderr: true },
    encoding: 'buffer',
  });
  const done = child.then((result) => ({
    exitCode: exitCodeOf(result),
    stderr: Buffer.from(result.stderr ?? new Uint8Array()).toString(),
  }));
  return { stdin: child.stdin, stdout: child.stdout, done };
}

function optionsOf(options: RunOptions) {
  return {
    reject: false,
    extendEnv: false,
    env: { ...options.env },
    stripFinalNewline: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  } satisfies Options;
}

/** Runs a program on our own terminal, with its screen and keyboard; gives its exit status. */
export async function runAttached(
  file: string,
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env'> = {},
): Promise<number> {
  const result = await execa(file, [...args], {
    reject: false,
    extendEnv: false,
    stdio: 'inherit',
    env: { ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return exitCodeOf(result);
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
