// The person's own terminal while a session owns it. `stty raw` is used because Node's raw mode keeps output processing
// on, which would turn a lone line feed of the inner terminal into two movements.
import { spawnSync } from 'node:child_process';
import type { ReadStream, WriteStream } from 'node:tty';

export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  size(): { columns: number; rows: number };
  /** Hands the keyboard over byte by byte; `release` gives the terminal back as it was. */
  acquire(): void;
  release(): void;
  /** Line feeds return the carriage, as screens of our own expect; the program in the session does that itself. */
  returnCarriage(on: boolean): void;
}

/** The terminal of this process, when both its input and its output are one; undefined otherwise. */
export function openTerminal(input: ReadStream, output: WriteStream): Terminal | undefined {
  if (!input.isTTY || !output.isTTY) return undefined;
  let saved: string | undefined;
  return {
    input,
    output,
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    acquire() {
      saved ??= stty('-g');
      stty('raw', '-echo');
    },
    returnCarriage(on) {
      stty(...(on ? ['opost', 'onlcr'] : ['-opost']));
    },
    release() {
      if (saved !== undefined) stty(saved);
    },
  };
}

/** stty works on its standard input, which is ours. */
function stty(...args: string[]): string {
  return spawnSync('stty', args, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' }).stdout?.trim() ?? '';
}

/**
 * Puts a terminal back that a killed full-screen program left: main screen, no mouse, no bracketed paste, no focus or
 * colour reports, kitty keyboard popped, cursor shown (the modes Claude Code sets: OBSERVED 62, 63).
 */
export const RESET_MODES =
  '\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2026l\x1b[?2031l\x1b[<u\x1b[>4;0m\x1b[?25h\x1b[0m';
