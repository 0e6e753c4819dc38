// The stretch of text that a rule may look at round a keyword. Bounded, so that no input makes a rule read a text again
// and again; wide enough that no secret is cut: to the ends of the line, and on long lines to the ends of the token.
// On long lines windows snap to a grid, so that a keyword every few bytes does not make a window each.

export interface Window {
  start: number;
  end: number;
}

/** Bytes before and after a keyword on one line, then for rules that span lines, then the longest token. */
const BEFORE = 256;
const AFTER = 1024;
const GRID = 512;
const MULTI_BEFORE = 1024;
const MULTI_AFTER = 16_384;
const MULTI_GRID = 8192;
const TOKEN = 8192;

const NEWLINE = 10;

/** Bytes that can stand inside a credential: letters, digits and `+ / = _ . ~ % - :` */
const IN_TOKEN = new Uint8Array(256);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_.~%-:') {
  IN_TOKEN[char.charCodeAt(0)] = 1;
}

/** The window on the line round `[start, end)`. */
export function lineWindow(bytes: Uint8Array, start: number, end: number): Window {
  const left = lineStart(bytes, start, start - BEFORE);
  const right = lineEnd(bytes, end, end + AFTER);
  const from = left >= 0 ? left : tokenStart(bytes, Math.max(snapDown(start - BEFORE, GRID), 0));
  const to = right >= 0 ? right : tokenEnd(bytes, Math.min(snapUp(end + AFTER, GRID), bytes.length));
  return { start: from, end: to };
}

/** The window round `[start, end)` for a rule that may span lines. */
export function multilineWindow(bytes: Uint8Array, start: number, end: number): Window {
  const from = tokenStart(bytes, Math.max(snapDown(start - MULTI_BEFORE, GRID), 0));
  const to = tokenEnd(bytes, Math.min(snapUp(end + MULTI_AFTER, MULTI_GRID), bytes.length));
  return { start: from, end: to };
}

const snapDown = (at: number, grid: number) => Math.floor(at / grid) * grid;
const snapUp = (at: number, grid: number) => Math.ceil(at / grid) * grid;

/** The start of the line that `at` is on, or -1 when it lies before `least`. */
function lineStart(bytes: Uint8Array, at: number, least: number): number {
  const stop = Math.max(least, 0);
  for (let back = at; back > stop; back--) if (bytes[back - 1] === NEWLINE) return back;
  return least <= 0 ? 0 : -1;
}

function lineEnd(bytes: Uint8Array, at: number, most: number): number {
  const stop = Math.min(most, bytes.length);
  for (let ahead = at; ahead < stop; ahead++) if (bytes[ahead] === NEWLINE) return ahead;
  return most >= bytes.length ? bytes.length : -1;
}

function tokenStart(bytes: Uint8Array, at: number): number {
  const stop = Math.max(at - TOKEN, 0);
  let back = at;
  while (back > stop && IN_TOKEN[bytes[back - 1]!] === 1) back--;
  return back;
}

function tokenEnd(bytes: Uint8Array, at: number): number {
  const stop = Math.min(at + TOKEN, bytes.length);
  let ahead = at;
  while (ahead < stop && IN_TOKEN[bytes[ahead]!] === 1) ahead++;
  return ahead;
}
