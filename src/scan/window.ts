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
/** A window that still has this much ahead serves the next hit too. */
const MULTI_LEAST = 8192;
const MULTI_GRID = 8192;
const TOKEN = 8192;

const NEWLINE = 10;

/** Bytes that can stand inside a credential: letters, digits and `+ / = _ . ~ % - :` */
const IN_TOKEN = new Uint8Array(256);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_.~%-:') {
  IN_TOKEN[char.charCodeAt(0)] = 1;
}

/** Finds windows in one text; remembers the last ones, because hits come in order and many share a line or a token. */
export class Windows {
  readonly #bytes: Uint8Array;
  #line: Window = { start: 0, end: -1 };
  #multiline: Window = { start: 0, end: -1 };
  /** A stretch without the end of a line: what was read of a long line is not read again for its next keyword. */
  #unbroken: Window = { start: 0, end: -1 };
  /** The runs of token bytes round the last left and right edges. */
  #left: Window = { start: 0, end: -1 };
  #right: Window = { start: 0, end: -1 };

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The window on the line round `[start, end)`. */
  line(start: number, end: number): Window {
    const bytes = this.#bytes;
    const known = this.#line;
    if (start >= known.start && end <= known.end && this.#isEdge(known.start - 1) && this.#isEdge(known.end))
      return known;
    const unbroken = this.#unbroken;
    const inside = start >= unbroken.start && end <= unbroken.end;
    const left = inside && start - BEFORE >= unbroken.start ? -1 : lineStart(bytes, start, start - BEFORE);
    const right = lineEnd(bytes, inside ? unbroken.end : end, end + AFTER);
    if (left < 0 && right < 0) {
      if (inside) unbroken.end = Math.max(end + AFTER, unbroken.end);
      else if (lineEnd(bytes, start, end) < 0) this.#unbroken = { start: start - BEFORE, end: end + AFTER };
    }
    this.#line = {
      start: left >= 0 ? left : this.#tokenStart(Math.max(snapDown(start - BEFORE, GRID), 0)),
      end: right >= 0 ? right : this.#tokenEnd(Math.min(snapUp(end + AFTER, GRID), bytes.length)),
    };
    return this.#line;
  }

  /** The window round `[start, end)` for a rule that may span lines. */
  multiline(start: number, end: number): Window {
    const length = this.#bytes.length;
    const known = this.#multiline;
    const left = known.start === 0 || start >= known.start + BEFORE;
    if (left && start >= known.start && (known.end === length || end + MULTI_LEAST <= known.end)) return known;
    this.#multiline = {
      start: this.#tokenStart(Math.max(snapDown(start - MULTI_BEFORE, GRID), 0)),
      end: this.#tokenEnd(Math.min(snapUp(end + MULTI_AFTER, MULTI_GRID), length)),
    };
    return this.#multiline;
  }

  #isEdge(at: number): boolean {
    return at < 0 || at >= this.#bytes.length || this.#bytes[at] === NEWLINE;
  }

  /** Runs are extended, never read again: a megabyte of one token costs one pass. */
  #tokenStart(at: number): number {
    const run = at >= this.#left.start && at <= this.#left.end ? this.#left : { start: at, end: at };
    const stop = Math.max(at - TOKEN, 0);
    while (run.start > stop && IN_TOKEN[this.#bytes[run.start - 1]!] === 1) run.start--;
    this.#left = run;
    return Math.max(run.start, stop);
  }

  #tokenEnd(at: number): number {
    const run = at >= this.#right.start && at <= this.#right.end ? this.#right : { start: at, end: at };
    const stop = Math.min(at + TOKEN, this.#bytes.length);
    while (run.end < stop && IN_TOKEN[this.#bytes[run.end]!] === 1) run.end++;
    this.#right = run;
    return Math.min(run.end, stop);
  }
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
