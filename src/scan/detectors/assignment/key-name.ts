// What the name of a variable, field, flag or header promises about its value. A name is split into words (camelCase, snake_case,
// kebab-case, dots); its last word is what it names, so `token_count` and `passwordPath` hold no secret and `dbPassword2` does.

/**
 * How a name speaks of a secret.
 * - `password`: chosen by people, so a word may be one
 * - `secret`, `token`: made by machines, mostly
 * - `key`: may be a key of anything; only values that look random count
 */
export type KeyKind = 'password' | 'secret' | 'token' | 'key';

const list = (words: string) => new Set(words.split(' '));

const PASSWORD = list(
  'password passwd passwort passwords passphrase passphrases passcode pwd pass pw psw pswd passwrd passw pasword passwordhash kennwort contrasena contrasenia senha mdp motdepasse wachtwoord haslo parola storepass keypass userpass dbpass mypass rootpass adminpass pgpassword mysqlpassword userpassword dbpassword rootpassword adminpassword keystorepassword truststorepassword requirepass masterauth keymaterial bindpw rootpw adminpw userpw dbpw',
);
const SECRET = list(
  'secret secrets secrete credential credentials cred creds privatekey secretkey encryptionkey signingkey masterkey clientsecret appsecret apisecret mnemonic pepper passkey secretkeybase presharedkey sharedsecret clientkey',
);
const TOKEN = list(
  'token tokens apikey apikeys accesskey authkey authtoken accesstoken refreshtoken apitoken bearer jwt appkey consumerkey licensekey accountkey sharedkey subscriptionkey oauth apicode sessionkey sessionid sessid usertoken bottoken idtoken pat sas',
);
const KEY = list('key keys salt nonce seed session webhook hash ticket otp pin code verifier iv');

/** Last words that turn a name into something else than the secret: where it lies, how it is called, how long it is. */
const NOT_THE_SECRET = list(
  'path paths file files filename filenames dir directory folder location url urls uri uris link href endpoint host hostname port address addr domain ' +
    'name names label labels title text placeholder hint message messages msg error errors err description desc comment help prompt caption question ' +
    'count counts length len size max min limit limits number num total index idx position offset width height strength score level ' +
    'type types kind format formats pattern regex regexp regexes mode method methods algorithm alg algo cipher charset encoding scheme schema protocol ' +
    'field fields column columns table tables param params parameter parameters argument arguments option options attribute attributes property properties prop props selector xpath element input form page view screen button icon image color class classes ' +
    'policy policies rule rules validator validators validation validate requirements expiry expires expiration expired ttl timeout lifetime age date time timestamp at on by until since days hours minutes seconds created updated ' +
    'command commands cmd collection operation action annotation flow alpha beta levels level points point policy endpoint ' +
    'enabled disabled enable disable required optional allowed valid invalid visible exists missing set changed reset forgot forgotten confirmed match mismatch success failure failed ' +
    'manager provider providers service services factory store storage handler helper resolver generator encoder decoder parser reader writer builder client server source sources backend engine adapter plugin module package lib library util utils filter interceptor listener event events callback hook request response result results ' +
    'prefix suffix version status state scope scopes role roles group groups permission permissions usage user users username email domain realm issuer audience claim claims ' +
    'list array map dict table set pool queue stream buffer cache object json xml yaml node tree id ids uuid guid arn ref reference refs references alias aliases tag tags category namespace region zone bucket env var variable variables ' +
    'header headers footer column template templates test tests spec example examples sample samples fixture docs doc readme frame frames code codes down up press bindings binding board chain word words stroke value1 driver drivers expect feed change changes encodage',
);

/** Meant to be seen. */
const PUBLIC = list('public pub publishable csrf xsrf authenticity antiforgery');

/** Words that speak of tokens and keys in general, wherever they stand in the name. */
const ABOUT = list(
  'version type kind mode command commands cmd collection endpoint algorithm algo annotation operation action flow event constant enum prefix suffix regex pattern format',
);

/** Words of names for the numbers that programs give to passwords, and what they ask about them. */
const NUMBERED = list('guid uuid oid attid flag flags mask bit bits ioctl opnum req askpass');

/** Words before the last one that make a `key` or `token` an ordinary one. */
const ORDINARY_BEFORE = list(
  'public max min total num per pub publishable primary foreign partition sort cache caching group map hash dict object json i18n translation locale message lookup index routing row column unique composite natural surrogate candidate parent child hot short shortcut arrow enter escape tab meta alt ctrl shift function modifier keyboard press down up idempotency dedupe query property prop attribute field header config setting settings store storage registry item entity record param parameter ssh_rsa rsa_public page next continuation start end previous prev cursor sync change pagination marker stop pad eos bos unk sep cls mask special begin lexer parser comma semicolon operator punctuation keyword identifier string number comment current last first expected unexpected invalid test_name template dictionary data input output sub no not without use has is need needs require requires should can want allow websocket repository',
);

/** English words that end like a name of a secret and are none. */
const PLAIN_WORDS = list(
  'monkey turkey donkey jockey hockey whiskey lackey smokey hotkey passkeys ctoken bypass compass trespass surpass overpass underpass encompass multipass singlepass renderpass',
);

/** Words that promise something only at the end of a name: `X-Auth`, `USER_ACCESS`. */
const LAST_ONLY: Readonly<Record<string, KeyKind>> = {
  auth: 'token',
  authorization: 'token',
  access: 'token',
  private: 'secret',
  psk: 'secret',
};

/** With a word of any language before them: `smtppass`, `newpassword`. */
const PASSWORD_ENDS = ['password', 'passwd', 'passphrase', 'pass'];

const SPLIT = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

const known = new Map<string, KeyKind | null>();

/** The kind of secret that `name` promises, or undefined. Remembers what it has seen: the same few names fill a tree. */
export function keyKind(name: string): KeyKind | undefined {
  let kind = known.get(name);
  if (kind === undefined) {
    kind = classify(name) ?? null;
    if (known.size > 20_000) known.clear();
    known.set(name, kind);
  }
  return kind ?? undefined;
}

function classify(name: string): KeyKind | undefined {
  const words = wordsOf(name);
  // An attribute of HTML.
  if (words[0] === 'data' && name.startsWith('data-')) words.shift();
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const kind = kindOfWords(words) ?? LAST_ONLY[last];
  if (kind === undefined) return undefined;
  if (NOT_THE_SECRET.has(last)) return undefined;
  if (kind === 'password') return words.some((word) => NUMBERED.has(word)) || words[0] === 'no' ? undefined : kind;
  if (words.some((word) => PUBLIC.has(word) || ABOUT.has(word))) return undefined;
  if (last === 'salt') return kind;
  if (kind !== 'secret' && ownWords(name, kind, words).some((word) => ORDINARY_BEFORE.has(word))) return undefined;
  return kind;
}

/** The words before the last one; of `req.query.token` only those of the part that promises a token, for the rest are objects. */
function ownWords(name: string, kind: KeyKind, words: readonly string[]): readonly string[] {
  const own = name.includes('.') ? wordsOf(name.slice(name.lastIndexOf('.') + 1)) : words;
  return (kind === 'token' && kindOfWords(own) === 'token' ? own : words).slice(0, -1);
}

function wordsOf(name: string): string[] {
  return (name.match(SPLIT) ?? []).map((word) => word.toLowerCase()).filter((word) => !/^\d+$/.test(word));
}

/** The strongest promise of any word, or of two neighbours joined (`api_key`, `private-key`). */
function kindOfWords(words: readonly string[]): KeyKind | undefined {
  let best: KeyKind | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const pair = word + (words[i + 1] ?? '');
    if (PASSWORD.has(word) || PASSWORD.has(pair) || PASSWORD_ENDS.some((end) => isJoined(word, end))) return 'password';
    if (SECRET.has(word) || SECRET.has(pair) || isJoined(word, 'secret')) best = 'secret';
    else if (
      best !== 'secret' &&
      (TOKEN.has(word) || TOKEN.has(pair) || isJoined(word, 'token') || isJoined(word, 'apikey'))
    )
      best = 'token';
    else if (best === undefined && (KEY.has(word) || isJoined(word, 'key'))) best = 'key';
  }
  return best;
}

/** `word` ends in `end` with a word of any language before it: `newpassword`, `slapikey`. */
function isJoined(word: string, end: string): boolean {
  return word.length > end.length && word.endsWith(end) && !PLAIN_WORDS.has(word);
}
