// Laws: restore(redact(x)) is x, redacting twice changes nothing more, lines never move. The spans are arbitrary here:
// the laws hold whatever a scanner finds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault, redactBytes, redactText, restoreBytes, restoreText } from '../../src/redact/index.ts';
import { detectEncoding, type Finding } from '../../src/scan/index.ts';

const rule = fc.constantFrom('github.token', 'generic.password', 'a.b-c', 'pem.key');
const cuts = fc.array(fc.tuple(fc.nat(), rule), { maxLength: 12 });

/** Turns arbitrary numbers into sorted spans that never overlap. */
function findingsOf(length: number, raw: readonly (readonly [number, string])[]): Finding[] {
  const points = [...new Set(raw.map(([at]) => at % (length + 1)))].sort((a, b) => a - b);
  const found: Finding[] = [];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [start, end] = [points[at]!, points[at + 1]!];
    found.push({ rule: raw[at]![1], start, end, startUtf16: start, endUtf16: end, confidence: 'certain' });
  }
  return found;
}

const lines = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split('\n').length;

describe('bytes', () => {
  const pieces = fc.constantFrom('\n', '\r\n', '  ', 'abc', 'deadbeef', '_', '"', 'key: ', 'REDACTED_', '\\n', '\xe9');
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => new Uint8Array(Buffer.from(parts.join(''), 'latin1'))),
  );

  it('restores what it redacted, and keeps the number of lines', () => {
    fc.assert(
      fc.property(bytes, cuts, (given, raw) => {
        // Spans in UTF-16 files are whole units after the mark; those have a law of their own below.
        fc.pre(!detectEncoding(given).encoding.startsWith('utf-16'));
        const vault = createVault();
        const { bytes: redacted, placed } = redactBytes(given, findingsOf(given.length, raw), (one, secret) =>
          vault.place(one, secret, 'f'),
        );
        const back = restoreBytes(redacted, vault.lookup);
        expect(Buffer.from(back.bytes).equals(Buffer.from(given))).toBe(true);
        expect(back.restored).toEqual(placed);
        expect(lines(redacted)).toBe(lines(given));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('lines of a secret', () => {
  it('keep a letter whose last byte is a blank in Latin-1', () => {
    const given = Buffer.from('key: one à\ntwo à\n');
    const finding = {
      rule: 'a.b',
      start: 5,
      end: given.length,
      startUtf16: 5,
      endUtf16: 16,
      confidence: 'likely',
    } as const;
    const vault = createVault();
    const { bytes } = redactBytes(given, [finding], (one, secret) => vault.place(one, secret, 'f'));
    expect(Buffer.from(bytes).toString()).toMatch(/^key: REDACTED_a_b_[0-9a-f]{8}\nREDACTED_a_b_[0-9a-f]{8}\n$/);
  });
});

describe('UTF-16 files', () => {
  it.each(['utf16le', 'utf16be'])('in %s get placeholders in UTF-16 and come back as they were', (encoding) => {
    const bytesOf = (text: string) => {
      const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
      return encoding === 'utf16be' ? bytes.swap16() : bytes;
    };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), cuts, (text, raw) => {
        const given = bytesOf(text);
        const findings = findingsOf(text.length, raw).map((one) => ({
          ...one,
          start: 2 + one.start * 2,
          end: 2 + one.end * 2,
        }));
        const vault = createVault();
        const { bytes: redacted, placed } = redactBytes(given, findings, (one, secret) =>
          vault.place(one, secret, 'f'),
        );
        for (const placeholder of placed) {
          expect(Buffer.from(redacted).includes(bytesOf(placeholder).subarray(2))).toBe(true);
        }
        expect(Buffer.from(restoreBytes(redacted, vault.lookup).bytes).equals(given)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('text', () => {
  it('restores what it redacted, lone surrogates as well', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), cuts, (given, raw) => {
        const vault = createVault();
        const findings = findingsOf(given.length, raw);
        const { text } = redactText(given, findings, (one, secret) => vault.place(one, secret, 'f'));
        expect(restoreText(text, vault.lookup).text).toBe(given);
      }),
      { numRuns: 2000 },
    );
  });
});
