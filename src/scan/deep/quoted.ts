// Quoted-printable, as mail is sent: `=3D` for a character, `=` at the end of a line that goes on.
import { type View, ViewBuilder } from './view.ts';

const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
/** Lines of mail are broken when they are full; shorter ones that end in an equals sign are settings without a value. */
const LONG_LINE = 60;
const MANY = 3;
const MANY_MARKS = 2;

/** The text with quoted-printable undone; undefined where nothing looks like it. */
export function undoQuoted(source: Buffer): View | undefined {
  if (!isQuoted(source)) return undefined;
  const view = new ViewBuilder(source);
  let from = 0;
  for (let at = source.indexOf(EQUALS); at >= 0; at = source.indexOf(EQUALS, at + 1)) {
    const softened = breakAt(source, at);
    const byte = softened > 0 ? undefined : byteAt(source, at);
    if (softened === 0 && byte === undefined) continue;
    view.copy(from, at);
    if (byte !== undefined) view.push([byte], at);
    from = at + (softened || 3);
  }
  view.copy(from, source.length);
  return view.done('quoted-printable');
}

/** Told by a full line that goes on, or by what no program writes by chance: `=3D`, marks, or several characters in a row. */
function isQuoted(source: Buffer): boolean {
  let row = 0;
  let marks = 0;
  let before = -3;
  for (let at = source.indexOf(EQUALS); at >= 0; at = source.indexOf(EQUALS, at + 1)) {
    if (breakAt(source, at) > 0 && at - source.lastIndexOf(LINE_FEED, at) > LONG_LINE) return true;
    const byte = byteAt(source, at);
    if (byte === undefined) continue;
    row = at === before + 3 ? row + 1 : 1;
    before = at;
    if (isMark(byte)) marks++;
    if (byte === EQUALS || row >= MANY || marks >= MANY_MARKS) return true;
  }
  return false;
}

/** Printable, and neither letter nor digit. */
function isMark(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !/[A-Za-z0-9]/.test(String.fromCharCode(byte));
}

/** Length of a line end that is none, 0 when there is no such thing. */
function breakAt(source: Buffer, at: number): 0 | 2 | 3 {
  if (source[at + 1] === LINE_FEED) return 2;
  return source[at + 1] === 0x0d && source[at + 2] === LINE_FEED ? 3 : 0;
}

function byteAt(source: Buffer, at: number): number | undefined {
  const high = digitOf(source[at + 1]);
  const low = high < 0 ? -1 : digitOf(source[at + 2]);
  return low < 0 ? undefined : high * 16 + low;
}

/** Value of a digit, capitals only; -1 for anything else. */
function digitOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : -1;
}
