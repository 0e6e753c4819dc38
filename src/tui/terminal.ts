// Where a question is shown and where its answer comes from.
import type { ReadStream, WriteStream } from 'node:tty';
import { createKeyboard, type Keyboard } from './keyboard.ts';
import { createModeTracker, type ModeTracker } from './modes.ts';

export interface Terminal {
  readonly keyboard: Keyboard;
  readonly screen: WriteStream;
  /** What the program in the session switched on; a fresh tracker when none runs. */
  readonly modes: ModeTracker;
  readonly colour: boolean;
  /** Lines instead of screens: for screen readers, terminals that cannot move the cursor, and programs. */
  readonly plain: boolean;
}

export interface TerminalOptions {
  plain?: boolean;
  variables: Readonly<Record<string, string | undefined>>;
  /** Given by a session that owns the input already; otherwise made here and fed from `input`. */
  keyboard?: Keyboard;
  modes?: ModeTracker;
}

/** Describes a terminal for questions. Nothing is read or written before the first one. */
export function describeTerminal(screen: WriteStream, options: TerminalOptions): Terminal {
  const { variables } = options;
  return {
    screen,
    keyboard: options.keyboard ?? createKeyboard(),
    modes: options.modes ?? createModeTracker(),
    colour: !variables.NO_COLOR && variables.TERM !== 'dumb',
    // With CI set Ink draws nothing before its end.
    plain: options.plain === true || variables.TERM === 'dumb' || !!variables.CI || !!variables.CONTINUOUS_INTEGRATION,
  };
}

/**
 * Lends the process's own input to a terminal's keyboard while something is asked, before a session owns it.
 * @returns gives it back
 */
export function lendInput(input: ReadStream, keyboard: Keyboard): () => void {
  const wasRaw = input.isRaw;
  const feed = (bytes: Buffer) => keyboard.feed(bytes);
  input.setRawMode(true);
  input.on('data', feed);
  input.resume();
  return () => {
    input.off('data', feed);
    input.pause();
    input.setRawMode(wasRaw);
  };
}
