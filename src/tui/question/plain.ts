import { askPlain } from '../plain.ts';
import type { Terminal } from '../terminal.ts';
import { choicesOf, facts, headline, type ReadAnswer, type ReadQuestion } from './question.ts';

const WORDS: Record<ReadAnswer, string> = {
  no: 'no',
  redacted: 'redacted',
  once: 'once',
  session: 'session',
  always: 'always',
};

/** The question in plain lines; a whole word and Enter answer, so typing ahead does not. */
export function questionPlain(question: ReadQuestion, terminal: Terminal): Promise<ReadAnswer> {
  const choices = choicesOf(question).map(({ answer, says }) => ({ word: WORDS[answer], says, answer }));
  const preview = (question.preview ?? []).slice(0, 20).map((line) => `| ${line}`);
  return askPlain([headline(question), question.path, ...facts(question), ...preview], choices, 'no', terminal);
}
