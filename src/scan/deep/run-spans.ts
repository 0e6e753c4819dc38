// Where runs of base64, hex and base32 can stand, told by one look at each byte; expressions then read only there.

type Span = readonly [start: number, end: number];

/** Stretches of a text, by what can stand there. */
export interface RunSpans {
  /** Letters only, without what may join them to the next ones. */
  base64: Span[];
  hex: Span[];
  base32: Span[];
}

/** Least letters of each kind of run, and digits of a run of hex. */
export const LEAST_BASE64 = 16;
const LEAST_BASE32 = 24;
const LEAST_DIGITS = 24;

const IS_BASE64 = 1;
const IS_BASE32 = 2;
const IS_HEX = 4;
const IS_DIGIT = 8;

const KINDS = new Uint8Array(256);
const mark = (chars: string, kind: number) => {
  for (const char of chars) KINDS[char.charCodeAt(0)]! |= kind;
};
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
mark(`${UPPER}${UPPER.toLowerCase()}0123456789+/_-`, IS_BASE64);
mark(`${UPPER}234567`, IS_BASE32);
mark('0123456789abcdefABCDEF', IS_HEX | IS_DIGIT);
// What can stand between the digits: `0x`, `\x`, delimiters, and all that `\s` takes of one byte.
mark('x\\:,- \t\n\v\f\r\xa0', IS_HEX);

export function runSpans(bytes: Uint8Array): RunSpans {
  const spans: RunSpans = { base64: [], hex: [], base32: [] };
  let base64 = 0;
  let base32 = 0;
  let hex = 0;
  let digits = 0;
  for (let at = 0; at <= bytes.length; at++) {
    // Behind the last byte every run ends.
    const kind = at < bytes.length ? KINDS[bytes[at]!]! : 0;
    if ((kind & IS_BASE64) === 0) {
      if (at - base64 >= LEAST_BASE64) spans.base64.push([base64, at]);
      base64 = at + 1;
    }
    if ((kind & IS_BASE32) === 0) {
      if (at - base32 >= LEAST_BASE32) spans.base32.push([base32, at]);
      base32 = at + 1;
    }
    if ((kind & IS_HEX) === 0) {
      if (digits >= LEAST_DIGITS) spans.hex.push([hex, at]);
      hex = at + 1;
      digits = 0;
    } else if ((kind & IS_DIGIT) !== 0) digits++;
  }
  return spans;
}
