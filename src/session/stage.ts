// Who owns the terminal: the program in the session, or one question over its screen. While a question is open the
// program's output is held (it waits, nothing is lost) and keys go to the question; afterwards its screen is drawn again.
import type { Pty } from './pty.ts';
import type { Terminal } from './terminal.ts';

/** Follows what the program switches on in the terminal, so that a question can be shown over it; the screens' own tracker fits. */
export interface ScreenModes {
  feed(output: Uint8Array): void;
  readonly alternate: boolean;
}

export interface Stage {
  /** Runs a question with the terminal to itself; questions come one after another. */
  interrupt<T>(question: () => Promise<T>): Promise<T>;
}

/** The stage as the relay works it. */
export interface StageDoor extends Stage {
  readonly modes: ScreenModes;
  /** A question is open: output is held, keys go to it. */
  readonly held: boolean;
  keys(bytes: Buffer): void;
  /** The relay begins: `flush` writes what was held back. */
  open(terminal: Terminal, pty: Pty, flush: () => void): void;
}

/** Makes the stage of a session. `keys` takes what is typed while a question is open. */
export function createStage(modes: ScreenModes, keys: (bytes: Buffer) => void): StageDoor {
  let door: { terminal: Terminal; pty: Pty; flush: () => void } | undefined;
  let held = false;
  let last: Promise<unknown> = Promise.resolve();
  return {
    modes,
    get held() {
      return held;
    },
    keys,
    open(terminal, pty, flush) {
      door = { terminal, pty, flush };
    },
    interrupt(question) {
      const answered = last.then(() => overScreen(question));
      last = answered.catch(() => undefined);
      return answered;
    },
  };

  async function overScreen<T>(question: () => Promise<T>): Promise<T> {
    if (door === undefined) return question();
    const { terminal, pty, flush } = door;
    held = true;
    pty.pause();
    terminal.returnCarriage(true);
    try {
      return await question();
    } finally {
      terminal.returnCarriage(false);
      held = false;
      flush();
      pty.resume();
      if (modes.alternate) repaint(pty, terminal);
    }
  }
}

/**
 * A full-screen program draws everything again when its size changes (OBSERVED 63). Two changes at once it would not notice:
 * it looks at its size when it gets to it.
 */
export function repaint(pty: Pty, terminal: Terminal): void {
  const { columns, rows } = terminal.size();
  pty.resize(columns, rows - 1);
  setTimeout(() => pty.resize(terminal.size().columns, terminal.size().rows), NOTICE_MS);
}

const NOTICE_MS = 100;
