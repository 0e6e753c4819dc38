// Passwords as arguments of calls, where no name stands beside them: `connect(host, user, "...")`. Which argument it is depends on the
// function; where nothing is known of it, the last text counts, and only when it does not look like a name.
import { type Argument, argumentsAt } from './assignment/arguments.ts';
import { isDefaultAccount, isReference, isStandIn, isWeak, strengthOf } from './assignment/literal.ts';
import { placeOf } from './assignment/place.ts';
import type { Detector } from './detector.ts';

const RULE = 'generic.login-call';

/** Place of the password among the arguments of functions that libraries define, by name in lower case. */
const PLACES: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [
        1,
        'networkcredential usernamepasswordcredentials usernamepasswordauthenticationtoken passwordauthentication pscredential httpbasicauth httpdigestauth httpproxyauth setbasicauth basicauth basic_auth digest_auth simpleauth basicawscredentials awscredentials staticcredentialsprovider passwordcredentials plaintextauthprovider simplebind simple_bind_s simple_bind bind_s oauthhandler addcredentials basicauthentication usernamepasswordcredential passwordauthenticator withbasicauth basiccredentials begin webcredentials httpbasicauthenticator httpbasic setcredentials crammd5auth basicauthenticator basic',
      ],
      [
        2,
        'mysqli_connect mysql_connect mysql_pconnect mysqli pdo getconnection ftp_login imap_open ssh2_auth_password plainauth create_user create_superuser createsuperuser sequelize directoryentry runas set_userpass ldap_bind odbc_connect ldap_bind_s ldap_simple_bind ldap_simple_bind_s oci_connect_to sqlsrv_login',
      ],
      [3, 'mysql_real_connect pqsetdblogin'],
      [4, 'open'],
    ] as const
  ).flatMap(([place, names]) => names.split(' ').map((name) => [name, place])),
);

/** Functions that take a password somewhere, the last text most often. */
const SIGNS_IN =
  /^(?!encode|decode|parse|mask|assert|expect|get_|has_|read_|load_)(?:\w{0,20}_)?(?:(?:log|sign)_?(?:in|on|up)(?:as|with\w{0,24}|request|user)?|(?:do|perform|try|new|api|user|admin|ui)?(?:login|signin|logon)(?:request|as|user|with\w{0,24}|dto|form|data)?|auth|authenticate(?:user|with\w{0,20})?|connect(?:_to_\w{2,20}|to\w{2,20})?|createuser(?:with\w{0,24})?|create(?:async|account)|add_?user|addidentity|generate_password_hash|make_password|hashpw|hash_?sync|compare_?sync|getauthenticator|fillfield|register(?:user)?|check_?password\w{0,6}|verify_?password|match_?password|addpasswordasync|\w{0,20}passwordasync|passwordsignin\w{0,8}|user|account|credentials?|userdto|usercredentials|logincommand|login(?:model|details|info)|oauth1?(?:session)?|newconfig|newtoken|newstaticcredentials\w{0,8}|newstaticv4|newcredentials?)$/;

const CALLEE = /[\w$]{2,40}$/;
const TOKEN = /^(?=\D{0,30}\d\D*\d)[\w.+/=-]{16,}$/;
const LOOK_BACK = 48;
/** Words that make a first argument the name of an event, not of a host. */
const EVENT = /(?:^|_)(?:connect|auth|user|account|register|authenticate)$/;

export const loginCalls: Detector = {
  rules: { [RULE]: 'user and password as the arguments of a call that signs in' },
  keywords: [
    ...['credential(', 'credentials(', 'authentication(', 'basicauth(', 'basic_auth', 'digestauth(', 'proxyauth('],
    ...['authenticationtoken(', 'authenticator(', 'simpleauth(', 'plainauth(', 'authprovider(', 'credentialsprovider('],
    ...[
      'bind(',
      'bind_s(',
      'oauthhandler(',
      'connect(',
      'mysqli(',
      'pdo(',
      'getconnection(',
      'ftp_login(',
      'imap_open(',
    ],
    ...[
      'auth_password(',
      'sequelize(',
      'directoryentry(',
      'runas(',
      'login(',
      'log_in(',
      'sign_in(',
      'signin(',
      'logon(',
    ],
    ...['loginrequest(', 'loginas(', 'withemailandpassword(', 'authenticate(', 'auth(', 'createuser(', 'create_user('],
    ...['superuser(', 'adduser(', 'add_user(', 'createasync(', 'passwordasync(', 'checkpassword(', 'check_password('],
    ...[
      'verifypassword(',
      'verify_password(',
      'register(',
      ' user(',
      'credentialsimpl(',
      'newconfig(',
      'newtoken(',
      'userpass(',
    ],
    ...[
      'connect_to_',
      'staticcredentials(',
      'newstaticv4(',
      'setdblogin(',
      'wifi.begin(',
      'password_hash(',
      'make_password(',
      'hashpw(',
      'hashsync(',
      'comparesync(',
    ],
    ...[
      '.open("get"',
      ".open('get'",
      '.open("post"',
      ".open('post'",
      'httpbasic(',
      '.basic(',
      'setcredentials(',
      'md5auth(',
      'fillfield(',
    ],
  ],
  detect(text, at, path, found) {
    const open = openingOf(text, at);
    if (open === undefined) return at + 1;
    const callee = CALLEE.exec(text.slice(Math.max(0, open - LOOK_BACK), open).trimEnd())?.[0].toLowerCase();
    if (callee === undefined) return open + 1;
    const place = PLACES[callee];
    if (place === undefined && !SIGNS_IN.test(callee)) return open + 1;
    const all = argumentsAt(text, open + 1);
    const secret = place === undefined ? lastText(all, callee) : all[place];
    if (place !== undefined) keysAmong(text, all, found);
    if (secret === undefined || !secret.text) return open + 1;
    const value = text.slice(secret.start, secret.end);
    // A token alone: `client.login("...")`, `redis.auth("...")`.
    if (all.length === 1 && !/pass|hash|compare/.test(callee) && !TOKEN.test(value)) return open + 1;
    if (isPassword(value, place !== undefined, path))
      found({ rule: RULE, start: secret.start, end: secret.end, confidence: 'likely' });
    return open + 1;
  },
};

/** A key and its secret, or two tokens: whatever is made by a machine. */
function keysAmong(text: string, all: readonly Argument[], found: Parameters<Detector['detect']>[3]): void {
  for (const { start, end, text: quoted } of all) {
    const value = text.slice(start, end);
    if (quoted && value.length >= 16 && /^[\w+/=-]+$/.test(value) && strengthOf(value) === 'random')
      found({ rule: RULE, start, end, confidence: 'likely' });
  }
}

/** The bracket that opens the arguments, or the space before the first of them in languages that need none. */
function openingOf(text: string, at: number): number | undefined {
  const back = text.slice(Math.max(0, at - 7), at + 1).lastIndexOf('(');
  if (back >= 0) return Math.max(0, at - 7) + back;
  for (let from = at; from < at + 40 && from < text.length; from++) {
    const unit = text.charCodeAt(from);
    if (unit === 40) return from;
    if (unit === 32 && /["']/.test(text.charAt(from + 1))) return from;
    if (unit <= 32 || unit === 34 || unit === 39) return undefined;
  }
  return undefined;
}

/** The last text; in a call with a host before and a database after it, the third of four. */
function lastText(all: readonly Argument[], callee: string): Argument | undefined {
  const texts = all.filter(({ text }) => text);
  if (texts.length === 0) return undefined;
  if (EVENT.test(callee) && texts.length === 1 && all.length > 1 && all[0] === texts[0]) return undefined;
  return texts.length >= 4 && callee.includes('connect') ? texts[2] : texts.at(-1);
}

/** Where a library says which argument it is, a plain word is one too, except in a test. */
function isPassword(value: string, known: boolean, path: string): boolean {
  const strength = strengthOf(value);
  if (strength === undefined || /\s/.test(value) || isStandIn(value) || isReference(value)) return false;
  const { fixture } = placeOf(path);
  if (isWeak(value)) return known && !fixture;
  if (strength === 'random' || strength === 'odd') return !/^\w+\.\w+$/.test(value);
  if (strength === 'mixed') return looksChosen(value) || strengthOf(value.replace(/\d+$/, '')) === 'odd';
  return known && !fixture && (strength === 'word' || /\d\W?$/.test(value)) && !isDefaultAccount(value);
}

/** Letters with digits that are no version, address, path or mail address. */
function looksChosen(value: string): boolean {
  if (
    /^[\w.+-]+@[\w-]+\.[\w.]+$|[/\\]|^[\d.:]+$|^[a-z]+[-_.]?v?\d$|\.\w{1,4}$|^(?:[a-z]+[-_.])+[a-z]*\d?$|:\d+$/i.test(
      value,
    )
  )
    return false;
  return /\d/.test(value) && /[a-z]/i.test(value);
}
