// Lines never move: a secret that spans lines becomes one placeholder a line. Indentation, trailing blanks and line ends
// stay, and so do the BEGIN and END lines of a PEM block, which say what it is and hold no secret.

/** One stretch of a secret that gets a placeholder of its own; offsets are relative to the secret. */
export interface Piece {
  start: number;
  end: number;
}

const LINE_END = /\r\n|\n|\r/g;
const MARKER = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/;

/** The pieces of a secret (text in any one-unit-a-character form); a secret on one line is one piece, blanks and all. */
export function pieces(secret: string): Piece[] {
  if (!/[\r\n]/.test(secret)) return [{ start: 0, end: secret.length }];
  const found: Piece[] = [];
  let from = 0;
  for (const end of [...secret.matchAll(LINE_END)].map((match) => [match.index, match[0].length] as const)) {
    push(found, secret, from, end[0]);
    from = end[0] + end[1];
  }
  push(found, secret, from, secret.length);
  return found;
}

function push(found: Piece[], secret: string, from: number, to: number): void {
  const line = secret.slice(from, to);
  // Not `trim`: the text is bytes, and byte A0, a blank in Latin-1, is the end of many a letter in UTF-8.
  const text = line.replace(/^[ \t\v\f]+|[ \t\v\f]+$/g, '');
  if (text === '' || MARKER.test(text)) return;
  const start = from + line.indexOf(text);
  found.push({ start, end: start + text.length });
}
