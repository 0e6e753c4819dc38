// Where the value after a name begins and ends. Works on one byte per UTF-16 unit (Latin-1), never past `LOOK` units, so that each
// name costs the same whatever the file holds.

/** Longest value looked at. */
const LOOK = 600;

/**
 * How a value stands to its name.
 * - `assign`: after `=`, `:`, `=>`, `:=`, `==`, `!=`, ...
 * - `call`: the first argument of a call of that name, `setPassword("...")`
 * - `pair`: the next argument or cell, `put("password", "...")`, or `name=`/`value=` beside each other
 * - `element`: the text of an XML element or of the one after it
 * - `flag`: the next word of a command line, `--password ...`
 * - `directive`: a space between, at the start of a line, `requirepass ...`, `ENV TOKEN ...`
 * - `beside`: only a space or dash between, `SECRET 9f8e...`
 * - `prose`: a sentence, `the password is "..."`
 * - `before`: the other side of a comparison, `"..." == password`
 */
export type Form = 'assign' | 'call' | 'pair' | 'element' | 'flag' | 'directive' | 'beside' | 'prose' | 'before';

export interface ValueSpan {
  form: Form;
  start: number;
  end: number;
  quoted: boolean;
}

const ASSIGN =
  /(?:\\?["'`]|\*{1,2})?[\])]?(?:\[\d*\])?(?:[ \t]*:[ \t]*[&*]?'?[A-Za-z_][\w.<>[\]?|& ]{0,40}(?=[ \t]+=[^=]|=["'`])|[ \t]+(?:As[ \t]+)?[A-Za-z_][\w.*<>[\]]{0,30}[ \t]+(?==[^=]))?[ \t]*(?:={1,3}>?|!={1,2}|:{1,3}=|:-(?=[^\s])|[?.+]=|\|\|=|:\*{0,2}|->|<-)[ \t]*(?:\\?\r?\n[ \t]*(?=["']))?/y;
const CALL = /\([ \t]*(?:\r?\n[ \t]*)?(?=[@buLNrf]?\\?["'`])/y;
const PAIR = /=?\\?["'`]?\)?[ \t]*,[ \t]*(?:\r?\n[ \t]*)?(?=[@buLNrf]?\\?["'`])/y;
const NAMED_PAIR =
  /["']?(?:[ \t]*,)?[ \t]*(?:\r?\n[ \t]*)?["']?(?:value|Value|default|defaultValue|content)["']?[ \t]*[:=][ \t]*/y;
const ELEMENT =
  /["']?(?:[ \t]+[\w:-]{1,30}=["'][^"'<>\n]{0,80}["']){0,4}[ \t]*>[ \t]*(?:\r?\n[ \t]*)?(?:<!\[CDATA\[|<(?:value|string)>)?(?=[^<\s])/y;
const SIBLING = /<\/[\w:-]{1,30}>\s{0,80}<[\w:-]{1,30}>(?=[^<\s])/y;
const PROSE =
  /["'`*]{0,2}[ \t]+(?:is|was|are|will be|set to|to|as|of)(?:[ \t]+(?:set to|now|still))?[ \t]*:?[ \t]*(?=["'`])/y;
const OR = /["']?[)\]]?[ \t]*(?:\?\?|\|\||\bor\b)[ \t]*(?=["'`])/y;
const BLOCK_DEFAULT = /["'][ \t]*\{[^{}]{0,300}?\bdefault[ \t]*=[ \t]*(?=")/y;
const PROSE_BARE = /[ \t]+(?:is|was)(?:[ \t]+now)?[ \t]*:?[ \t]+(?=[\w!@#$%^&*-]{6})/y;
const BLOCK = /[|>][+-]?\d?[ \t]*\r?\n[ \t]+(?=[^\s-])/y;
const BESIDE = /[ \t]+|-(?=[A-Za-z0-9])/y;
const PREFIX = /(?:!!\w+[ \t]+)?(?:[[{(][ \t]*(?:[\w.]+[ \t]*,[ \t]*)?)?(?:[@$&]|[bBuUrRfFLN]{1,2})?(?=\\?["'`])/y;
const WRAP =
  /(?:await[ \t]+|new[ \t]+)?(?:[\w$]{1,60}(?:\.|::|->)){0,8}(?:String|string|str|strdup|bytes|bytearray|Secret(?:Str|String|Value)?|Sensitive|SecureString|Password|from|from_str|from_static|valueOf|of|quote|b64encode|encodeBase64|btoa|GetBytes|Some|Just|literal|raw|plainText|unsafePlainText|StringVal|to_string)!?\([ \t]*(?=[@buLNrf]?["'`])/y;
const FALLBACK =
  /(?:process\.env\.\w{1,80}|(?=[\w.:]{3,160}[([])[\w.:]{0,80}(?:getenv|get_env|getEnv|environ|ENV|env|getProperty|lookup|fetch|GetEnvOrDefault|getOrDefault)[\w.:]{0,40}[([][ \t]*["'][\w.-]{1,60}["'](?:[)\]])?)[ \t]*(?:\|\||\?\?|\?:|or|,)[ \t]*(?=["'`])/y;
const SHELL_FALLBACK = /["']?\$\{\w{1,60}:?[-=](?=[^$}])/y;

/** Ways from a name to its value, in the order they are tried; `reach.ts` must let each of them through. */
const WAYS: readonly (readonly [way: RegExp, form: Form])[] = [
  [ASSIGN, 'assign'],
  [CALL, 'call'],
  [NAMED_PAIR, 'pair'],
  [PAIR, 'pair'],
  [OR, 'assign'],
  [BLOCK_DEFAULT, 'assign'],
  [SIBLING, 'element'],
  [ELEMENT, 'element'],
  [PROSE, 'prose'],
  [PROSE_BARE, 'prose'],
];

/** The value that belongs to the name `[start, end)`, or undefined. */
export function valueAfter(text: string, start: number, end: number): ValueSpan | undefined {
  if (text.charCodeAt(start - 1) === 123 && text.charCodeAt(start - 2) === 36) return defaultOf(text, end);
  for (const [way, form] of WAYS) {
    const at = skip(way, text, end);
    if (at === undefined) continue;
    if (form === 'element') return isTag(text, start, end) ? textOf(text, at) : undefined;
    return valueAt(text, at, form);
  }
  return besideOf(text, start, end);
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
    if (text.charCodeAt(start - 1) === 45) return valueAt(text, at, 'flag');
    if (opensLine(text, start)) return valueAt(text, at, 'directive');
  }
  return valueAt(text, at, 'beside');
}

/** Nothing but `define`, `ENV`, `set` and their like stands before `start` on its line. */
export function opensLine(text: string, start: number): boolean {
  let from = start;
  while (from > 0 && text.charCodeAt(from - 1) !== 10 && start - from < 40) from--;
  return /^(?:[ \t]*|[ \t#]*(?:#[ \t]*define|ENV|ARG|setenv|set|SET|user|export|fastcgi_param|env|proxy_set_header)[ \t]+[$]?)$/.test(
    text.slice(from, start),
  );
}

const BEFORE =
  /(?:[!=]==?[ \t]*|\.(?:equals|equalsIgnoreCase|compareTo|contentEquals|eql\?|isEqual|isEqualToString)[ \t]*\([ \t]*)(?:[\w$]+(?:\.|->|::))*$/;

/** `"..." == password`, `"...".equals(password)`: the quoted text on the other side of a comparison that ends before `start`. */
export function valueBefore(text: string, start: number): ValueSpan | undefined {
  const before = text.charCodeAt(start - 1);
  if (before !== 32 && before !== 61 && before !== 40 && before !== 46 && before !== 62) return undefined;
  const found = BEFORE.exec(text.slice(Math.max(0, start - 60), start));
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
  at = skip(WRAP, text, from) ?? skip(FALLBACK, text, from) ?? from;
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
