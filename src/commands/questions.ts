import type { HostEnvironment } from '../host/index.ts';
import { createStage } from '../session/index.ts';
import { createKeyboard, createModeTracker, describeTerminal, type Terminal } from '../tui/index.ts';
import type { OwnOptions } from './prepare.ts';

export interface Questions {
  /** Undefined when nobody sits at a terminal: then nothing is asked, and the answer is policy's. */
  terminal: Terminal | undefined;
  stage: ReturnType<typeof createStage>;
}

/** Where the questions of a session are asked, before it and over its screen. */
export function createQuestions(host: HostEnvironment, own: OwnOptions): Questions {
  const keyboard = createKeyboard();
  const modes = createModeTracker();
  const stage = createStage(modes, (bytes) => keyboard.feed(bytes));
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { terminal: undefined, stage };
  const options = { plain: own.plain === true, variables: host.variables, keyboard, modes };
  return { terminal: describeTerminal(process.stdout, options), stage };
}
