// What a value is: a secret of some strength, or a reference, placeholder, word, sentence, number that is none.
import { strangeness } from './letters.ts';

/**
 * - `random`: made by a machine; a secret wherever a name promises one
 * - `mixed`: letters with digits or signs, as people make passwords
 * - `odd`: letters only, but no language
 * - `word`: one plain word; `words`: several, joined by `-`, `_` or camelCase
 * - `phrase`: several words with spaces that do not read like a message
 */
export type Strength = 'random' | 'mixed' | 'odd' | 'word' | 'words' | 'phrase';

const REFERENCE =
  /\$\{[\w.:?\-[\]'"()/ ]*\}|\$\([\w .\-/|"'$]+\)|#\{[^}]*(?:\}|$)|\{\{-?\s*[\w.|$()"'\-:,[\] ]+\}\}|<%|%\(\w+\)|\$\{\{|\{%|\$\[\w+[\]:]|__[A-Z][A-Z_]+__|@@?[A-Z_]{3,}@|%[A-Z_]{3,}%|\bENC\[|\{\d?\}|\{[a-z_][A-Za-z_.]+\}|%[sdv](?![A-Za-z0-9])|^(?:\$[A-Za-z_]\w*[/.:-]?)+$|^\$[A-Za-z_]\w*\/[\w./-]*$|^\$\d$|^!(?:secret|Ref|Sub|GetAtt|ref|env|vault)|^(?:env|secret|vault|ssm|arn|file|ref|op|keyring|config|https?|data|urn|git|s3|gs|kv)[:/]|^(?:process\.env|os\.environ|System\.getenv|ENV\[)|^(?:dword|hex(?:\(\w\))?|qword|binary):|^@?[A-Z]:\\|\/(?:19|20)\d{6}\/\S*_request|valueFrom|REDACTED|FILTERED|[Mm]asked/;

/** Variables are not named so. */
const DOLLAR_WORD = /^\$[a-z]+\d{3,4}$/;

const PLACEHOLDER = new RegExp(
  [
    '^[<[({].*[>\\])}]$',
    '^[*.•xX#_\\-]+$',
    '(?<again>.)\\k<again>{7,}',
    '^[\\s)]*(?:\\+|=>|\\.|,|\\|\\|)\\s|^--?[a-z]|^:[a-z_]+$|^_+[a-z]+_+$|^(?:md5|sha1|sha256|crypt|bcrypt|pbkdf2\\w*)?\\$+$',
    '\\.(?:json|ya?ml|txt|pem|key|crt|cer|enc|env|[jt]sx?|py|rb|go|html?|xml|properties|conf|cfg|ini|sh|md)$',
    '\\*{3,}|\\.{3}|…|x{6,}|X{4,}|_{4,}|•{2,}|0{10,}',
    '^(?:your|my|the|some|any|enter|insert|replace|put|add|set|use|a|an)[-_ ].*(?:key|token|secret|pass|password|passwd|pwd|credential|here|value|id)s?(?:[-_ ]here)?$',
    '^your|[-_]here$|change[-_ ]?(?:me|it|this|in)|replace[-_ ]?(?:me|this|with)|place[-_ ]?holder|fill[-_ ]?(?:me|in)|to[-_ ]?be[-_ ]|insert[-_ ]|goes[-_ ]?here|redacted|(?:^|[^a-z])(?:dummy|fake|example|sample|todo|fixme|notreal|invalid|censored)(?:[^a-z]|$)|EXAMPLE',
  ].join('|'),
);

/** Words that stand where a secret would: they say what belongs there, or that there is none. */
const STAND_INS = new Set(
  (
    'passed failed failure success succeeded skipped pending none null nil undefined true false yes no on off default empty unset unknown missing invalid valid wrong bad correct incorrect good optional required disabled enabled disable enable always never auto prompt ask manual ' +
    'password passwd pass pwd passphrase passcode passw secret secrets token tokens key keys apikey api_key credential credentials creds auth authorization bearer basic digest oauth oauth2 hmac plain plaintext login user username admin_password newpassword oldpassword mypassword mysecret mytoken mykey mypass yourpassword dbpassword userpassword password1 password2 pass1 pass2 secret1 secret2 token1 token2 key1 key2 ' +
    'string str text char varchar number integer int float bool boolean object array bytes byte binary hex base64 utf8 utf-8 ascii json xml html raw any mixed function class symbol date email name label title value values data type id uuid url uri path file field input hidden output result response request body header headers content public private protected internal external local global static readonly shared custom simple strong weak medium high low ' +
    'test tests testing tester dev development prod production staging demo example sample dummy fake mock stub placeholder temp tmp foo bar baz qux foobar foobaz quux bla blah abc xyz asdf lorem ipsum hello something anything whatever nothing redacted filtered masked removed changeme change_me changeit todo tbd fixme n/a na x xx xxx ' +
    'md5 sha sha1 sha256 sha512 bcrypt scrypt argon2 pbkdf2 rsa aes aes256 des ecdsa ed25519 ssl tls jwt saml ldap kerberos totp sms otp mfa cookie session redis vault keychain keyring keystore memory database env environment aws gcp azure github gitlab google facebook twitter'
  ).split(' '),
);

/** Famous weak passwords: secrets where they are used, examples in a test or a document. */
const WEAK = new Set(
  'abc123 123abc 12345 123456 1234567 12345678 123456789 1234567890 1234 0000 1111 000000 111111 abcd abcde abcdef abcdefg abcd1234 abc123456 a1b2c3 q1w2e3 1q2w3e 1q2w3e4r hunter2 s3cr3t p4ssw0rd passw0rd p@ssw0rd pass123 test123 test1234 foo123 foobar123 secret123 supersecret topsecret verysecret qwerty qwertyuiop qwerty123 asdfgh letmein trustno1 iloveyou please world welcome monkey dragon sunshine foofoo barbar'.split(
    ' ',
  ),
);

/** Well-known default accounts; secret enough in a configuration file, not in a test or a document. */
const DEFAULTS = new Set(
  'root admin administrator postgres postgresql mysql mariadb mongo mongodb guest minio minioadmin rabbitmq elastic oracle sa vagrant docker tomcat manager system sysadmin superuser raspberry cassandra'.split(
    ' ',
  ),
);

export function isStandIn(value: string): boolean {
  return STAND_INS.has(value.toLowerCase().replace(/[!?.:]+$/, ''));
}

export function isWeak(value: string): boolean {
  return (
    WEAK.has(value.toLowerCase()) ||
    /^\d{0,4}(?:passw(?:or)?d|pass|secret|token|test|admin|user|foo)[-_]?\d{0,4}!?$/i.test(value)
  );
}

export function isDefaultAccount(value: string): boolean {
  return DEFAULTS.has(value.toLowerCase());
}

/** A value that is filled in later: `${VAR}`, `{{ .Values.x }}`, `%s`, `vault:...`; or that only shows where one belongs. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value) && !DOLLAR_WORD.test(value);
}

export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}

/** Reads like a message, a label or a description, not like a passphrase. */
const MESSAGE =
  /\b(?:password|passwort|passphrase|secret|token|key|credentials?|your|you|please|enter|must|should|cannot|can't|can|could|will|would|has|have|had|been|was|were|are|be|not|no|if|for|from|when|which|error|failed|invalid|required|missing|forgot|reset|confirm|optional|default|used|use|user|users|string|value of|at least|characters|and\/or|or|see|this field|click|does|do|new|old|current|too|already|expired|wrong|match|only|of the|in the|to the|on the)\b/i;

/** A regular expression, or bytes written as escapes. */
const PATTERN =
  /\(\?[:P<=!]|\[\^|\\[dwsSDW][+*{\])]|\.[+*][)?$/]|#[0-9a-fA-F]{6}\b|&(?:[lr]dquo|quot|amp|[lg]t|nbsp|apos)\b|&#x?[0-9a-fA-F]|\[(?:A-Z|a-z|0-9|_A-Z)|(?:\\x[0-9a-fA-F]{2}){4}|(?:\\0){4}|(?:\\u[0-9a-fA-F]{4}){3}/;

/** What sort of secret `value` could be, or undefined when it cannot be one. */
export function strengthOf(value: string): Strength | undefined {
  if (value.length < 4) return undefined;
  if (PATTERN.test(value)) return undefined;
  if (hasCrossedBrackets(value)) return value.length >= 12 ? 'mixed' : undefined;
  if (isReference(value) || isNumber(value) || isForeignWord(value)) return undefined;
  if (isNoise(value)) return 'random';
  if (value.includes(' ')) return phrase(value);
  const shape = shapeOf(value);
  if (shape.letters === value.length) return ofLetters(value);
  if (isPlaceholder(value)) return undefined;
  if (isWordy(value, shape)) return shape.digits > 0 && isSimple(value) ? 'mixed' : 'words';
  if (isRandom(value, shape)) return 'random';
  if (shape.digits === 0 && /^[-_./$@]*[A-Za-z]+(?:[-_.:/#@$,|]+[A-Za-z]+)*[!.?]?$/.test(value))
    return strangeness(runsOfLetters(value).join('')) > 4.9 ? 'odd' : 'words';
  return 'mixed';
}

/** A number as code writes it; nobody chooses one in hexadecimal as a password. */
function isNumber(value: string): boolean {
  return /^0x[0-9a-f]{1,16}[uUlL]{0,3}$/i.test(value);
}

/** A label in a language with more letters than ASCII has: `Contrase\xc3\xb1a`; no digit or sign of a password among them. */
function isForeignWord(value: string): boolean {
  return /[\x80-\xff]/.test(value) && !/[\d!#$%&*+=?@^~]/.test(value);
}

/** Signs of many kinds among letters and digits, as generators for people's passwords and for salts make them. */
function isNoise(value: string): boolean {
  if (value.length < 14 || /[a-z]{5}|, |: |:\/\/|\w\(\w|<\/|\\[nt]/i.test(value)) return false;
  const signs = new Set(value.match(/[^A-Za-z0-9\s"'`\\]/g) ?? []);
  return signs.size >= 4 && /[A-Za-z]/.test(value) && /\d|[a-z].*[A-Z]/.test(value);
}

/** A word with digits or signs after it, as people make passwords: no joints between words. */
function isSimple(value: string): boolean {
  return !/[^A-Za-z0-9]|[a-z][A-Z]/.test(value.replace(/\W+$/, '').replace(/[@#!$%&*?+=]/g, ''));
}

function phrase(value: string): Strength | undefined {
  const words = value.trim().split(/\s+/);
  if (words.length < 2 || words.length > 10 || isPlaceholder(value)) return undefined;
  if (/[<>{}=();\\/]|:\s|,\s/.test(value)) return undefined;
  const mixed = words.filter((word) => /\d/.test(word) && /[A-Za-z]/.test(word)).length;
  if (mixed > (/^[A-Z]/.test(value) ? 1 : 0)) return words.length <= 8 && !MESSAGE.test(value) ? 'phrase' : undefined;
  if (MESSAGE.test(value) || /^[A-Z]/.test(value)) return undefined;
  return words.every((word) => /^[a-z][a-z'.]*$/.test(word)) && words.length >= 3 ? 'phrase' : undefined;
}

function ofLetters(value: string): Strength | undefined {
  if (/^(.)\1+$/i.test(value)) return undefined;
  const parts = value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  const broken = parts.length > value.length / 3;
  const mean = parts.reduce((sum, part) => sum + strangeness(part) * part.length, 0) / value.length;
  // Abbreviations are odd too: PGSSLROOTCERT.
  const loud = value === value.toUpperCase() && value.length < 20;
  const odd =
    value.length >= 6 &&
    !loud &&
    (broken ? isOdd(value) : mean > (value.length < 8 ? 4.85 : value.length < 14 ? 4.6 : 4.4));
  if (odd) return value.length >= 20 || (broken && value.length >= 12) ? 'random' : 'odd';
  return parts.length > 1 ? 'words' : 'word';
}

/** Letters whose pairs no language has; the shorter, the surer it must be. */
function isOdd(letters: string): boolean {
  if (letters.length < 6) return false;
  return strangeness(letters) > (letters.length < 8 ? 4.85 : letters.length < 14 ? 4.6 : 4.4);
}

/** A bracket that closes another kind than was opened last: no template or expression has that, a generated password may. */
export function hasCrossedBrackets(raw: string): boolean {
  const open: string[] = [];
  for (const sign of raw.match(/[()[\]{}]/g) ?? []) {
    if ('([{'.includes(sign)) open.push(sign);
    else if (open.length > 0 && open.pop() !== { ')': '(', ']': '[', '}': '{' }[sign]) return true;
  }
  return false;
}

function runsOfLetters(value: string): string[] {
  return value.match(/[A-Za-z]+/g) ?? [];
}

/** Mostly words, with some digits and signs between or after them: identifiers, versions, paths, and passwords of the simpler kind. */
function isWordy(value: string, { letters, digits }: Shape): boolean {
  if (digits > (letters + digits) * 0.45) return false;
  let inWords = 0;
  for (const run of value.match(/[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])/g) ?? [])
    if (isLikeWord(run)) inWords += run.length;
  return inWords >= (letters + digits) * 0.5;
}

function isLikeWord(run: string): boolean {
  return run.length >= 3 ? strangeness(run) < 4.6 : false;
}

interface Shape {
  letters: number;
  digits: number;
  /** How often a letter follows a digit or a digit a letter. */
  switches: number;
}

function isRandom(value: string, { letters, digits, switches }: Shape): boolean {
  const length = value.length;
  if (length < 8 || letters === 0) return false;
  if (/^[0-9a-f]+$/i.test(value)) return length >= 14 && letters >= 2 && digits >= 2;
  if (digits === 0)
    return (
      length >= 16 && letters >= length * 0.75 && runsOfLetters(value).some((run) => run.length >= 8 && isOdd(run))
    );
  if (length >= 16 && switches >= 3) return true;
  if (length >= 12 && switches >= 2 && runsOfLetters(value).some((run) => run.length >= 3 && strangeness(run) > 4.8))
    return true;
  if (length >= 20 && switches >= 1 && runsOfLetters(value).some((run) => run.length >= 6 && isOdd(run))) return true;
  return switches >= 3 && length >= 10;
}

function shapeOf(value: string): Shape {
  const shape = { letters: 0, digits: 0, switches: 0 };
  let before = 0;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    const letter = (unit | 32) - 97;
    const now = letter >= 0 && letter < 26 ? 1 : unit >= 48 && unit <= 57 ? 2 : 0;
    if (now === 1) shape.letters++;
    if (now === 2) shape.digits++;
    if (before + now === 3) shape.switches++;
    before = now;
  }
  return shape;
}
