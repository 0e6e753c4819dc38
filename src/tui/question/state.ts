// The question's state and what each key makes of it. Pure: times come with the keys.
// Somebody may be typing a prompt when the question appears over it. So no key answers before the keyboard was quiet for a
// while, and what is typed until then is thrown away.
import { READ_CHOICES, type ReadAnswer, type ReadChoice } from './question.ts';

/** Milliseconds without a key after which keys count. */
export const QUIET_MS = 700;

export interface QuestionState {
  /** When the question appeared or, until keys count, the last one was typed. */
  readonly quietSince: number;
  /** Keys count. */
  readonly armed: boolean;
  readonly choices: readonly ReadChoice[];
  /** Index in `choices`. */
  readonly chosen: number;
  readonly answer: ReadAnswer | undefined;
}

export function startQuestion(now: number, choices: readonly ReadChoice[] = READ_CHOICES): QuestionState {
  return { choices, quietSince: now, armed: false, chosen: 0, answer: undefined };
}

/** The passing of time: makes keys count when it was quiet long enough. */
export function questionByTime(state: QuestionState, now: number): QuestionState {
  return state.armed || now - state.quietSince < QUIET_MS ? state : { ...state, armed: true };
}

/** @param key name of the key; undefined for anything that is no single key, which only breaks the quiet */
export function questionByKey(before: QuestionState, key: string | undefined, now: number): QuestionState {
  const state = questionByTime(before, now);
  // Ctrl-C refuses at once: it can only be meant so, and gives nothing away.
  if (key === 'ctrl-c') return { ...state, answer: 'no' };
  if (!state.armed) return { ...state, quietSince: now };
  switch (key) {
    case 'escape':
    case 'q':
      return { ...state, answer: 'no' };
    case 'up':
      return { ...state, chosen: Math.max(0, state.chosen - 1) };
    case 'down':
    case 'tab':
      return { ...state, chosen: Math.min(state.choices.length - 1, state.chosen + 1) };
    case 'enter':
      return { ...state, answer: state.choices[state.chosen]?.answer ?? 'no' };
    default:
      return { ...state, answer: state.choices.find((choice) => choice.key === key)?.answer };
  }
}
