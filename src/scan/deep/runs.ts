// Encodings that turn bytes into a run of letters: base64 (both alphabets, broken over lines), base32, hex with or without
// delimiters, and what is packed inside them. A run is found by its alphabet and length; whether it meant anything shows
// only when what it holds is scanned.
import { gunzipSync, inflateSync } from 'node:zlib';
import { detectEncoding, narrow } from '../encoding.ts';
import { LEAST_TEXT, tellingAlignments } from './alignments.ts';
import { LEAST_BASE64, runSpans } from './run-spans.ts';

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

/** A run with those that lines join to it. */
const BASE64 =
  /[A-Za-z0-9+/_-]{16,}(?:(?:\s{1,80}|\\r\\n|\\n)[A-Za-z0-9+/_-]{16,}){0,20000}(?:(?:\r?\n[ \t]{0,80}|\\r\\n|\\n)[A-Za-z0-9+/_-]{1,16})?={0,2}/y;
const HEX = /(?:(?:\\x|0x)?[0-9a-fA-F]{2}(?:[:,-]\s?|\s)?){12,}/g;

/** Unpacked content may be this long at most. */
const MOST_UNPACKED = 32 << 20;

/** Every run in `bytes` that can hold text, decoded. */
export function runs(bytes: Buffer): { runs: Run[]; unreadable: Unreadable[] } {
  const found: Run[] = [];
  const spans = runSpans(bytes);
  const text = spans.base64.length === 0 ? '' : bytes.toString('latin1');
  let last = 0;
  for (const [start, end] of spans.base64) {
    const from = Math.max(start, last);
    if (end - from >= LEAST_BASE64) last = pushBase64(found, bytes, text, from);
  }
  for (const [start, end] of spans.hex) {
    for (const match of bytes.toString('latin1', start, end).matchAll(HEX))
      push(found, match[0], start + match.index, 'hex', hexBytes(match[0]));
  }
  for (const [start, end] of spans.base32) {
    const run = bytes.toString('latin1', start, end);
    found.push({ start, end: end + paddingAt(bytes, end), encodings: ['base32'], bytes: base32Bytes(run) });
  }
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

function push(found: Run[], run: string, start: number, encoding: string, bytes: Buffer): void {
  found.push({ start, end: start + run.trimEnd().length, encodings: [encoding], bytes });
}

const PADDING = 0x3d;

function paddingAt(bytes: Buffer, at: number): number {
  let length = 0;
  while (length < 6 && bytes[at + length] === PADDING) length++;
  return length;
}

/** Adds the readings of the run that begins at `start`; returns where it ends. */
function pushBase64(found: Run[], bytes: Buffer, text: string, start: number): number {
  BASE64.lastIndex = start;
  BASE64.test(text);
  const end = BASE64.lastIndex;
  const telling = tellingAlignments(bytes, start, end);
  if (telling === 0) return end;
  const letters = text.slice(start, end).replace(/\\[rn]|\s/g, '');
  for (let shift = 0; shift < (isImage(letters) ? 1 : 4); shift++) {
    if ((telling & (1 << shift)) === 0) continue;
    found.push({ start, end, encodings: ['base64'], bytes: Buffer.from(letters.slice(shift), 'base64') });
  }
  return end;
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
