// What is shown to a person may come from a repository: a file name can hold an escape sequence, turn the line around or hide.
// Every path, host, rule or message goes through `escapeForTerminal` before it reaches a terminal.

/** Controls (line feed too), formats (bidi, zero-width, tags), separators, lone surrogates, private use, and letters drawn as nothing. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Makes what could drive a terminal or deceive a reader visible, as `\u{hex}`; other text stays as it is, on one line. */
export function escapeForTerminal(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** Paints text; each method gives its text back unpainted where the terminal has no colour or the person wants none. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** SGR codes: on, off (ECMA-48, 8.3.117). */
const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/**
 * Paint for a stream. Off when it is no terminal, when TERM is `dumb`, and when NO_COLOR is set and not empty
 * (https://no-color.org); FORCE_COLOR counts where NO_COLOR does not stand.
 */
export function createPaint(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Paint {
  const on = wantsColour(stream, env);
  const paint =
    ([start, end]: readonly [number, number]) =>
    (text: string) =>
      on ? `\x1b[${start}m${text}\x1b[${end}m` : text;
  return {
    bold: paint(CODES.bold),
    dim: paint(CODES.dim),
    red: paint(CODES.red),
    green: paint(CODES.green),
    yellow: paint(CODES.yellow),
  };
}

function wantsColour(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}
