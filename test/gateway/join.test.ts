import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import { type Checker, createChecker } from './checker.ts';
import { GITHUB } from './setting.ts';

let checker: Checker;
beforeEach(async () => {
  checker = await createChecker();
  checker.vault.place('env.value', KNOWN, '.env');
});

/** Nothing that a rule would see. */
const KNOWN = ['plain', 'words', 'of', 'nobody'].join('~');

const text = (content: string) => ({ type: 'text', text: content });
const user = (content: unknown) => ({ role: 'user', content });
const assistant = { role: 'assistant', content: [text('well, then')] };
const result = (content: unknown) => ({ type: 'tool_result', tool_use_id: 'toolu_1', content });

type Shape = (one: string, other: string) => object;
const SHAPES: [description: string, shape: Shape][] = [
  ['two blocks', (one, other) => ({ messages: [user([text(one), text(other)])] })],
  ['two blocks, an empty one between', (one, other) => ({ messages: [user([text(one), text(''), text(other)])] })],
  ['two pieces of a tool result', (one, other) => ({ messages: [user([result([text(one), text(other)])])] })],
  ['two tool results', (one, other) => ({ messages: [user([result(one), result([text(other)])])] })],
  ['a tool result and a prompt', (one, other) => ({ messages: [user([result(one), text(other)])] })],
  ['two messages', (one, other) => ({ messages: [user(one), user([text(other)])] })],
  ['two turns', (one, other) => ({ messages: [user(one), assistant, user(other)] })],
  ['two blocks of the system prompt', (one, other) => ({ system: [text(one), text(other)] })],
];

/** Every text that would be sent, and all of them one after the other. */
function textsOf(body: string): string[] {
  const texts: string[] = [];
  JSON.parse(body, (key, value) => {
    if ((key === 'text' || key === 'content') && typeof value === 'string') texts.push(value);
    return value;
  });
  return [...texts, texts.join('')];
}

const SPLIT = [
  ['what a rule finds', GITHUB, ''],
  ['what the vault knows', KNOWN, ''],
  ['what the vault knows, with line ends between', KNOWN, '\n\n'],
] as const;

describe.each(SPLIT)('%s, split over', (_what, secret, blank) => {
  it.each(SHAPES)('%s, is redacted on both sides', (_where, shape) => {
    const at = Math.floor(secret.length / 2);
    const [one, other] = [secret.slice(0, at), secret.slice(at)];
    const body = shape(`a ${one}${blank}`, `${other} b`);
    const sent = checker.sent(body);
    for (const each of textsOf(sent)) {
      expect(each).not.toContain(one.slice(-8));
      expect(each).not.toContain(other.slice(0, 8));
    }
    expect(sent).toMatch(/"a REDACTED_\w+/);
    expect(sent).toMatch(/REDACTED_\w+ b"/);
    expect(checker.sent(sent)).toBe(sent);
    expect(checker.sent(body)).toBe(sent);
  });
});

describe('a secret', () => {
  it('is found wherever it is split, in as many blocks as it has letters too', () => {
    for (let at = 1; at < GITHUB.length; at++) {
      const sent = checker.sent({ messages: [user([text(GITHUB.slice(0, at)), text(GITHUB.slice(at))])] });
      expect(textsOf(sent).join(' ')).not.toContain(GITHUB);
    }
    const letters = checker.sent({ messages: [user([...GITHUB].map(text))] });
    expect(textsOf(letters).at(-1)).not.toContain(GITHUB);
    // The interface refuses blocks without text.
    expect(textsOf(letters)).not.toContain('');
  });

  it('whose parts do not meet is left alone', () => {
    const [one, other] = [GITHUB.slice(0, 20), GITHUB.slice(20)];
    for (const body of [
      { messages: [user([text(`${one} and`), text(`then ${other}`)])] },
      { messages: [user([text(one), text(' '), text(other)])] },
      { messages: [user([text(other), text(one)])] },
    ]) {
      expect(checker.sent(body)).toBe(JSON.stringify(body));
    }
  });

  it('is not what only stands beside a name', () => {
    const body = { messages: [user([text('your password:'), text('Look-at-This-1 and answer')])] };
    expect(checker.sent(body)).toBe(JSON.stringify(body));
  });

  it('is redacted once where it meets another', () => {
    const blocks = [`${GITHUB}`, `${KNOWN.slice(0, 12)}`, KNOWN.slice(12), GITHUB.slice(0, 9), GITHUB.slice(9)];
    const sent = checker.sent({ messages: [user(blocks.map(text)), user(blocks.map(text))] });
    expect(textsOf(sent).join(' ')).not.toMatch(/words~|~nobody|a1B2/);
  });
});

describe('a secret that is split where nothing may be rewritten', () => {
  it.each([
    ['a block of unknown type', (parts: string[]) => ({ messages: [user([{ type: 'hologram', parts }])] })],
    ['an unknown field', (parts: string[]) => ({ extra: { deep: parts.map((part) => ({ part })) } })],
    ['stop sequences', (parts: string[]) => ({ stop_sequences: parts })],
    [
      'what an assistant is said to have said',
      (parts: string[]) => ({ messages: [{ role: 'assistant', content: [{ type: 'x', parts }] }] }),
    ],
  ])('%s, is a refusal', (_where, shape) => {
    for (const secret of [GITHUB, KNOWN]) {
      const parts = [secret.slice(0, 13), secret.slice(13)];
      expect(() => checker.sent(shape(parts))).toThrow(Refusal);
      expect(() => checker.sent(shape(parts.toReversed()))).not.toThrow();
    }
  });
});

describe('texts that meet', () => {
  it('never give a secret away, however it is cut, with memory and without (300 conversations)', () => {
    const cut = fc.array(fc.nat(GITHUB.length), { maxLength: 5 }).map((at) => at.toSorted((a, b) => a - b));
    const pieces = fc.tuple(cut, fc.constantFrom(GITHUB, KNOWN)).map(([at, secret]) => {
      const edges = [0, ...at, secret.length];
      return edges.slice(1).map((edge, index) => secret.slice(edges[index], edge));
    });
    const turn = fc.array(fc.oneof(pieces, fc.constant(['plain', 'text'])), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 4 }), fc.boolean(), (turns, answered) => {
        const messages: object[] = [];
        for (const blocks of turns) {
          messages.push(user(blocks.flat().map(text)));
          if (answered) messages.push(assistant);
          const sent = checker.sent({ messages });
          const said = textsOf(sent.replaceAll('well, then', '')).at(-1);
          expect(said).not.toContain(GITHUB);
          expect(said).not.toContain(KNOWN);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are looked at once', () => {
    const messages: object[] = [];
    for (let turn = 0; turn < 30; turn++) {
      messages.push(user([text(`question ${turn}`)]), assistant);
      checker.scanned.length = 0;
      checker.sent({ messages });
      if (turn > 1) expect(checker.scanned.filter((each) => each.includes('question'))).toHaveLength(2);
    }
  });

  it('stay as they were sent when more follows', () => {
    const messages: object[] = [user([text('a'), text(GITHUB.slice(0, 20))]), user([text(GITHUB.slice(20))])];
    let before = checker.sent({ messages });
    for (let turn = 0; turn < 10; turn++) {
      messages.push(assistant, user([text(`question ${turn}`)]));
      const now = checker.sent({ messages });
      expect(now.startsWith(before.slice(0, -2))).toBe(true);
      before = now;
    }
  });
});
