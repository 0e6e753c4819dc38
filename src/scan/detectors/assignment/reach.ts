// Whether a name can have a value at all, told from the few bytes round it: nine names in ten have none, they end a statement or stand
// in a sentence. Must let through whatever `ways.ts` knows a way to, and what `verdict.ts` would take beside a name.
import { opensLine } from './value-span.ts';

const setOf = (chars: string) => {
  const set = new Uint8Array(256);
  for (const char of chars) set[char.charCodeAt(0)] = 1;
  return set;
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LETTER = setOf(LETTERS);
const BLANK = setOf(' \t');
const LINE_END = setOf('\r\n');
const QUOTE = setOf('"\'');
/** What closes a name before the sign: quotes, brackets, stars of bold text, a backslash before a quote. */
const CLOSING = setOf('\\"\'`*)]');
/** Signs that lead to a value, with what must stand behind them. */
const SIGNS = new Map(
  Object.entries({ '[': '0123456789]', '.': '=', '?': '=?', '+': '=', '|': '|', '<': '/-', '!': '=', '-': '>' }).map(
    ([sign, next]) => [sign.charCodeAt(0), setOf(next)],
  ),
);
/** What the next argument begins with: a quote, perhaps a letter before it, or `value`, `default`, `content`, `with`. */
const ARGUMENT = setOf('"\'`\\@buLNrfvVdcpPw:[(<');
/** Words between a name and its value: `the password is`, `As String =`, `value:`, `await read("...")`. */
const LEADING = new Set(
  'is was are will set to as of or As value Value default defaultValue content await new'.split(' '),
);
/** A type or an attribute between a name and its sign. */
const TYPE = setOf(`${LETTERS}0123456789_.*<>[]:-`);
const LONGEST_TYPE = 32;
/** A word beside a name must be longer to be a secret. */
const SHORT = 14;
const AFTER_WORD = setOf(',.;:)');
/** A chain of names before the name, `this.config->`, and how far before it a comparison is looked for. */
const CHAIN = setOf(`${LETTERS}0123456789_$.:>-`);
const LOOK_BACK = 60;
const BEFORE = setOf(' =(.>');
const COMPARES = /(?:equals|Case|compareTo|Equals|eql\??|isEqual|isEqualToString)[ \t]*$/;
const LONGEST_COMPARE = 64;

const OPENING = 40;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const BRACE = 123;

/** False where no value can be found for the name `[start, end)`; `code`: the text is in a programming language. */
export function reachesValue(text: string, start: number, end: number, code: boolean): boolean {
  return reachesAfter(text, start, end, code) || reachesBefore(text, start);
}

function reachesAfter(text: string, start: number, end: number, code: boolean): boolean {
  const closed = skip(CLOSING, text, text.startsWith('()', end) ? end + 2 : end);
  const at = skip(BLANK, text, closed);
  const unit = text.charCodeAt(at);
  if (isSign(text, at, unit, code) || isLeading(text, at, unit)) return true;
  if (unit === BRACE && (closed > end || opensBlock(text, skip(BLANK, text, at + 1)))) return true;
  // A call behind what the name stands in: `get('#password').type(...)`, `expect(user.password).toBe(...)`.
  if (closed > end) return unit === DOT && LETTER[text.charCodeAt(at + 1)] === 1;
  // Only a blank or a dash between name and value.
  return (at > end || unit === DASH) && isBeside(text, start, at, code);
}

/** A text in braces, `password { "..." }`, or the accessors of C#, `{ get; set; } = "..."`. */
function opensBlock(text: string, at: number): boolean {
  return QUOTE[text.charCodeAt(at)] === 1 || text.startsWith('get;', at);
}

/** A sign of assignment, or what separates arguments with a value behind it. */
function isSign(text: string, at: number, unit: number, code: boolean): boolean {
  const next = text.charCodeAt(at + 1);
  if (unit === EQUALS || unit === GREATER) return true;
  // `Auth::Token` is one name.
  if (unit === COLON) return !code || next !== COLON || LETTER[text.charCodeAt(at + 2)] !== 1;
  if (unit === COMMA || unit === OPENING) return ARGUMENT[text.charCodeAt(skipLine(text, at + 1))] === 1;
  return SIGNS.get(unit)?.[next] === 1;
}

/** A word, a type or an attribute that stands before a value. */
function isLeading(text: string, at: number, unit: number): boolean {
  const from = skipLine(text, at);
  const begin = QUOTE[text.charCodeAt(from)] === 1 ? from + 1 : from;
  const end = skip(LETTER, text, begin);
  if (end > begin && LEADING.has(text.slice(begin, end))) return true;
  if (TYPE[unit] !== 1) return false;
  let over = at;
  while (over - at < LONGEST_TYPE && TYPE[text.charCodeAt(over)] === 1) over++;
  return text.charCodeAt(skip(BLANK, text, over)) === EQUALS;
}

function isBeside(text: string, start: number, at: number, code: boolean): boolean {
  if ((text.charCodeAt(start - 1) === COLON && text.charAt(at) === '"') || text.charAt(at) === '`') return true;
  if (text.charCodeAt(start - 1) === DASH || opensLine(text, start)) return true;
  return !code && !isShortWord(text, at);
}

function isShortWord(text: string, at: number): boolean {
  const end = skip(LETTER, text, at);
  if (end === at || end - at > SHORT) return false;
  const unit = text.charCodeAt(AFTER_WORD[text.charCodeAt(end)] === 1 ? end + 1 : end);
  return BLANK[unit] === 1 || LINE_END[unit] === 1 || Number.isNaN(unit);
}

/** A comparison ends before the name or the chain that it is the end of. */
function reachesBefore(text: string, start: number): boolean {
  if (BEFORE[text.charCodeAt(start - 1)] !== 1) return false;
  const least = start - LOOK_BACK;
  let at = start - 1;
  while (at >= least && CHAIN[text.charCodeAt(at)] === 1) at--;
  while (at >= least && BLANK[text.charCodeAt(at)] === 1) at--;
  const unit = text.charCodeAt(at);
  // `assertEquals("...", user.getPassword())`
  if (unit === COMMA) return QUOTE[text.charCodeAt(at - 1)] === 1;
  if (unit === OPENING) return COMPARES.test(text.slice(Math.max(at - LONGEST_COMPARE, 0), at));
  return unit === EQUALS && /[!=]/.test(text.charAt(at - 1));
}

/** Blanks, and a line end with more of them. */
function skipLine(text: string, at: number): number {
  return skip(BLANK, text, skip(LINE_END, text, skip(BLANK, text, at)));
}

function skip(set: Uint8Array, text: string, from: number): number {
  let at = from;
  while (set[text.charCodeAt(at)] === 1) at++;
  return at;
}
