// The bytes that escape sequences are made of (ECMA-48), as both readers here need them.

export const ESC = 0x1b;
export const BEL = 0x07;
export const CAN = 0x18;
export const SUB = 0x1a;
export const DEL = 0x7f;
/** `[` behind ESC begins a control sequence. */
export const BRACKET = 0x5b;
/** `\` behind ESC ends a string. */
export const BACKSLASH = 0x5c;
/** First byte of a control character of the upper range (U+0080 to U+009F) in UTF-8. */
export const UPPER = 0xc2;

/** Upper control characters, bare or behind `UPPER`; each stands for ESC and the byte 0x40 below. */
export function isUpper(byte: number): boolean {
  return byte >= 0x80 && byte < 0xa0;
}

/** An upper control character that is part of no letter in UTF-8, behind this byte. */
export function isUpperAfter(byte: number, last: number): boolean {
  return isUpper(byte) && (last === UPPER || last < 0x80);
}

/** Nothing in these bytes can begin a sequence. @param last the byte before them */
export function isPlain(bytes: Buffer, last: number): boolean {
  let before = last;
  for (const byte of bytes) {
    if (byte === ESC || byte === UPPER || isUpperAfter(byte, before)) return false;
    before = byte;
  }
  return true;
}

/** Without control characters, which terminals execute or skip in the middle of a sequence. */
export function readable(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes.filter((byte) => byte >= 0x20 && byte !== DEL));
}
