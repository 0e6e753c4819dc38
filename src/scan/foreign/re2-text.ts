// How one character, or a range of them, is written in a JavaScript expression without flags of its own.

/** RE2's flags: any case, lines, a dot that takes line feeds, repetitions that take little. */
export interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  U: boolean;
}

const LETTER = /^[A-Za-z]$/;

/** The flags after `(?on-off)`. */
export function withFlags(flags: Flags, on: string, off = ''): Flags {
  const changed = { ...flags };
  for (const flag of on) changed[flag as keyof Flags] = true;
  for (const flag of off) changed[flag as keyof Flags] = false;
  return changed;
}

/** A character outside of a class. */
export function literal(char: string, flags: Flags): string {
  if (flags.i && LETTER.test(char)) return `[${char.toLowerCase()}${char.toUpperCase()}]`;
  if (char < ' ') return hex(char.charCodeAt(0));
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

/** A range of a class, in both cases where case does not count. */
export function range(from: string, to: string, { i }: Flags): string {
  const written = (low: string, high: string) => (low === high ? member(low) : `${member(low)}-${member(high)}`);
  const own = written(from, to);
  if (!i) return own;
  const letters = (first: string, last: string) => {
    const low = from > first ? from : first;
    const high = to < last ? to : last;
    return low > high ? undefined : ([low, high] as const);
  };
  const lower = letters('a', 'z');
  const upper = letters('A', 'Z');
  return (
    own +
    (lower === undefined ? '' : written(lower[0].toUpperCase(), lower[1].toUpperCase())) +
    (upper === undefined ? '' : written(upper[0].toLowerCase(), upper[1].toLowerCase()))
  );
}

function member(char: string): string {
  if (char < ' ') return hex(char.charCodeAt(0));
  return /[\\\]^[-]/.test(char) ? `\\${char}` : char;
}

export const hex = (code: number) => `\\x${code.toString(16).padStart(2, '0')}`;
