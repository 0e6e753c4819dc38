import { describe, expect, it } from 'vitest';
import { readPlainly } from '../../../src/scan/deep/plainly.ts';
import { sourceSpan } from '../../../src/scan/deep/view.ts';

const plainly = (text: string) => readPlainly(Buffer.from(text));

describe('readPlainly', () => {
  it.each([
    ['ordinary text', 'const a = b && c; // 100 %, x=42, y=10\n'],
    ['text of other languages', 'Grüße, élève, 中文, русский, ελληνικά, “quotes” – and dashes…'],
    ['an empty text', ''],
    ['a lone escape character', 'a\x1bb'],
  ])('has nothing to say of %s', (_what, text) => {
    expect(plainly(text)).toBeUndefined();
  });

  it('has nothing to say of bytes that are no UTF-8', () => {
    expect(readPlainly(Buffer.from([0x61, 0xe2, 0x80, 0x61, 0xff, 0xc2]))).toBeUndefined();
  });

  it('knows where each of its bytes stands', () => {
    const text = 'é a&#98;c\u200bd=3De';
    const view = plainly(text)!;
    const at = view.bytes.indexOf('bcd=e');
    const [start, end] = sourceSpan(view, at, at + 5);
    expect(Buffer.from(text).subarray(start, end).toString()).toBe('&#98;c\u200bd=3De');
    expect(view.encodings).toEqual(['quoted-printable', 'entity', 'unicode']);
  });

  it('looks again only near what it undid', () => {
    const line = `${'some words of an ordinary line '.repeat(3)}\n`;
    const far = line.repeat(1000);
    const view = plainly(`${far}here\u200b\n${far}there\u00ad\n${far}`)!;
    expect(view.bytes.length).toBeLessThan(12_000);
    expect(view.bytes.toString()).toMatch(/here\n[\s\S]*there\n/);
    // Windows begin and end with lines: half a word at an edge could be taken for a whole one.
    for (const each of view.bytes.toString().split('\n'))
      expect(['', 'here', 'there', line.trimEnd()]).toContain(each.trimEnd());
  });
});
