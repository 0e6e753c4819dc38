// Characters that a reader does not see, and characters that it reads as others: zero-width blanks and joiners, soft hyphens,
// marks of direction, variation selectors, combining marks, colours of a terminal; wide, circled and mathematical letters, blanks of
// every width. A model reads through all of them; so must a rule.
import { isAscii } from 'node:buffer';
import { type View, ViewBuilder } from './view.ts';

const ESCAPE = 0x1b;
const KEPT = 0;
const DROPPED = 1;
const UNKNOWN = 255;

/** What becomes of a character: kept, dropped, or the ASCII code that it is read as; found out when it is first met. */
const fates = new Uint8Array(0x20000).fill(UNKNOWN);

/** The text with such characters undone; undefined when there are none. */
export function undoUnseen(source: Buffer): View | undefined {
  if (isAscii(source) && !source.includes(ESCAPE)) return undefined;
  let view: ViewBuilder | undefined;
  let from = 0;
  for (let at = 0; at < source.length; ) {
    const byte = source[at]!;
    if (byte < 0x80 && byte !== ESCAPE) {
      at++;
      continue;
    }
    const length = byte === ESCAPE ? controlLength(source, at) : sequenceLength(byte);
    const fate = byte === ESCAPE ? (length > 0 ? DROPPED : KEPT) : fateOf(codeAt(source, at, length));
    if (fate !== KEPT) {
      view ??= new ViewBuilder(source);
      view.copy(from, at);
      if (fate !== DROPPED) view.push([fate], at);
      from = at + length;
    }
    at += Math.max(1, length);
  }
  view?.copy(from, source.length);
  return view?.done('unicode');
}

function fateOf(code: number): number {
  // Tags and the rest of the variation selectors.
  if (code >= 0xe0000 && code < 0xe1000) return DROPPED;
  if (code >= fates.length) return KEPT;
  const known = fates[code]!;
  if (known !== UNKNOWN) return known;
  const text = String.fromCodePoint(code);
  const read = text.normalize('NFKC');
  const isAsciiRead = read.length === 1 && read >= ' ' && read <= '~';
  const isUnseen = /[\p{Default_Ignorable_Code_Point}\p{Script=Inherited}]/u.test(text);
  const fate = isUnseen ? DROPPED : isAsciiRead ? read.charCodeAt(0) : KEPT;
  fates[code] = fate;
  return fate;
}

function sequenceLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The code point of a sequence; 0, which is kept, for bytes that are not UTF-8. */
function codeAt(source: Buffer, at: number, length: number): number {
  if (length === 1) return 0;
  let code = source[at]! & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    const byte = source[at + index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
    code = (code << 6) | (byte & 0x3f);
  }
  return code;
}

const CONTROL = /^\x1b(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,400}(?:\x07|\x1b\\))/;

/** Length of a control sequence of a terminal, 0 when it is none. */
function controlLength(source: Buffer, at: number): number {
  return CONTROL.exec(source.toString('latin1', at, at + 420))?.[0].length ?? 0;
}
