// The signs that join a name and its value, in the languages that code, configuration, documents and command lines are written in.

/**
 * How a value stands to its name.
 * - `assign`: after `=`, `:`, `=>`, `:=`, `==`, `!=`, ...
 * - `call`: the first argument of a call of that name, `setPassword("...")`
 * - `pair`: the next argument or cell, `put("password", "...")`
 * - `named`: `name=` and `value=` beside each other, a name and its default, a field of a page and what is typed into it
 * - `element`: the text of an XML element or of the one after it
 * - `flag`: the next word of a command line, `--password ...`
 * - `directive`: a space between, at the start of a line, `requirepass ...`, `ENV TOKEN ...`
 * - `beside`: only a space or dash between, `SECRET 9f8e...`
 * - `prose`: a sentence, `the password is "..."`
 * - `before`: the other side of a comparison, `"..." == password`
 */
export type Form =
  | 'assign'
  | 'call'
  | 'pair'
  | 'named'
  | 'element'
  | 'flag'
  | 'directive'
  | 'beside'
  | 'prose'
  | 'before';

const ASSIGN =
  /(?:\(\))?(?:\\?["'`]|\*{1,2})?[\])]?(?:\[\d*\])?(?:[ \t]*\{[ \t]*get;[^{}\n]{0,40}\}|[ \t]*:[ \t]*[&*]?'?\[?[A-Za-z_][\w.<>[\]?|&; ]{0,40}(?=[ \t]+=[^=]|=["'`])|[ \t]+(?:As[ \t]+)?[A-Za-z_][\w.*<>[\]]{0,30}[ \t]+(?==[^=]))?[ \t]*(?:={1,3}>?|!={1,2}|:{1,3}=|:-(?=[^\s])|[?.+]=|\|\|=|:\*{0,2}|->|<-)[ \t]*(?:\\?\r?\n[ \t]*(?=["']))?/y;
const CALL = /\([ \t]*(?:\r?\n[ \t]*)?(?=[@buLNrf]?\\?["'`])/y;
const PAIR = /=?\\?["'`]?\]?["'`]?\)?[ \t]*,[ \t]*(?:\r?\n[ \t]*)?(?:<<)?(?=[[(]?[@buLNrf]?\\?["'`])/y;
const NAMED_PAIR =
  /["']?(?:[ \t]*,)?[ \t]*(?:\r?\n[ \t]*)?:?["']?(?:value|Value|default|defaultValue|content|with|[Pp]arameterValue)["']?[ \t]*(?:[:=]|=>)[ \t]*/y;
/** A field of a page and what a script types into it: `get('#password').type('...')`, `type('input[name=password]', '...')`. */
const TYPED =
  /["']?\]?["']?(?:\)[ \t]*)?(?:\)[ \t]*)?(?:\.clear\(\))?\.(?:type|fill|fill_in|sendKeys|send_keys|setValue|set_value|typeText|val|input|set)\([ \t]*(?=["'`])/y;
/** A matcher of a test: `expect(user.password).toBe('...')`. */
const EXPECTED =
  /(?:\(\))?\)(?:\.(?:to|be|should|and|have)){0,3}(?:\.(?:toBe|toEqual|toStrictEqual|equals?|eql?|isEqualTo|is)\(|[ \t]+to[ \t]+eq(?:l|ual)?[ \t(]+)[ \t]*(?=["'`])/y;
/** A block that gives a value: `let(:password) { '...' }`, `password { '...' }`. */
const BRACED = /\)?[ \t]*\{[ \t]*(?=["'][^"'\n]*["'][ \t]*\})/y;
const ELEMENT =
  /["']?(?:[ \t]+[\w:-]{1,30}=["'][^"'<>\n]{0,80}["']){0,4}[ \t]*>[ \t]*(?:\r?\n[ \t]*)?(?:<!\[CDATA\[|<(?:[Vv]alue|string)>)?(?=[^<\s])/y;
const SIBLING = /<\/[\w:-]{1,30}>\s{0,80}<[\w:-]{1,30}>(?=[^<\s])/y;
const PROSE =
  /["'`*]{0,2}[ \t]+(?:is|was|are|will be|set to|to|as|of)(?:[ \t]+(?:set to|now|still))?[ \t]*:?[ \t]*(?=["'`])/y;
const OR = /["']?[)\]]?[ \t]*(?:\?\?|\|\||\bor\b)[ \t]*(?=["'`])/y;
const BLOCK_DEFAULT = /["'][ \t]*\{[^{}]{0,300}?\bdefault[ \t]*=[ \t]*(?=")/y;
/** A parameter of CloudFormation: `DBPassword:`, its type, then `Default: ...`. */
const PARAMETER = /:[ \t]*\r?\n(?:[ \t]+(?!Default)[A-Z]\w{2,30}:[^\n]{0,120}\n){0,6}[ \t]+Default:[ \t]*/y;
/** `:password "..."`, as Clojure and Lisp write a key. */
export const LISP = /[ \t]+(?=")/y;
/** `the password \`...\``, in code marks of a document. */
const MARKED = /[ \t]+(?=`[^`\s]{4,80}`)/y;
const PROSE_BARE = /[ \t]+(?:is|was)(?:[ \t]+now)?[ \t]*:?[ \t]+(?=[\w!@#$%^&*-]{6})/y;
/** The first entry of a map, `passwords = {"bob": ...`, and of a list in YAML. */
export const MAP = /[[{(]\s{0,12}["'][^"'\n]{1,60}["'][ \t]*(?::|=>)[ \t]*(?:[\w.]{1,40}\([ \t]*)?(?=["'])/y;
export const ITEM = /\r?\n[ \t]*-[ \t]+(?=["']?[^\s:"'{[]{4,80}["']?[ \t]*(?:#|\r?\n|$))/y;
export const BLOCK = /[|>][+-]?\d?[ \t]*\r?\n[ \t]+(?=[^\s-])/y;
export const BESIDE = /[ \t]+|-(?=[A-Za-z0-9])/y;
export const PREFIX =
  /(?:!!\w+[ \t]+)?(?:[[{(][ \t]*(?:\r?\n[ \t]*)?(?:[\w.]+[ \t]*,[ \t]*)?)?(?:[@$&]|[bBuUrRfFLN]{1,2})?(?=\\?["'`])/y;
export const WRAP =
  /(?:await[ \t]+|new[ \t]+)?(?:[\w$]{1,60}(?:\.|::|->)){0,8}(?:String|string|str|strdup|bytes|bytearray|\[\]byte|Secret(?:Str|String|Value)?|Sensitive|SecureString|Password|from|from_str|from_static|valueOf|of|quote|b64encode|encodeBase64|btoa|GetBytes|Some|Just|literal|raw|plainText|unsafePlainText|StringVal|to_string|QStringLiteral|QLatin1String|QString|TEXT|_T|fromhex|unhexlify|decodeHex|hexToBytes|DecodeString|b64decode|md5|MD5|sha1|SHA1|SHA2|sha256|PASSWORD|OLD_PASSWORD|crypt|encrypt|ENCRYPT|bcrypt|hash|make|hashpw|hash_password|password_hash|generate_password_hash|make_password|encodePassword|hashPassword|HashPassword|hexdigest)!?\([ \t]*(?=[@buLNrf]?["'`])/y;
export const FALLBACK =
  /(?:process\.env\.\w{1,80}|(?=[\w.:]{3,160}[([])[\w.:]{0,80}(?:getenv|get_env|getEnv|environ|ENV|env|getProperty|lookup|fetch|GetEnvOrDefault|getOrDefault)[\w.:]{0,40}[([][ \t]*["'][\w.-]{1,60}["'](?:[)\]])?)[ \t]*(?:\|\||\?\?|\?:|or|,)[ \t]*(?=["'`])/y;
/** What stands before the first of two values, `debug ? "..." : "..."`. */
export const CHOICE = /(?:[\w.!()=<>&| \t]{1,60}\?|(?:Just|Some)(?=[ \t]))[ \t]*(?=["'`])/y;
export const SHELL_FALLBACK = /["']?\$\{\w{1,60}:?[-=](?=[^$}])/y;

/** Ways from a name to its value, in the order they are tried; `reach.ts` must let each of them through. */
export const WAYS: readonly (readonly [way: RegExp, form: Form])[] = [
  [PARAMETER, 'assign'],
  [ASSIGN, 'assign'],
  [CALL, 'call'],
  [NAMED_PAIR, 'named'],
  [TYPED, 'named'],
  [EXPECTED, 'named'],
  [BRACED, 'assign'],
  [PAIR, 'pair'],
  [OR, 'assign'],
  [BLOCK_DEFAULT, 'assign'],
  [SIBLING, 'element'],
  [ELEMENT, 'element'],
  [PROSE, 'prose'],
  [MARKED, 'prose'],
  [PROSE_BARE, 'prose'],
];
