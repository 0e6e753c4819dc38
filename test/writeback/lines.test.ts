import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeLines, splitLines, takeHunks } from '../../src/writeback/lines.ts';

const text = (...lines: string[]) => Buffer.from(lines.join('\n'), 'latin1');
const merged = (mine: Buffer, base: Buffer, theirs: Buffer) => mergeLines(mine, base, theirs)?.toString('latin1');
const anyText = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd', '\xff\n', '\r\n'), { maxLength: 12 })
  .map((lines) => Buffer.from(lines.join(''), 'latin1'));

describe('mergeLines', () => {
  const base = text('a', 'b', 'c', 'd', 'e', '');
  it.each([
    ['edits apart', text('A', 'b', 'c', 'd', 'e', ''), text('a', 'b', 'c', 'd', 'E', ''), 'A\nb\nc\nd\nE\n'],
    [
      'an insertion and a removal',
      text('a', 'new', 'b', 'c', 'd', 'e', ''),
      text('a', 'b', 'c', 'e', ''),
      'a\nnew\nb\nc\ne\n',
    ],
    ['the same edit twice', text('a', 'X', 'c', 'd', 'e', ''), text('a', 'X', 'c', 'd', 'e', ''), 'a\nX\nc\nd\ne\n'],
    ['two edits of one line', text('a', 'X', 'c', 'd', 'e', ''), text('a', 'Y', 'c', 'd', 'e', ''), undefined],
    ['an edit and a removal of one line', text('a', 'X', 'c', 'd', 'e', ''), text('a', 'c', 'd', 'e', ''), undefined],
    [
      'the last line end lost on one side',
      text('A', 'b', 'c', 'd', 'e', ''),
      text('a', 'b', 'c', 'd', 'e'),
      'A\nb\nc\nd\ne',
    ],
  ])('%s', (_description, mine, theirs, result) => {
    expect(merged(mine, base, theirs)).toBe(result);
    if (result !== undefined) expect(merged(theirs, base, mine)).toBe(result);
  });

  it('keeps bytes that are no UTF-8 and line ends as they are', () => {
    const odd = Buffer.from('\xff\xfe\r\nb\r\nc\r\n', 'latin1');
    const edited = Buffer.from('\xff\xfe\r\nb\r\nC\r\n', 'latin1');
    expect(mergeLines(odd, odd, edited)).toEqual(edited);
  });

  it('does not try binary content', () => {
    const binary = Buffer.from([0, 1, 2]);
    expect(mergeLines(binary, binary, binary)).toBeUndefined();
  });

  it('gives the other side where one did not change', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, edited) => {
        expect(mergeLines(edited, base, base)).toEqual(edited);
        expect(mergeLines(base, base, edited)).toEqual(edited);
      }),
    );
  });
});

describe('takeHunks', () => {
  it('takes all where nothing is refused, and none where all is', () => {
    fc.assert(
      fc.property(anyText, anyText, (base, edited) => {
        expect(takeHunks(base, edited, () => false)?.bytes).toEqual(edited);
        expect(takeHunks(base, edited, () => true)?.bytes).toEqual(base);
      }),
    );
  });

  it('leaves out the one that is refused', () => {
    const taken = takeHunks(text('a', 'b', 'c', 'd'), text('A', 'b', 'c', 'D'), (before) => before.startsWith('a'));
    expect(taken).toEqual({ bytes: text('a', 'b', 'c', 'D'), refused: 1 });
  });
});

describe('splitLines', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(anyText, (bytes) => {
        expect(Buffer.from(splitLines(bytes).join(''), 'latin1')).toEqual(bytes);
      }),
    );
  });
});
