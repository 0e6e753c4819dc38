// A file under *ask* stands in the working copy as a stub. Whatever tool the agent read it with, the stub's sentence is in the
// next request: there the person is asked, and the model reads the answer in its place. The answer of one stub never changes,
// so the text of earlier turns stays as it was.
import { STUB_SENTENCE } from '../workspace/index.ts';
import type { TextEdit } from './splice.ts';

/** Stops a walk until it is decided what becomes of a stub; the walk is then done again. */
export class WithheldQuestion extends Error {
  readonly number: string;

  constructor(number: string) {
    super('a withheld file was read');
    this.number = number;
  }
}

/**
 * Asks about the stub with this number; words for the model, or undefined when the stub's own are right.
 * @param reader who read it, in words: `Read`, `Bash of a subagent`, `a mention in the prompt`
 */
export type AskWithheld = (number: string, reader: string) => Promise<string | undefined>;

/** Answers so far, by the number of the stub. */
export type WithheldAnswers = Map<string, string | undefined>;

/** Replacements of the stubs in a text by their answers. Throws {@link WithheldQuestion} for one without an answer. */
export function answerStubs(text: string, answers: WithheldAnswers): TextEdit[] {
  return [...text.matchAll(STUB_SENTENCE)].flatMap((match) => {
    const number = match[1] as string;
    if (!answers.has(number)) throw new WithheldQuestion(number);
    const words = answers.get(number);
    return words === undefined
      ? []
      : [{ start: match.index, end: match.index + match[0].length, text: `sotto: ${words}` }];
  });
}

interface Block {
  type?: string;
  id?: string;
  name?: string;
  tool_use_id?: string;
}

/** Which tool brought a stub into this body, for the question; the body is read as a whole, which happens once a question. */
export function readerOf(body: Buffer, number: string, subagent: boolean): string {
  const { messages } = JSON.parse(body.toString('utf8')) as { messages?: { content?: unknown }[] };
  const blocks = (messages ?? []).flatMap(({ content }) => (Array.isArray(content) ? (content as Block[]) : []));
  const result = blocks.findLast(
    (block) => block.type === 'tool_result' && JSON.stringify(block).includes(`[${number}]`),
  );
  const call = blocks.find(({ type, id }) => type === 'tool_use' && id === result?.tool_use_id);
  // The name is the client's; anything that does not look like one is not shown.
  const tool = /^[A-Za-z][\w-]{0,60}$/.test(call?.name ?? '') ? (call?.name as string) : undefined;
  return `${tool ?? 'a mention in the prompt'}${subagent ? ' of a subagent' : ''}`;
}
