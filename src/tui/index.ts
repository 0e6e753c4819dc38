// Screens and Ink are loaded when something is asked, not before: they cost more than the rest of the start together.
import { questionPlain } from './question/plain.ts';
import type { ReadAnswer, ReadQuestion } from './question/question.ts';
import { reviewPlain } from './review/plain.ts';
import type { ReviewAnswer, ReviewInput } from './review/review.ts';
import type { Terminal } from './terminal.ts';

export { createKeyboard, type Keyboard } from './keyboard.ts';
export { createModeTracker, type ModeTracker } from './modes.ts';
export { type Asker, type AskerInput, createAsker, type Decided, sayToModel } from './question/asker.ts';
export type { ReadAnswer, ReadQuestion } from './question/question.ts';
export {
  needsReview,
  type ReviewAnswer,
  type ReviewDecision,
  type ReviewInput,
  type ReviewItem,
  reviewKey,
  reviewLine,
  reviewOf,
} from './review/review.ts';
export { describeTerminal, lendInput, type Terminal, type TerminalOptions } from './terminal.ts';

/** Shows what a session will see and asks whether to start it. Ctrl-C and `q` are a no. */
export async function askReview(input: ReviewInput, terminal: Terminal): Promise<ReviewAnswer> {
  if (terminal.plain) return reviewPlain(input, terminal);
  const [{ ask }, { ReviewScreen }] = await Promise.all([import('./ask.tsx'), import('./review/screen.tsx')]);
  return ask(ReviewScreen, { input }, terminal);
}

/** Asks over the session's screen whether a file may be read. Most callers want {@link createAsker} around it. */
export async function askRead(question: ReadQuestion, terminal: Terminal): Promise<ReadAnswer> {
  if (terminal.plain) return questionPlain(question, terminal);
  const [{ ask }, { QuestionScreen }] = await Promise.all([import('./ask.tsx'), import('./question/screen.tsx')]);
  return ask(QuestionScreen, { question }, terminal);
}
