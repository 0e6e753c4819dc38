// Encodings that turn bytes into a run of letters: base64 (both alphabets, broken over lines), base32, hex with or without
// delimiters, and what is packed inside them. A run is found by its alphabet and length; whether it meant anything shows
// only when what it holds is scanned.
import { gunzipSync, inflateSync } from 'node:zlib';
import { detectEncoding, narrow } from '../encoding.ts';

/** A stretch of the source and what it holds. */
export interface Run {
  start: number;
  end: number;
  encodings: readonly string[];
  bytes: Buffer;
}

/** Packed content that does not fit: it cannot be looked at, so it must not leave. */
export interface Unreadable {
  start: number;
  end: number;
  encodings: readonly string[];
}

const BASE64 =
  /[A-Za-z0-9+/_-]{16,}(?:(?:\s{1,80}|\\r\\n|\\n)[A-Za-z0-9+/_-]{16,}){0,20000}(?:(?:\r?\n[ \t]{0,80}|\\r\\n|\\n)[A-Za-z0-9+/_-]{1,16})?={0,2}/g;
const HEX = /(?:(?:\\x|0x)?[0-9a-fA-F]{2}(?:[:,-]\s?|\s)?){12,}/g;
const BASE32 = /[A-Z2-7]{24,}={0,6}/g;

/** Unpacked content may be this long at most. */
const MOST_UNPACKED = 32 << 20;

/** Every run in `text` (Latin-1 text of the source's bytes), decoded. */
export function runs(text: string): { runs: Run[]; unreadable: Unreadable[] } {
  const found: Run[] = [];
  for (const match of text.matchAll(BASE64)) pushBase64(found, match[0], match.index);
  for (const match of text.matchAll(HEX)) push(found, match, 'hex', hexBytes(match[0]));
  for (const match of text.matchAll(BASE32)) push(found, match, 'base32', base32Bytes(match[0]));
  const { runs: unpacked, unreadable } = unpack(found);
  return { runs: unpacked.map(readable).filter((run) => holdsText(run.bytes)), unreadable };
}

/** UTF-16 inside a run (as PowerShell takes its commands) as UTF-8. */
function readable(run: Run): Run {
  const detected = detectEncoding(run.bytes);
  return detected.encoding.startsWith('utf-16') ? { ...run, bytes: narrow(run.bytes, detected).bytes } : run;
}

/** A secret is text: what decodes to nothing but noise is not looked at again. */
function holdsText(bytes: Buffer): boolean {
  let printable = 0;
  for (const byte of bytes) {
    printable = byte >= 0x20 && byte < 0x7f ? printable + 1 : 0;
    if (printable >= LEAST_TEXT) return true;
  }
  return false;
}

const LEAST_TEXT = 10;

function push(found: Run[], match: RegExpMatchArray, encoding: string, bytes: Buffer): void {
  const start = match.index as number;
  const end = start + match[0].replace(/\s+$/, '').length;
  found.push({ start, end, encodings: [encoding], bytes });
}

/** Text glued to the front of a run shifts its groups of four, so it is read from each of four places. */
function pushBase64(found: Run[], run: string, start: number): void {
  const letters = run.replace(/\\[rn]|\s/g, '');
  const end = start + run.length;
  for (let shift = 0; shift < (isImage(letters) ? 1 : 4); shift++) {
    found.push({ start, end, encodings: ['base64'], bytes: Buffer.from(letters.slice(shift), 'base64') });
  }
}

/** PNG, JPEG, GIF and WebP begin at the front of their run. */
function isImage(letters: string): boolean {
  return /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR)/.test(letters);
}

function hexBytes(run: string): Buffer {
  return Buffer.from(run.replace(/\\x|0x|[^0-9a-fA-F]/g, ''), 'hex');
}

const ALPHABET32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32Bytes(run: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of run.replace(/=+$/, '')) {
    value = ((value << 5) | ALPHABET32.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

function unpack(found: readonly Run[]): { runs: Run[]; unreadable: Unreadable[] } {
  const unreadable: Unreadable[] = [];
  const runs = found.map((run) => {
    const packing = packingOf(run.bytes);
    if (packing === undefined) return run;
    const encodings = [...run.encodings, packing];
    try {
      return { ...run, encodings, bytes: unpackBytes(packing, run.bytes) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') unreadable.push({ ...run, encodings });
      // Anything else: two bytes looked like a header, and the rest was no packed content.
      return run;
    }
  });
  return { runs, unreadable };
}

function packingOf(bytes: Buffer): 'gzip' | 'zlib' | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8) return 'gzip';
  const zlib = bytes[0] === 0x78 && (bytes[0] * 256 + bytes[1]!) % 31 === 0;
  return zlib ? 'zlib' : undefined;
}

function unpackBytes(packing: 'gzip' | 'zlib', bytes: Buffer): Buffer {
  // A cut stream still gives what stood before the cut.
  const options = { maxOutputLength: MOST_UNPACKED, finishFlush: 2 };
  return packing === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
}
