// Secrets by what they are called: `password = "..."` in all the shapes that code, configuration, documents and command lines have.
// A rule's regular expression cannot weigh a name against a value, so this is a detector of its own. It starts at a keyword hit and
// looks left and right from it; most hits are ordinary identifiers and must be rejected in well under a microsecond.
import { bareLiteral, isFollowedByWords, restOfLine } from './assignment/bare.ts';
import { type KeyKind, keyKind } from './assignment/key-name.ts';
import { keySpan } from './assignment/key-span.ts';
import { strengthOf } from './assignment/literal.ts';
import { type Place, placeOf } from './assignment/place.ts';
import { reachesValue } from './assignment/reach.ts';
import { type ValueSpan, valueAfter, valueBefore, valuesFrom } from './assignment/value-span.ts';
import { verdict } from './assignment/verdict.ts';
import type { Detected, Detector } from './detector.ts';

/** Literals of which one stands in every name that this detector knows. */
const KEYWORDS = [
  ...[
    'passw',
    'passphrase',
    'passcode',
    'pwd',
    'passwd',
    'storepass',
    'keypass',
    '_pass',
    '-pass',
    'pass "',
    'keymaterial',
    'pass[',
    'pass=',
    'pass:',
    'pass"',
    "pass'",
    'pass =',
    'pass :',
    'pass>',
    'dbpass',
    'mypass',
    'smtppass',
    'mailpass',
    'remotepass',
    'bindpw',
    'rootpw',
    'pw=',
    'pw:',
    'pw =',
    'pw"',
    "pw'",
    '_pw',
    'psw',
    'requirepass',
    'kennwort',
    'contrasen',
    'senha',
    'wachtwoord',
  ],
  ...['secret', 'credential', 'creds', 'cred=', 'cred"', 'mnemonic', 'passkey', 'psk', 'pepper'],
  ...[
    'token',
    'apikey',
    'api_key',
    'api-key',
    'auth',
    'access',
    'private',
    'bearer',
    'jwt',
    'hmac',
    'sessionid',
    'session_id',
  ],
  ...[
    'key[',
    'iv = ',
    'key=',
    'key:',
    'key"',
    "key'",
    'key =',
    'key :',
    'key>',
    'key ',
    'key-',
    '_key',
    'salt',
    'seed',
    '_iv',
    'nonce',
    'signature',
    'cookie',
    'license',
  ],
];

const RULES: Readonly<Record<KeyKind, string>> = {
  password: 'generic.password',
  secret: 'generic.secret',
  token: 'generic.token',
  key: 'generic.key',
};

/** What is seen on both sides of a name: no expression reads on from one name through a whole file of them. */
const BEFORE = 1024;
const AFTER = 4096;
/** What it costs to look for the value of a name, and to weigh each byte of it. */
const LOOK = 1024;
const WEIGH = 20;
/** A longer name may hold its value. */
const LONGEST_PLAIN = 24;

export const assignments: Detector = {
  rules: {
    'generic.password': 'password or passphrase by the name it is assigned to',
    'generic.secret': 'secret, private key or credential by the name it is assigned to',
    'generic.token': 'token or API key by the name it is assigned to',
    'generic.key': 'value that looks made by a machine, under a name that may be a key',
  },
  keywords: KEYWORDS,
  detect(text, at, path, found, spend = () => {}) {
    const span = keySpan(text, nameEnd(text, at));
    if (span === undefined) return at + 1;
    if (span[1] - span[0] <= LONGEST_PLAIN && !reachesValue(text, span[0], span[1], placeOf(path).code)) return span[1];
    const base = Math.max(span[0] - BEFORE, 0);
    const near = text.slice(base, span[1] + AFTER);
    spend(LOOK);
    for (const secret of secretsAt(near, [span[0] - base, span[1] - base], path, spend))
      found({ ...secret, start: secret.start + base, end: secret.end + base });
    return span[1];
  },
};

/** The last letter of the name that a keyword such as `pass =` or `key[` ends behind. */
function nameEnd(text: string, at: number): number {
  let end = at;
  while (at - end < 3 && /[ =:"'>[]/.test(text.charAt(end))) end--;
  return end;
}

/** Verbs whose argument is a name, a user or a text to compare, not the new secret. */
const ASKS =
  /^_*(?:get|copy|fetch|find|read|load|is|has|have|check|validate|verify|create|generate|make|build|remove|delete|require|hash|digest|authenticate|auth|compare|match|reset|forgot|assert|expect|should|test|parse|decode|decrypt|sign|lookup|show|render|input|filter|list|describe|revoke|invalid|missing|new|import|export|derive|resolve|on|handle|throw|raise|log|print)(?![a-z])/i;

/** The first argument of a call of this name is the secret itself: `setPassword("...")`, `password.equals("...")`. */
function isSetter(name: string): boolean {
  const method = name.slice(name.lastIndexOf('.') + 1);
  if (/^(?:equals|equalsIgnoreCase|compareTo|contentEquals|eql|isEqual)$/.test(method)) return true;
  return !ASKS.test(method) && /passw|pwd|phrase|secret|token|key/i.test(method);
}

/** The name is the first argument of a call, `put("password", "...")`, `set :password, "..."`, or in a selector that is; not an entry of a list. */
const OPENS_CALL = /\([ \t]*(?:["'`](?:[#.\w]{0,30}\[\w{2,12}[*^$]?=["']?)?#?)?$|^[ \t]*set[ \t]+:$/m;
/** A name among other arguments: only a value that nobody would write as a name counts. */
/** A flag in a list of arguments, a tuple of Erlang, a map that is written as a list. */
const PAIRED =
  /["']--?$|\{[ \t]*$|(?:\bof|[hH]ash|dict|mapOf|NewReplacer|pairs|SetDefault|setDefault)\((?:[^()\n]*,)?[ \t]*["']$/;
const MADE = /^(?=[^\d]{0,20}\d)[A-Za-z0-9+/=_-]{16,}$/;

function isArgument(text: string, start: number, value: ValueSpan): boolean {
  const before = text.slice(Math.max(0, start - 120), start);
  if (OPENS_CALL.test(before) || PAIRED.test(before)) return true;
  const literal = text.slice(value.start, value.end).replace(/\\?"/g, '');
  return MADE.test(literal) && strengthOf(literal) === 'random';
}

/** The secrets assigned to the name at `[start, end)`: one, or those of a list or a choice. */
export function secretsAt(
  text: string,
  [start, end]: readonly [number, number],
  path: string,
  spend: (bytes: number) => void = () => {},
): Detected[] {
  const glued = end - start > LONGEST_PLAIN ? gluedValue(text, start, end) : undefined;
  if (glued !== undefined) return [glued];
  const name = text.slice(start, end);
  const kind = keyKind(name);
  if (kind === undefined) return [];
  // A segment of a path or URL is no name, a parameter is.
  if (text.charCodeAt(start - 1) === 47 && text.charCodeAt(end) !== 61) return [];
  const after = valueAfter(text, start, end);
  if (after?.form === 'call' && !isSetter(name)) return [];
  if (after?.form === 'pair' && !isArgument(text, start, after)) return [];
  if (after) spend(WEIGH * (after.end - after.start));
  const found = after ? valuesFrom(text, after).flatMap((value) => weigh(text, value, kind, path, name) ?? []) : [];
  if (found.length > 0) return found;
  const before = valueBefore(text, start);
  return (before && [weigh(text, before, kind, path, name) ?? []].flat()) ?? [];
}

const GLUED = /(?:secret|private|access|key|token)s?[-.](?=[A-Za-z0-9])/gi;

/** A value joined to its name by a dash or dot, as in names of files and in notes: `acme-secret-9f8e7d...`. */
function gluedValue(text: string, from: number, to: number): Detected | undefined {
  const run = text.slice(from, to);
  let start = -1;
  for (const match of run.matchAll(GLUED)) start = match.index + match[0].length;
  const value = run.slice(start);
  if (
    start < 0 ||
    value.length < 20 ||
    !/^(?:[A-Za-z0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4,}){3,}|[A-Z0-9]{4,}(?:-[A-Z0-9]{4,}){2,})$/.test(value)
  )
    return undefined;
  return /\d/.test(value) && strengthOf(value) === 'random'
    ? { start: from + start, end: to, rule: RULES.token, confidence: 'possible' }
    : undefined;
}

function weigh(text: string, value: ValueSpan, kind: KeyKind, path: string, name: string): Detected | undefined {
  const place = placeAt(text, value.start, path);
  const literal = value.quoted ? inner(text, value) : bareLiteral(text, value, place);
  if (literal === undefined) return undefined;
  // A placeholder in place of a bare number would break the JSON.
  if (!value.quoted && place.json && /^[\d.eE+-]+$/.test(text.slice(literal.start, literal.end))) return undefined;
  const environment = value.form === 'assign' && text.charCodeAt(value.start - 1) === 61 && name === name.toUpperCase();
  const about = { kind, name, form: value.form, quoted: value.quoted, place, sentence: false, environment };
  const words = !value.quoted && value.form !== 'flag' && isFollowedByWords(text, literal, place);
  if (words && value.form === 'assign' && !place.code && !place.fixture && kind !== 'key') {
    const line = restOfLine(text, value);
    const sure = verdict(text.slice(line.start, line.end), { ...about, quoted: true });
    if (sure !== undefined) return { start: line.start, end: line.end, rule: RULES[kind], confidence: sure };
  }
  const confidence = verdict(text.slice(literal.start, literal.end), { ...about, sentence: words });
  return confidence && { start: literal.start, end: literal.end, rule: RULES[kind], confidence };
}

const COMMENT = /^[ \t]*(?:\/\/|\/\*|\*|#(?![a-z])|--|;|%|"\s)/;
/** Farther to the left no mark of a comment is looked for. */
const MARK_WITHIN = 400;

/** A comment in code shows how something is used: a document inside the program. */
function placeAt(text: string, at: number, path: string): Place {
  const place = placeOf(path);
  if (!place.code || place.fixture) return place;
  const line = text.slice(Math.max(at - MARK_WITHIN, 0), at);
  return COMMENT.test(line.slice(line.lastIndexOf('\n') + 1)) ? { ...place, fixture: true } : place;
}

/** Without a second pair of quotes inside the first: `'"..."'`, `"\"...\""`. */
function inner(text: string, value: ValueSpan): ValueSpan {
  if (text.startsWith('{noop}', value.start)) return { ...value, start: value.start + 6 };
  if (/^\\(["'])[^\\]+\\\1$/.test(text.slice(value.start, value.end)))
    return { ...value, start: value.start + 2, end: value.end - 2 };
  const first = text.charCodeAt(value.start);
  const doubled =
    value.end - value.start > 2 && (first === 34 || first === 39) && text.charCodeAt(value.end - 1) === first;
  return doubled ? { ...value, start: value.start + 1, end: value.end - 1 } : value;
}
