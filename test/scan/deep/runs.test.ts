// Runs are found by a look at each byte and judged before they are decoded; the plain way decodes all of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellingAlignments } from '../../../src/scan/deep/alignments.ts';
import { runs } from '../../../src/scan/deep/runs.ts';

const BASE64 =
  /[A-Za-z0-9+/_-]{16,}(?:(?:\s{1,80}|\\r\\n|\\n)[A-Za-z0-9+/_-]{16,}){0,20000}(?:(?:\r?\n[ \t]{0,80}|\\r\\n|\\n)[A-Za-z0-9+/_-]{1,16})?={0,2}/g;
const HEX = /(?:(?:\\x|0x)?[0-9a-fA-F]{2}(?:[:,-]\s?|\s)?){12,}/g;
const BASE32 = /[A-Z2-7]{24,}={0,6}/g;

/** Printable bytes in a row, enough to be looked at. */
const holdsText = (bytes: Buffer) => /[\x20-\x7e]{10}/.test(bytes.toString('latin1'));

const plain = Buffer.from('password = "Gh7kQ2vX9mT4zR8w"');
const base32 = 'OBQXG43XN5ZGIPJCI5UDO22RGJ3FQOLNKQ2HUURYO4RA';
const pieces = fc.constantFrom(
  plain.toString('base64'),
  plain.toString('base64url').slice(3),
  plain.toString('hex'),
  [...plain].map((byte) => `\\x${byte.toString(16)}`).join(''),
  base32,
  `${base32}====`,
  'some_long_method_name_of_a_program',
  'AnotherIdentifierInCamelCase',
  'abcdef0123456789abcdef01',
  ...['\n', '\\n', '\\r\\n', ' ', '\t', '=', '"', ': ', 'x', '\r\n  ', 'QUJD', '-', '0x', '\xa0', ', '],
);

describe('runs', () => {
  it('are those that an expression over the whole text finds, where they hold text', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
        const text = list.join('');
        const bytes = Buffer.from(text, 'latin1');
        const expected: string[] = [];
        for (const match of text.matchAll(BASE64)) {
          const letters = match[0].replace(/\\[rn]|\s/g, '');
          for (let shift = 0; shift < 4; shift++) {
            const decoded = Buffer.from(letters.slice(shift), 'base64');
            if (holdsText(decoded)) expected.push(`base64 ${match.index} ${decoded.toString('hex')}`);
          }
        }
        for (const match of text.matchAll(HEX)) {
          const decoded = Buffer.from(match[0].replace(/\\x|0x|[^0-9a-fA-F]/g, ''), 'hex');
          if (holdsText(decoded)) expected.push(`hex ${match.index} ${decoded.toString('hex')}`);
        }
        const seen = runs(bytes).runs.map((run) => `${run.encodings} ${run.start} ${run.bytes.toString('hex')}`);
        const of32 = [...text.matchAll(BASE32)].map(({ index, 0: run }) => `${index} ${index + run.length}`);
        const seen32 = runs(bytes).runs.filter(({ encodings }) => encodings[0] === 'base32');
        for (const { start, end } of seen32) expect(of32).toContain(`${start} ${end}`);
        expect(seen.filter((one) => !one.startsWith('base32'))).toEqual(expected);
        found += expected.length + seen32.length;
      }),
      { numRuns: 3000 },
    );
    expect(found).toBeGreaterThan(3000);
  });
});

describe('the alignments of a run that tell something', () => {
  it('hold every one whose bytes are text, packed, or text in UTF-16', () => {
    const gzip = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);
    const zlib = Buffer.from([0x78, 0x9c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const wide = Buffer.from('open sesame 1', 'utf16le');
    const glue = fc.constantFrom('', 'a', 'ab', 'abc');
    fc.assert(
      fc.property(glue, fc.constantFrom(plain, gzip, zlib, wide), (front, content) => {
        const run = Buffer.from(front + content.toString('base64').replace(/=/g, ''));
        expect(tellingAlignments(run, 0, run.length) & (1 << front.length)).not.toBe(0);
      }),
    );
  });

  it('are none where a name of a program stands', () => {
    const name = Buffer.from('some_long_method_name_of_a_program');
    expect(tellingAlignments(name, 0, name.length)).toBe(0);
  });
});
