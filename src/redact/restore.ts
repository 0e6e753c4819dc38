// Placeholders become their secrets again. What follows a placeholder in the text may look like more of it (`..._12345678`
// and then `f00`, or `_deadbeef`), so the longest one that the vault knows is taken, never the longest that could be one.
import { detectEncoding, isValidUtf8, narrow, widen } from '../scan/index.ts';
import { isBare } from './placeholder.ts';

/** Finds a placeholder's secret: the vault's `lookup`. */
export type Lookup = (placeholder: string) => { secret: string } | undefined;

/** A placeholder that is none of this session: garbled or invented. */
export interface Unknown {
  /** Line in the text, from 1. */
  line: number;
  /** What stands there; never a secret. */
  placeholder: string;
}

/** A placeholder that stands in a text; offsets in units of that text. */
export interface Standing {
  placeholder: string;
  start: number;
  end: number;
  secret: string;
}

export interface Restored {
  /** Placeholders that were restored, in order. */
  restored: string[];
  unknown: Unknown[];
}

/** Restores a file's bytes; UTF-16 files are read as such. */
export function restoreBytes(bytes: Uint8Array, lookup: Lookup): Restored & { bytes: Uint8Array } {
  const detected = detectEncoding(bytes);
  const wide = detected.encoding.startsWith('utf-16');
  const narrowed = wide ? narrow(bytes, detected) : undefined;
  const view = narrowed?.bytes ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!mayHold(view)) return { bytes, restored: [], unknown: [] };
  const { standing, unknown } = findPlaceholders(view.toString('latin1'), lookup);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const one of standing) {
    const secret = Buffer.from(one.secret, 'latin1');
    parts.push(bytes.subarray(from, narrowed?.origin[one.start] ?? one.start));
    parts.push(wide ? widen(secret, detected.encoding) : secret);
    from = narrowed?.origin[one.end] ?? one.end;
  }
  parts.push(bytes.subarray(from));
  const restored = standing.map((one) => one.placeholder);
  return { bytes: standing.length === 0 ? bytes : Buffer.concat(parts), restored, unknown };
}

/** {@link restoreBytes} on text. */
export function restoreText(text: string, lookup: Lookup): Restored & { text: string } {
  const { standing, unknown } = findPlaceholders(text, lookup);
  let out = '';
  let from = 0;
  for (const one of standing) {
    out += text.slice(from, one.start) + textOf(one.secret);
    from = one.end;
  }
  return { text: out + text.slice(from), restored: standing.map((one) => one.placeholder), unknown };
}

/** Every placeholder in a text that `lookup` knows, and the lines of what only looks like one. */
export function findPlaceholders(text: string, lookup: Lookup): { standing: Standing[]; unknown: Unknown[] } {
  const standing: Standing[] = [];
  const unknown: Unknown[] = [];
  const like = new RegExp(LIKE_ONE);
  let line = 1;
  let counted = 0;
  for (let match = like.exec(text); match !== null; match = like.exec(text)) {
    const known = longestKnown(text, match[0], match.index, lookup);
    // At this point the match may hold more than one placeholder, written without anything between them.
    like.lastIndex = known?.end ?? match.index + START.length;
    if (known !== undefined) standing.push(known);
    else if (GARBLED.test(match[0])) {
      for (; counted < match.index; counted++) if (text.charCodeAt(counted) === 10) line++;
      unknown.push({ line, placeholder: match[0].slice(0, 120) });
    }
  }
  return { standing, unknown };
}

const START = 'REDACTED_';

/** Any case: a model that changes the case of a placeholder has garbled it. A slug and its digits are under 200 long. */
const LIKE_ONE = /REDACTED_[A-Za-z0-9_]{0,200}/gi;
const GARBLED = /_[0-9a-f]{4,}/i;

function longestKnown(whole: string, text: string, at: number, lookup: Lookup): Standing | undefined {
  for (let length = text.length; length > START.length + 8; length--) {
    if (!/_(?:[0-9a-f]{16}|[0-9a-f]{8})$/.test(text.slice(0, length).slice(-17))) continue;
    const placeholder = text.slice(0, length);
    const entry = lookup(placeholder);
    if (entry !== undefined) return standingAt(whole, at, placeholder, entry.secret);
  }
  return undefined;
}

/** A number's placeholder takes its quotes along. */
function standingAt(text: string, start: number, placeholder: string, secret: string): Standing {
  const end = start + placeholder.length;
  const quoted = isBare(placeholder) && text[start - 1] === '"' && text[end] === '"';
  return quoted ? { placeholder, start: start - 1, end: end + 1, secret } : { placeholder, start, end, secret };
}

function mayHold(bytes: Buffer): boolean {
  return bytes.includes(START) || /redacted_/i.test(bytes.toString('latin1'));
}

/** Latin-1 text of UTF-8 bytes as text. */
function textOf(secret: string): string {
  const bytes = Buffer.from(secret, 'latin1');
  if (!isValidUtf8(bytes) && !/\xed[\xa0-\xbf]/.test(secret)) return secret;
  return widen(bytes, 'utf-16le').toString('utf16le');
}
