// Text glued to the front of a run of base64 shifts its groups of four letters, so a run has four readings; and most runs are names in
// code, of which no reading is text. All four are read at once here, without decoding any of them.

/** Printable bytes in a row that make decoded content worth a look. */
export const LEAST_TEXT = 10;

const NONE = 255;
const VALUE = new Uint8Array(256).fill(NONE);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((letter, value) => {
  VALUE[letter.charCodeAt(0)] = value;
});
VALUE['-'.charCodeAt(0)] = 62;
VALUE['_'.charCodeAt(0)] = 63;

const BACKSLASH = 0x5c;
/** First bytes of gzip and zlib. */
const GZIP = 0x1f;
const ZLIB = 0x78;

/**
 * The readings of the run `[start, end)` that can hold text or packed content, as bits: bit `s` for a reading that begins at its letter
 * `s`. NULs do not end a row, because text in UTF-16 has one beside each letter.
 */
export function tellingAlignments(bytes: Uint8Array, start: number, end: number): number {
  const rows = [0, 0, 0, 0];
  let telling = 0;
  let letter = 0;
  let before = 0;
  for (let at = start; at < end; at++) {
    const value = VALUE[bytes[at]!]!;
    if (value === NONE) {
      // `\n` and `\r` as they are written join lines; their letter is none of the run's.
      if (bytes[at] === BACKSLASH) at++;
      continue;
    }
    if (letter > 0) {
      const first = ((before << 2) | (value >> 4)) & 0xff;
      if (letter <= 4 && (first === GZIP || first === ZLIB)) telling |= 1 << (letter - 1);
      telling |= take((letter - 1) & 3, first);
      telling |= take((letter - 2) & 3, ((before & 15) << 4) | (value >> 2));
      telling |= take((letter - 3) & 3, ((before & 3) << 6) | value);
    }
    before = value;
    letter++;
  }
  return telling;

  function take(alignment: number, byte: number): number {
    if (byte >= 0x20 && byte < 0x7f) {
      rows[alignment]!++;
      return rows[alignment]! >= LEAST_TEXT ? 1 << alignment : 0;
    }
    if (byte !== 0) rows[alignment] = 0;
    return 0;
  }
}
