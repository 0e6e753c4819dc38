import { describe, expect, it } from 'vitest';
import { answerStubs, readerOf, WithheldQuestion } from '../../src/gateway/withheld.ts';
import { stubOf } from '../../src/workspace/stub.ts';

const stub = stubOf('ask', 'report.csv').toString();
const number = /\[([0-9a-f]{8})\]/.exec(stub)?.[1] as string;
const use = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: `1\t${stub}` };
const bodyOf = (...blocks: object[]) => Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: blocks }] }));

describe('answerStubs', () => {
  it('stops at a stub without an answer', () => {
    expect(() => answerStubs(`a ${stub} b`, new Map())).toThrow(WithheldQuestion);
  });

  it('puts the answer in the place of the sentence, wherever it stands, and leaves the rest', () => {
    const text = `./report.csv:1:${stub}and more`;
    const [edit] = answerStubs(text, new Map([[number, 'The user allowed it.']]));
    expect(`${text.slice(0, edit?.start)}${edit?.text}${text.slice(edit?.end)}`).toBe(
      './report.csv:1:sotto: The user allowed it.\nand more',
    );
  });

  it('leaves a stub whose own words are right, and everything else', () => {
    expect(answerStubs(stub, new Map([[number, undefined]]))).toEqual([]);
    expect(answerStubs('sotto: this is no stub [01234567].', new Map())).toEqual([]);
  });
});

describe('readerOf', () => {
  it.each([
    { description: 'the tool', body: bodyOf(use, result), subagent: false, reader: 'Bash' },
    { description: 'the tool of a subagent', body: bodyOf(use, result), subagent: true, reader: 'Bash of a subagent' },
    {
      description: 'a mention',
      body: bodyOf({ type: 'text', text: stub }),
      subagent: false,
      reader: 'a mention in the prompt',
    },
    {
      description: 'nothing made up',
      body: bodyOf({ ...use, name: 'x\u001b[2J' }, result),
      subagent: false,
      reader: 'a mention in the prompt',
    },
  ])('names $description', ({ body, subagent, reader }) => {
    expect(readerOf(body, number, subagent)).toBe(reader);
  });
});
