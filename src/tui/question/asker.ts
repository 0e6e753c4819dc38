// Who asks how often. People say yes to nearly everything they are asked often, so: once per content, never the same again
// right after a no, and after a few questions in half a minute no more of them for a while. Without a terminal: no.
import { escapeForTerminal } from '../../host/index.ts';
import type { ReadAnswer, ReadQuestion } from './question.ts';

/** A no holds this long for the same path or content. */
export const NO_HOLDS_MS = 30_000;
/** At most this many questions in {@link NO_HOLDS_MS}. */
export const FLOOD = 4;

/** An answer, and how it came about. */
export interface Decided {
  readonly answer: ReadAnswer;
  /** `asked`: by the person just now; `remembered`: by an earlier answer; `flood`: too many questions; `nobody`: no terminal. */
  readonly by: 'asked' | 'remembered' | 'flood' | 'nobody';
}

export interface Asker {
  /** Decides on a read, by memory or by asking; questions about the same content wait for one answer. */
  decide(question: ReadQuestion): Promise<Decided>;
}

export interface AskerInput {
  /** Shows one question; undefined without a terminal. */
  show: ((question: ReadQuestion) => Promise<ReadAnswer>) | undefined;
  /** Answers for good of earlier sessions, by SHA-256 of the content. */
  remembered: ReadonlyMap<string, 'show' | 'redacted'>;
  /** Keeps an answer for good. */
  remember(content: string, answer: 'show' | 'redacted'): Promise<void>;
  /** Milliseconds. */
  now(): number;
}

/** Makes the one asker of a session. */
export function createAsker({ show, remembered, remember, now }: AskerInput): Asker {
  /** Answers that hold for the session, by content. */
  const answers = new Map<string, ReadAnswer>();
  for (const [content, answer] of remembered) answers.set(content, answer === 'show' ? 'always' : 'redacted');
  /** When a path or content was last refused. */
  const refused = new Map<string, number>();
  const open = new Map<string, Promise<Decided>>();
  let asked: number[] = [];
  let last: Promise<unknown> = Promise.resolve();

  return {
    decide(question) {
      const waiting = open.get(question.content);
      if (waiting !== undefined) return waiting;
      const decided = last.then(() => decideNow(question)).finally(() => open.delete(question.content));
      open.set(question.content, decided);
      last = decided.catch(() => {});
      return decided;
    },
  };

  async function decideNow(question: ReadQuestion): Promise<Decided> {
    const known = answers.get(question.content);
    if (known !== undefined) return { answer: known, by: 'remembered' };
    if (show === undefined) return { answer: 'no', by: 'nobody' };
    if (isRecent(refused.get(question.content)) || isRecent(refused.get(question.path)))
      return { answer: 'no', by: 'remembered' };
    asked = asked.filter(isRecent);
    if (asked.length >= FLOOD) return { answer: 'no', by: 'flood' };
    asked.push(now());
    const answer = await show(question);
    await keep(question, answer);
    return { answer, by: 'asked' };
  }

  function isRecent(time: number | undefined): boolean {
    return time !== undefined && now() - time < NO_HOLDS_MS;
  }

  async function keep({ content, path }: ReadQuestion, answer: ReadAnswer): Promise<void> {
    if (answer === 'no') {
      refused.set(content, now());
      refused.set(path, now());
    } else if (answer !== 'once') answers.set(content, answer);
    if (answer === 'always') await remember(content, 'show');
  }
}

/** The answer in words that the model can act on. */
export function sayToModel(name: string, { answer, by }: Decided): string {
  const path = escapeForTerminal(name);
  if (answer === 'redacted') return `The user allowed ${path} with its secrets redacted. Read it again.`;
  if (answer !== 'no') return `The user allowed ${path}. Read it again.`;
  const because = {
    asked: 'The user was asked and refused',
    remembered: 'The user refused',
    flood: 'Too many files were asked for in a short time, so nobody was asked and',
    nobody: 'Nobody is at the terminal to be asked, so',
  }[by];
  const tail = by === 'asked' || by === 'remembered' ? ` to show ${path}.` : ` ${path} stays withheld.`;
  return `${because}${tail} Do not try to read it in another way; go on without it, or ask the user in your answer what you need from it.`;
}
