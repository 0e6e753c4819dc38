// How bytes are read as text. Rules run over UTF-8 (or Latin-1) bytes as they are; UTF-16 is turned into UTF-8 first, and
// spans are carried back. Lone surrogates become three bytes each (as in WTF-8), so nothing is lost on the way back.
import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1';

export interface Detected {
  encoding: Encoding;
  /** Length of the byte order mark: 0, 2 or 3. */
  bom: number;
}

const SAMPLE = 4096;

/** Tells the encoding by byte order mark, then by where the NULs stand; `latin-1` is what is not valid UTF-8. */
export function detectEncoding(bytes: Uint8Array): Detected {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', bom: 3 };
  const wide = wideWithoutMark(bytes);
  if (wide !== undefined) return { encoding: wide, bom: 0 };
  return { encoding: 'utf-8', bom: 0 };
}

/** Whether bytes that are not UTF-16 are UTF-8; else they are read as Latin-1. Costs a pass, so ask only when it matters. */
export function isValidUtf8(bytes: Uint8Array): boolean {
  return isUtf8(bytes);
}

/** Mostly ASCII in UTF-16: nearly every second byte is NUL, always on the same side, and none on the other. */
function wideWithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length, SAMPLE) & ~1;
  // Nearly every text ends here, in a search that is no loop of ours.
  if (length < 8 || !bytes.subarray(0, length).includes(0)) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  const most = (length / 2) * 0.7;
  if (odd >= most && even === 0) return 'utf-16le';
  return even >= most && odd === 0 ? 'utf-16be' : undefined;
}

/** UTF-16 as UTF-8 bytes, and the byte offset in the original for each byte of it. */
export interface Narrowed {
  bytes: Buffer;
  /** Original byte offset of the character that each UTF-8 byte belongs to; one more entry for the end. */
  origin: Uint32Array;
}

/** Turns UTF-16 into UTF-8 (lone surrogates as three bytes). */
export function narrow(bytes: Uint8Array, { encoding, bom }: Detected): Narrowed {
  const big = encoding === 'utf-16be' ? 1 : 0;
  const units = (bytes.length - bom) >> 1;
  const out = Buffer.allocUnsafe(units * 3);
  const origin = new Uint32Array(units * 3 + 1);
  let length = 0;
  for (let unit = 0; unit < units; unit++) {
    const at = bom + unit * 2;
    let code = bytes[at + big]! | (bytes[at + 1 - big]! << 8);
    if (code >= 0xd800 && code < 0xdc00 && unit + 1 < units) {
      const low = bytes[at + 2 + big]! | (bytes[at + 3 - big]! << 8);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        unit++;
      }
    }
    const before = length;
    length = pushUtf8(out, length, code);
    origin.fill(at, before, length);
  }
  origin[length] = bom + units * 2;
  return { bytes: out.subarray(0, length), origin: origin.subarray(0, length + 1) };
}

/** Turns UTF-8 (lone surrogates as three bytes) into UTF-16 bytes. */
export function widen(utf8: Uint8Array, encoding: Encoding): Buffer {
  const units: number[] = [];
  for (let at = 0; at < utf8.length; ) {
    const lead = utf8[at]!;
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let code = size === 1 ? lead : lead & (0xff >> (size + 1));
    for (let next = 1; next < size; next++) code = (code << 6) | (utf8[at + next]! & 0x3f);
    if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else units.push(code);
    at += size;
  }
  const out = Buffer.allocUnsafe(units.length * 2);
  units.forEach((unit, index) => {
    if (encoding === 'utf-16be') out.writeUInt16BE(unit, index * 2);
    else out.writeUInt16LE(unit, index * 2);
  });
  return out;
}

function pushUtf8(out: Buffer, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6);
    out[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12);
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  out[at] = 0xf0 | (code >> 18);
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}
