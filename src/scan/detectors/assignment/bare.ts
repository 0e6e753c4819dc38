// A value without quotes may be a literal (`PASSWORD=x9!k` in a shell file) or an expression (`password = read(x)`). Code has balanced
// brackets and dotted names; a literal need not.
import { hasCrossedBrackets } from './literal.ts';
import type { Place } from './place.ts';
import type { ValueSpan } from './value-span.ts';

const EXPRESSION =
  /^(?:[#$@]\{|[&*!~]*[\w$@]+(?:(?:\.|::|->|\?\.)[\w$]+)*[([{<]|[([{|>]|\/\/|\/[*/]|[\w$]+(?:\.|::|->)[A-Za-z_$][\w$]*(?:[;,)\]}]*$)|:[a-z_]|[@&*][A-Za-z_]|\\)/;
const CUT = /&(?=[\w.%[\]-]+=)|&amp;|[;,)>\]}"'`<|]/;
/** On a line that is nothing but the assignment, punctuation is part of the value, but not a bracket that was opened before it. */
const CUT_LINE = /&(?=[\w.%[\]-]+=)|(?<=^[^({[<]*)[)\]}>]/;
const TAIL = /(?:[;,"'`|:]|`:)+$/;
const END_OF_STATEMENT = /[ \t]*(?:$|\r?\n|#|\/\/|\/\*|--|;|,|[)}\]]|\\|&&|\|)/my;

/** The literal inside a bare value, narrowed to it, or undefined when it is an expression. */
export function bareLiteral(text: string, value: ValueSpan, place: Place): ValueSpan | undefined {
  const raw = text.slice(value.start, value.end).replace(TAIL, '');
  if (raw === '') return undefined;
  // A run of assignments (`a=b=c=...`): only the first piece is a value, and each name must cost the same.
  const next = raw.length > 100 ? raw.indexOf('=') : -1;
  if (next > 0 && next < raw.length - 3) return { ...value, end: value.start + next };
  if (hasCrossedBrackets(raw)) return { ...value, end: value.start + raw.length };
  if (EXPRESSION.test(raw)) return undefined;
  const whole = !place.code && !place.json && isWholeLine(text, value);
  const cut = raw.search(whole ? CUT_LINE : CUT);
  if (cut === 0) return undefined;
  return { ...value, end: value.start + (cut > 0 ? cut : raw.length) };
}

/** More words follow on the line: a sentence or code, not a value. */
export function isFollowedByWords(text: string, value: ValueSpan, place: Place): boolean {
  if (text.charCodeAt(value.start - 1) > 32 && !place.environment) return false;
  END_OF_STATEMENT.lastIndex = value.end;
  return !END_OF_STATEMENT.test(text);
}

/** From the value to the end of the line or the comment, for YAML and its like. */
export function restOfLine(text: string, value: ValueSpan): ValueSpan {
  let end = value.start;
  for (; end < text.length && end - value.start < 100; end++) {
    const unit = text.charCodeAt(end);
    if (unit === 10 || unit === 13 || (unit === 35 && text.charCodeAt(end - 1) === 32)) break;
  }
  while (end > value.start && text.charCodeAt(end - 1) <= 32) end--;
  return { ...value, end };
}

/** The value ends its line. */
function isWholeLine(text: string, value: ValueSpan): boolean {
  const after = text.charCodeAt(value.end);
  return after === 10 || after === 13 || Number.isNaN(after);
}
