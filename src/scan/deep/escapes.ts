// Encodings that change single characters: percent-encoding, and the escapes of JSON, shells and source code.
import { type View, ViewBuilder } from './view.ts';

const PERCENT = 0x25;
const BACKSLASH = 0x5c;

/** The text with `%41` undone; undefined when there is none. */
export function undoPercent(source: Buffer): View | undefined {
  let at = source.indexOf(PERCENT);
  if (at < 0) return undefined;
  const view = new ViewBuilder(source);
  let from = 0;
  let undone = 0;
  for (; at >= 0; at = source.indexOf(PERCENT, at + 1)) {
    const byte = hexAt(source, at + 1, 2);
    if (at < from || byte === undefined) continue;
    view.copy(from, at);
    view.push([byte], at);
    from = at + 3;
    undone++;
  }
  if (undone === 0) return undefined;
  view.copy(from, source.length);
  return view.done('percent');
}

/** The text with `\u0041`, `\x41`, `\101`, `\n`, `\/` and any other backslash undone; undefined when there is none. */
export function undoEscapes(source: Buffer): View | undefined {
  let at = source.indexOf(BACKSLASH);
  if (at < 0) return undefined;
  const view = new ViewBuilder(source);
  let from = 0;
  for (; at >= 0; at = source.indexOf(BACKSLASH, Math.max(at + 1, from))) {
    const { bytes, length } = escapeAt(source, at);
    view.copy(from, at);
    view.push(bytes, at);
    from = at + length;
  }
  view.copy(from, source.length);
  return view.done('escape');
}

const LETTERS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12, v: 11 };

/** What the escape at a backslash stands for, and how long it is. */
function escapeAt(source: Buffer, at: number): { bytes: readonly number[]; length: number } {
  const letter = String.fromCharCode(source[at + 1] ?? 0);
  if (letter === 'u' || letter === 'x') {
    const digits = letter === 'u' ? 4 : 2;
    const code = hexAt(source, at + 2, digits);
    if (code !== undefined) return { bytes: utf8Of(code), length: 2 + digits };
  }
  if (letter === 'u' && source[at + 2] === 0x7b) return bracedAt(source, at);
  const octal = /^[0-3][0-7]{2}/.exec(source.toString('latin1', at + 1, at + 4));
  if (octal !== null) return { bytes: [Number.parseInt(octal[0], 8)], length: 4 };
  if (letter in LETTERS) return { bytes: [LETTERS[letter]!], length: 2 };
  // A backslash before anything else only quotes it; before a line end it joins the lines.
  return letter === '\n' ? { bytes: [], length: 2 } : { bytes: [], length: 1 };
}

function bracedAt(source: Buffer, at: number): { bytes: readonly number[]; length: number } {
  const match = /^\{([0-9a-f]{1,6})\}/i.exec(source.toString('latin1', at + 2, at + 10));
  const code = match === null ? Number.NaN : Number.parseInt(match[1]!, 16);
  if (!(code < 0xd800)) return { bytes: [], length: 1 };
  return { bytes: utf8Of(code), length: 2 + match![0].length };
}

function utf8Of(code: number): readonly number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
}

function hexAt(source: Buffer, at: number, digits: number): number | undefined {
  let value = 0;
  for (let index = at; index < at + digits; index++) {
    const digit = HEX[source[index] ?? 0]!;
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

const HEX = Int8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? -1 : value;
});
