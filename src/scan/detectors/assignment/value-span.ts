// Where the value after a name begins and ends. Works on one byte per UTF-16 unit (Latin-1), never past `LOOK` units, so that each
// name costs the same whatever the file holds.

import {
  BESIDE,
  BLOCK,
  CHOICE,
  FALLBACK,
  type Form,
  ITEM,
  LISP,
  MAP,
  PREFIX,
  SHELL_FALLBACK,
  WAYS,
  WRAP,
} from './ways.ts';

/** Longest value looked at. */
const LOOK = 600;

export interface ValueSpan {
  form: Form;
  start: number;
  end: number;
  quoted: boolean;
}

/** The value that belongs to the name `[start, end)`, or undefined. */
export function valueAfter(text: string, start: number, end: number): ValueSpan | undefined {
  if (text.charCodeAt(start - 1) === 123 && text.charCodeAt(start - 2) === 36) return defaultOf(text, end);
  for (const [way, form] of WAYS) {
    const at = skip(way, text, end);
    if (at === undefined) continue;
    const many = form === 'assign' && (text.charCodeAt(end - 1) | 32) === 115 ? firstOfMany(text, at) : undefined;
    if (many !== undefined) return many;
    if (form === 'element') return isTag(text, start, end) ? textOf(text, at) : undefined;
    return valueAt(text, at, form);
  }
  return besideOf(text, start, end);
}

/** The first value of a map or of a list in YAML, under a name in the plural. */
function firstOfMany(text: string, at: number): ValueSpan | undefined {
  const value = skip(MAP, text, at) ?? skip(ITEM, text, at);
  return value === undefined ? undefined : valueAt(text, value, 'assign');
}

/** `"..." : "..."` of a choice, and the rest of a list that `[`, `{` or `(` opened before the first. */
const NEXT = /["'`][ \t]*(?::|\|\||\?\?)[ \t]*["'`]/y;
const NEXT_OF_LIST = /["'`][ \t]*,\s{0,12}["'`]/y;
const NEXT_OF_MAP = /["'][ \t)]*,\s{0,12}["'][^"'\n]{1,60}["'][ \t]*(?::|=>)[ \t]*(?:[\w.]{1,40}\([ \t]*)?["']/y;
const NEXT_ITEM = /["']?[ \t]*\r?\n[ \t]*-[ \t]+(?=["']?[^\s:"'{[]{4,80}["']?[ \t]*(?:#|\r?\n|$))/y;
const MOST_VALUES = 20;

/** What stands between `first` and the next value: told by what opened before it. */
function followerOf(text: string, first: ValueSpan): RegExp {
  const before = text.slice(Math.max(0, first.start - 100), first.quoted ? first.start - 1 : first.start);
  if (/\n[ \t]*-[ \t]+$/.test(before)) return NEXT_ITEM;
  if (
    /["'][ \t]*(?::|=>)[ \t]*(?:[\w.]{1,40}\([ \t]*)?$/.test(before) &&
    /[sS]["']?\]?[ \t]*[:=][^\n]{0,8}[[{(]\s{0,12}["'][^"'\n]{1,60}["'][^"'\n]{0,60}$/.test(before)
  )
    return NEXT_OF_MAP;
  return first.quoted && /[[{(]\s{0,12}[@bu]?$/.test(before) ? NEXT_OF_LIST : NEXT;
}

/** `first` and the quoted values that stand beside it. */
export function valuesFrom(text: string, first: ValueSpan): ValueSpan[] {
  const values = [first];
  if (first.form !== 'assign') return values;
  const next = followerOf(text, first);
  for (let last = first; values.length < MOST_VALUES; ) {
    const at = skip(next, text, last.end);
    const value =
      at === undefined
        ? undefined
        : next === NEXT_ITEM
          ? valueAt(text, at, 'assign')
          : quotedAt(text, at - 1, 'assign');
    if (value === undefined) break;
    values.push(value);
    last = value;
  }
  return values;
}

/** `${db.password:...}`, `${TOKEN:-...}`: the default that stands in a reference. */
function defaultOf(text: string, end: number): ValueSpan | undefined {
  if (text.charCodeAt(end) !== 58) return undefined;
  const start = /[-=]/.test(text.charAt(end + 1)) ? end + 2 : end + 1;
  return upTo(text, start, 'assign', 125);
}

/** The name is a tag or an attribute's value, not a group of a regular expression or a type parameter. */
function isTag(text: string, start: number, end: number): boolean {
  if (isQuote(text.charCodeAt(end))) return true;
  const before = text.charCodeAt(start - 1);
  return before === 58 || (before === 60 && !/[\w?]/.test(text.charAt(start - 2))) || before === 62 || before === 47;
}

/** Only a space or dash between name and value: a flag, a directive at the start of its line, or an accident. */
function besideOf(text: string, start: number, end: number): ValueSpan | undefined {
  const at = skip(BESIDE, text, end);
  if (at === undefined) return undefined;
  if (text.charCodeAt(end) !== 45) {
    if (text.charCodeAt(start - 1) === 58 && skip(LISP, text, end) !== undefined) return valueAt(text, at, 'assign');
    if (text.charCodeAt(start - 1) === 45) return valueAt(text, at, 'flag');
    if (opensLine(text, start)) return valueAt(text, at, 'directive');
  }
  return valueAt(text, at, 'beside');
}

/** Nothing but `define`, `ENV`, `set` and their like stands before `start` on its line. */
export function opensLine(text: string, start: number): boolean {
  let from = start;
  while (from > 0 && text.charCodeAt(from - 1) !== 10 && start - from < 40) from--;
  return /^(?:[ \t]*|[ \t#]*(?:#[ \t]*define|ENV|ARG|setenv|set|SET|user|export|fastcgi_param|env|proxy_set_header|[ \t]*\((?:def|setq|setf|defvar|defparameter|defconst|define))[ \t]+[$]?)$/.test(
    text.slice(from, start),
  );
}

const BEFORE =
  /(?:[!=]==?[ \t]*|(?<=(?:assert\w{0,20}|Equals?|AreEqual|is|eq)\([ \t]*(?:\w{1,12},[ \t]*)?["'][^"'\n]{3,60}["'])[ \t]*,[ \t]*|\.(?:equals|equalsIgnoreCase|compareTo|contentEquals|eql\?|isEqual|isEqualToString)[ \t]*\([ \t]*)(?:[\w$]+(?:\.|->|::))*$/;

/** `"..." == password`, `"...".equals(password)`: the quoted text on the other side of a comparison that ends before `start`. */
export function valueBefore(text: string, start: number): ValueSpan | undefined {
  const before = text.charCodeAt(start - 1);
  if (before !== 32 && before !== 61 && before !== 40 && before !== 46 && before !== 62) return undefined;
  const found = BEFORE.exec(text.slice(Math.max(0, start - 140), start));
  if (found === null) return undefined;
  let at = start - found[0].length;
  while (text.charCodeAt(at - 1) === 32) at--;
  const quote = text.charCodeAt(at - 1);
  if (!isQuote(quote)) return undefined;
  const end = at - 1;
  for (let i = end - 1; i >= 0 && end - i < LOOK; i--) {
    const unit = text.charCodeAt(i);
    if (unit === 10) return undefined;
    if (unit === quote && text.charCodeAt(i - 1) !== 92) return { form: 'before', start: i + 1, end, quoted: true };
  }
  return undefined;
}

/** Text of an element, up to the next tag. */
function textOf(text: string, at: number): ValueSpan | undefined {
  const last = Math.min(text.length, at + LOOK);
  let end = at;
  while (end < last && text.charCodeAt(end) !== 60 && text.charCodeAt(end) !== 10) end++;
  if (text.charCodeAt(end) !== 60) return undefined;
  if (text.charCodeAt(end - 1) === 93 && text.charCodeAt(end - 2) === 93) end -= 2;
  return { form: 'element', start: at, end, quoted: true };
}

function valueAt(text: string, from: number, form: Form): ValueSpan | undefined {
  let at = skip(SHELL_FALLBACK, text, from);
  if (at !== undefined) return upTo(text, at, form, 125);
  at = skip(BLOCK, text, from);
  if (at !== undefined) return lineAt(text, at, form);
  at = skip(WRAP, text, from) ?? skip(FALLBACK, text, from) ?? skip(CHOICE, text, from) ?? from;
  at = skip(PREFIX, text, at) ?? at;
  const unit = text.charCodeAt(at);
  if (unit === 34 || unit === 39 || unit === 96) return quotedAt(text, at, form);
  if (unit === 92 && isQuote(text.charCodeAt(at + 1))) return escapedAt(text, at + 2, form);
  return bareAt(text, at, form);
}

function quotedAt(text: string, at: number, form: Form): ValueSpan | undefined {
  const quote = text.charCodeAt(at);
  let start = at + 1;
  if (text.charCodeAt(start) === quote && text.charCodeAt(start + 1) === quote) start += 2;
  const last = Math.min(text.length, start + LOOK);
  for (let i = start; i < last; i++) {
    const unit = text.charCodeAt(i);
    if (unit === quote) return isKeyOfMap(text, at, i) ? undefined : { form, start, end: i, quoted: true };
    if (unit === 10) return undefined;
    if (unit === 92) i++;
  }
  return undefined;
}

/** `{"shape": ...}`: the first string inside braces is the key of a map. */
function isKeyOfMap(text: string, open: number, close: number): boolean {
  return text.charCodeAt(open - 1) === 123 && /^[ \t]*(?::|=>)/.test(text.slice(close + 1, close + 5));
}

/** A string inside a string: `\"...\"`. */
function escapedAt(text: string, start: number, form: Form): ValueSpan | undefined {
  const last = Math.min(text.length, start + LOOK);
  for (let i = start; i < last; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) return undefined;
    if (unit === 92 && isQuote(text.charCodeAt(i + 1))) return { form, start, end: i, quoted: true };
  }
  return undefined;
}

/** The line of a block scalar, `password: |`. */
function lineAt(text: string, start: number, form: Form): ValueSpan | undefined {
  let end = start;
  while (end < text.length && end - start < LOOK && text.charCodeAt(end) !== 10) end++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return { form, start, end, quoted: true };
}

function upTo(text: string, start: number, form: Form, stop: number): ValueSpan | undefined {
  const last = Math.min(text.length, start + LOOK);
  let end = start;
  while (end < last && text.charCodeAt(end) !== stop && text.charCodeAt(end) > 32) end++;
  return text.charCodeAt(end) === stop ? { form, start, end, quoted: true } : undefined;
}

/** A value without quotes: up to the next space, or an escape of one (`\n` inside a string). */
function bareAt(text: string, start: number, form: Form): ValueSpan | undefined {
  const last = Math.min(text.length, start + LOOK);
  let end = start;
  for (; end < last; end++) {
    const unit = text.charCodeAt(end);
    if (unit <= 32) break;
    if (unit === 92 && /[nrt"'\\]/.test(text.charAt(end + 1))) break;
  }
  return end > start ? { form, start, end, quoted: false } : undefined;
}

function isQuote(unit: number): boolean {
  return unit === 34 || unit === 39 || unit === 96;
}

function skip(what: RegExp, text: string, at: number): number | undefined {
  what.lastIndex = at;
  return what.test(text) ? what.lastIndex : undefined;
}
