// Keeps track of what the program in the session switched on in the terminal, so that a question can stand over its screen
// and everything is as it was afterwards. The question is drawn on the alternate screen; the main one, with its cursor, is
// kept by the terminal itself.

/** Modes that would get in the way of a question: mouse, focus, bracketed paste, application cursor keys, hidden cursor. */
const WATCHED = new Set([1, 25, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2031]);
const ALTERNATE = new Set([47, 1047, 1049]);
const ON_AT_START = new Set([25]);

export interface ModeTracker {
  /** Reads output of the program on its way to the terminal. */
  feed(output: Uint8Array | string): void;
  /** The program draws on the alternate screen itself, so it must repaint after a question: resize its pty and back. */
  readonly alternate: boolean;
  /** What to write before a question. */
  suspend(): string;
  /** What to write after it. */
  resume(): string;
}

/** Starts tracking; everything is as in a fresh terminal. */
export function createModeTracker(): ModeTracker {
  const on = new Set<number>(ON_AT_START);
  let alternate = false;
  let kitty = 0;
  /** xterm's modifyOtherKeys level. */
  let otherKeys = '';
  let kept = '';
  return {
    get alternate() {
      return alternate;
    },
    feed(output) {
      const text = kept + (typeof output === 'string' ? output : Buffer.from(output).toString('latin1'));
      for (const sequence of text.matchAll(/\x1b(?:\[([?><=]?)([\d;]*)([hlum])|c)/g)) take(sequence);
      // A sequence may be cut in two; more than this no sequence of interest is long.
      kept = /\x1b(?:\[[?><=]?[\d;]{0,40})?$/.exec(text)?.[0] ?? '';
    },
    suspend() {
      const off = changed().map((mode) => set(mode, !on.has(mode)));
      const screen = alternate ? '' : '\x1b[?1049h';
      const keys = `${kitty > 0 ? '\x1b[>0u' : ''}${otherKeys === '' ? '' : '\x1b[>4;0m'}`;
      return `${off.join('')}${screen}${keys}\x1b[?2004h\x1b[0m\x1b[2J\x1b[H`;
    },
    resume() {
      const back = changed().map((mode) => set(mode, on.has(mode)));
      const screen = alternate ? '\x1b[0m\x1b[2J\x1b[H' : '\x1b[0m\x1b[?1049l';
      const paste = on.has(2004) ? '' : '\x1b[?2004l';
      const keys = `${kitty > 0 ? '\x1b[<u' : ''}${otherKeys === '' ? '' : `\x1b[>4;${otherKeys}m`}`;
      return `${keys}${paste}${screen}${back.join('')}${set(25, on.has(25))}`;
    },
  };

  /** Modes that are not as in a fresh terminal. */
  function changed(): number[] {
    return [...WATCHED].filter((mode) => on.has(mode) !== ON_AT_START.has(mode));
  }

  function take([whole, prefix, numbers = '', final]: RegExpMatchArray): void {
    if (whole === '\x1bc') reset();
    else if (final === 'u') takeKitty(prefix ?? '', numbers);
    else if (final === 'm') takeOtherKeys(prefix ?? '', numbers);
    else if (prefix === '?') for (const mode of numbers.split(';').map(Number)) takeMode(mode, final === 'h');
  }

  function takeMode(mode: number, high: boolean): void {
    if (ALTERNATE.has(mode)) alternate = high;
    else if (high) on.add(mode);
    else on.delete(mode);
  }

  function takeKitty(prefix: string, numbers: string): void {
    if (prefix === '>') kitty++;
    if (prefix === '<') kitty = Math.max(0, kitty - (Number(numbers) || 1));
  }

  function takeOtherKeys(prefix: string, numbers: string): void {
    if (prefix === '>' && /^4(;|$)/.test(numbers)) otherKeys = numbers.slice(2).replace(/^0$/, '');
  }

  function reset(): void {
    on.clear();
    for (const mode of ON_AT_START) on.add(mode);
    alternate = false;
    kitty = 0;
    otherKeys = '';
  }
}

const set = (mode: number, high: boolean) => `\x1b[?${mode}${high ? 'h' : 'l'}`;
