// The one door to node-pty. Two traps, both measured: the slave end is held open here, or the last bytes a program
// prints before it exits are lost; and data is passed as bytes, since a terminal's bytes need not be UTF-8.
import { closeSync, constants, openSync } from 'node:fs';
import { spawn } from 'node-pty';
import type { Command } from '../sandbox/index.ts';

export interface Pty {
  /** Process id of the started program on the host. */
  readonly pid: number;
  write(bytes: Buffer): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  /** Resolves with the exit status (128 + n after a signal) when the program has ended and its last byte was delivered. */
  readonly ended: Promise<number>;
}

/** Starts a command on a pseudo-terminal of its own. */
export function openPty(
  command: Command,
  size: { columns: number; rows: number },
  term: string,
  onData: (bytes: Buffer) => void,
): Pty {
  const terminal = spawn(command.file, [...command.args], {
    name: term,
    cols: size.columns,
    rows: size.rows,
    cwd: '/',
    env: { ...command.env },
    encoding: null,
  });
  const slave = holdSlave(terminal);
  // node-pty types its data as string even when `encoding: null` makes it bytes.
  terminal.onData((data: unknown) => onData(data as Buffer));
  const ended = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      if (slave !== undefined) closeSync(slave);
      resolve(signal ? 128 + signal : exitCode);
    });
  });
  return {
    pid: terminal.pid,
    write: (bytes) => terminal.write(bytes as unknown as string),
    resize: (columns, rows) => resizeSafely(() => terminal.resize(columns, rows)),
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    ended,
  };
}

function holdSlave(terminal: object): number | undefined {
  const name = (terminal as { ptsName?: string }).ptsName;
  if (name === undefined) return undefined;
  try {
    return openSync(name, constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return undefined; // the program has ended already: there is nothing left to hold
  }
}

/** A resize may arrive after the program ended and its descriptor was closed. */
function resizeSafely(resize: () => void): void {
  try {
    resize();
  } catch {
    // ioctl on a closed descriptor: the session is over, its size no longer matters
  }
}
