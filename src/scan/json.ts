// A JSON document stays one: a finding that runs over the ends of a string is cut into what stands inside strings, and one
// on a bare number takes the whole number and says so, because its placeholder needs quotes of its own.
import type { DeepSpan } from './deep/deep.ts';
import { trimEscapes } from './trim.ts';

/** Spans in a text that is no JSON document come back as they are. Sorted and apart, in and out. */
export function confineToJson<T extends DeepSpan>(text: string, spans: readonly T[]): T[] {
  if (spans.length === 0 || !isJson(text)) return [...spans];
  const confined: T[] = [];
  let next = 0;
  for (const token of tokens(text, spans.at(-1)!.end)) {
    while (next < spans.length && spans[next]!.end <= token.start) next++;
    for (let at = next; at < spans.length && spans[at]!.start < token.end; at++) {
      const piece = pieceIn(text, token, spans[at]!);
      if (piece !== undefined && piece.start >= (confined.at(-1)?.end ?? 0)) confined.push(piece);
    }
  }
  return confined;
}

interface Token {
  start: number;
  end: number;
  number: boolean;
}

function pieceIn<T extends DeepSpan>(text: string, token: Token, span: T): T | undefined {
  if (token.number) return { ...span, start: token.start, end: token.end, bare: true };
  const [start, end] = trimEscapes(text, Math.max(span.start, token.start), Math.min(span.end, token.end));
  return end > start ? { ...span, start, end } : undefined;
}

function isJson(text: string): boolean {
  if (!/^(?:\xef\xbb\xbf)?\s{0,1000}[[{]/.test(text)) return false;
  try {
    JSON.parse(text.replace(/^\xef\xbb\xbf/, ''));
    return true;
  } catch {
    return false;
  }
}

/** Insides of strings, and numbers, up to `end`; the text is known to be JSON. */
function* tokens(text: string, end: number): Generator<Token> {
  const token = /"((?:[^"\\]|\\.)*)"|-?\d[\d.eE+-]*/gs;
  for (let match = token.exec(text); match !== null && match.index < end; match = token.exec(text)) {
    const last = match.index + match[0].length;
    if (match[1] === undefined) yield { start: match.index, end: last, number: true };
    else yield { start: match.index + 1, end: last - 1, number: false };
  }
}
