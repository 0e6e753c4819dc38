import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import { type JsonNode, parseJson, textOf } from '../../src/gateway/json.ts';
import { applySplices, spliceString } from '../../src/gateway/splice.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

function read(bytes: Buffer, node: JsonNode): unknown {
  if (node.kind === 'string') return textOf(bytes, node);
  if (node.kind === 'array') return node.items.map((item) => read(bytes, item));
  if (node.kind === 'object')
    return Object.fromEntries(node.members.map(({ key, value }) => [key, read(bytes, value)]));
  return JSON.parse(bytes.toString('utf8', node.start, node.end));
}

describe('reading JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 2), (text, indent) => {
        const pretty = JSON.stringify(JSON.parse(text), null, indent);
        const bytes = Buffer.from(pretty);
        expect(JSON.stringify(read(bytes, parseJson(bytes)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 10_000 },
    );
  });

  it('never takes what JSON.parse refuses, and throws nothing but refusals', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0041tfn-1e. \n\u0001é') }), (text) => {
        let taken = true;
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          taken = false;
        }
        if (taken) JSON.parse(text);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['a key that stands twice', '{"a":1,"a":2}'],
    ['a key that stands twice in two spellings', '{"a":1,"\\u0061":2}'],
    ['bytes after the end', '{} {}'],
    ['a comma too many', '{"a":1,}'],
    ['a comment', '{/* */}'],
    ['single quotes', "{'a':1}"],
    ['a raw line end in a string', '"a\nb"'],
    ['a number with a leading zero', '01'],
    ['NaN', 'NaN'],
    ['a byte order mark', '\ufeff{}'],
    ['nothing', ''],
    ['deep nesting', `${'['.repeat(200)}${']'.repeat(200)}`],
    ['a bad escape', '"\\x41"'],
    ['half an escape', '"\\u00"'],
    ['a string without an end', '"abc'],
    ['a backslash at the end', '"abc\\'],
    ['words run together', '[truefalse]'],
    ['a very long number', '1'.repeat(100)],
  ])('refuses %s', (_what, text) => {
    expect(() => parse(text)).toThrow(Refusal);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow(/not UTF-8/);
    expect(() => parseJson(Buffer.from([0x22, 0xc0, 0xaf, 0x22]))).toThrow(/not UTF-8/);
  });
});

describe('splicing a string', () => {
  it('replaces exactly the given stretch, whatever escapes stand round it', () => {
    const spelt = fc.constantFrom(
      'a',
      '\\n',
      '\\u00e9',
      'é',
      '\\/',
      '"\\""'.slice(1, 3),
      '😀',
      '\\ud83d\\ude00',
      '\\\\',
      '中',
    );
    fc.assert(
      fc.property(fc.array(spelt), fc.array(spelt, { minLength: 1 }), fc.array(spelt), (before, middle, after) => {
        const literal = `"${before.join('')}${middle.join('')}${after.join('')}"`;
        const bytes = Buffer.from(` ${literal} `);
        const node = parseJson(bytes) as Extract<JsonNode, { kind: 'string' }>;
        const start = JSON.parse(`"${before.join('')}"`).length;
        const end = start + JSON.parse(`"${middle.join('')}"`).length;
        const out = applySplices(bytes, spliceString(bytes, node, [{ start, end, text: 'X"\n' }]));
        expect(out.toString()).toBe(` "${before.join('')}X\\"\\n${after.join('')}" `);
      }),
      { numRuns: 10_000 },
    );
  });
});
