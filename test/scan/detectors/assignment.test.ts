import { describe, expect, it } from 'vitest';
import { assignments } from '../../../src/scan/detectors/assignment.ts';

/** What is found in `text`: the secrets and their rules. Every offset of every keyword is tried, as the automaton would. */
function secretsIn(text: string, path: string): string[] {
  const bytes = Buffer.from(text).toString('latin1');
  const found: string[] = [];
  let done = 0;
  for (let at = 0; at < bytes.length; at++) {
    const rest = bytes.slice(at).toLowerCase();
    if (at < done || !assignments.keywords.some((keyword) => rest.startsWith(keyword))) continue;
    done = assignments.detect(bytes, at, path, (secret) => found.push(bytes.slice(secret.start, secret.end)));
  }
  return [...new Set(found)];
}

// Made up, and in parts: no scanner shall take this file for a leak.
const PASSWORD = ['Kx9', 'w2!Lq'].join('');
const TOKEN = ['7Kp2xVq9', 'TzLm4WbN', 'c8RfYd3J'].join('');
const ODD = ['xhb', 'gpen'].join('');
const HEX = ['b6907d289e10d714', 'a6e88b30761fae22'].join('');
const NUMBERED = ['falcon', '_26!'].join('');
const WORD = ['lisbon', 'trumpet'].join('');
const SALT = ['L222m', '^t1c*'].join('');
const NONCE = ['9f4e', '4b4e'].join('');
const PHRASE = ['all along', 'the watchtower'].join(' ');

const FOUND: [shape: string, text: string, secret: string, path?: string][] = [
  ['a shell variable', `export DB_PASSWORD=${PASSWORD}`, PASSWORD, 'run.sh'],
  ['an environment file', `API_KEY=${TOKEN}\n`, TOKEN, '.env'],
  ['an environment file with a comment', `PASS=${PASSWORD} # staging`, PASSWORD, '.env'],
  ['a string', `const password = "${PASSWORD}";`, PASSWORD, 'a.ts'],
  ['a typed constant', `val apiKey: String = "${TOKEN}"`, TOKEN, 'a.kt'],
  ['a field of C', `.secret_key = "${TOKEN}",`, TOKEN, 'a.c'],
  ['an Objective-C string', `NSString *password = @"${PASSWORD}";`, PASSWORD, 'a.m'],
  ['a JSON field', `{"clientSecret": "${TOKEN}"}`, TOKEN, 'a.json'],
  ['JSON inside a string', `"{\\"password\\":\\"${PASSWORD}\\"}"`, PASSWORD, 'a.js'],
  ['a hash of Ruby', `:password => '${PASSWORD}',`, PASSWORD, 'a.rb'],
  ['an array of PHP', `$config['db_pass'] = '${PASSWORD}';`, PASSWORD, 'a.php'],
  ['YAML', `password: ${PASSWORD}`, PASSWORD, 'a.yaml'],
  ['a phrase in YAML', `passphrase: ${PHRASE} # comment`, PHRASE, 'a.yaml'],
  ['base64 in YAML', `password: ${['dG9wLVNl', 'Y3JldA=='].join('')}`, ['dG9wLVNl', 'Y3JldA=='].join(''), 'a.yaml'],
  ['a name and a value in YAML', `- name: DB_PASSWORD\n  value: "${PASSWORD}"`, PASSWORD, 'a.yaml'],
  ['a default of HCL', `variable "db_password" {\n  type = string\n  default = "${PASSWORD}"\n}`, PASSWORD, 'a.tf'],
  ['properties', `spring.datasource.password=${PASSWORD}`, PASSWORD, 'a.properties'],
  ['an XML element', `<password>${PASSWORD}</password>`, PASSWORD, 'a.xml'],
  ['an XML pair', `<add key="SmtpPassword" value="${PASSWORD}"/>`, PASSWORD, 'web.config'],
  ['a plist', `<key>apiToken</key>\n<string>${TOKEN}</string>`, TOKEN, 'a.plist'],
  ['a Dockerfile', `ENV DB_PASSWORD ${PASSWORD}`, PASSWORD, 'Dockerfile'],
  ['a macro', `#define WIFI_PASSWORD "${PASSWORD}"`, PASSWORD, 'a.h'],
  ['a flag', `tool --api-token ${TOKEN} --verbose`, TOKEN, 'run.sh'],
  ['a setter', `user.setPassword("${PASSWORD}");`, PASSWORD, 'A.java'],
  ['a put', `env.put("password", "${PASSWORD}");`, PASSWORD, 'A.java'],
  ['a wrapped string', `password = new String("${PASSWORD}");`, PASSWORD, 'A.java'],
  ['a fallback', `const key = process.env.API_KEY || "${TOKEN}"`, TOKEN, 'a.js'],
  ['a fallback of the shell', `TOKEN=\${TOKEN:-${TOKEN}}`, TOKEN, 'run.sh'],
  ['a comparison', `if (user.password === "${PASSWORD}") {`, PASSWORD, 'a.js'],
  ['a comparison the other way round', `if ("${PASSWORD}" == password) {`, PASSWORD, 'a.js'],
  ['a header', `curl -H "X-Api-Key: ${TOKEN}" https://x`, TOKEN, 'run.sh'],
  ['a query', `https://x/y?api_key=${TOKEN}&z=1`, TOKEN, 'a.txt'],
  ['a sentence', `The password is "${PASSWORD}".`, PASSWORD, 'a.txt'],
  ['a note', `acme SECRET ${HEX}`, HEX, 'notes.txt'],
  ['a name that the value is joined to', `acme-secret-key-${HEX}`, HEX, 'notes.txt'],
  ['random letters in a test', `'Password': '${ODD}',`, ODD, 'test/a.py'],
  ['a passphrase', `passphrase := "${PHRASE}"`, PHRASE, 'a.go'],
  ['a default of an option', `@click.option("--db-pass", default="${ODD}")`, ODD, 'a.py'],
  ['an option of a test of a page', `fill_in 'Password', with: '${PASSWORD}'`, PASSWORD, 'spec/a.rb'],
  ['what is typed into a field', `cy.get('#password').type('${PASSWORD}')`, PASSWORD, 'cypress/a.js'],
  ['what is typed into a selector', `await page.type('input[name=password]', '${PASSWORD}')`, PASSWORD, 'test/a.js'],
  ['a matcher', `expect(config.password).toBe('${PASSWORD}')`, PASSWORD, 'test/a.js'],
  ['an assertion', `assertEquals("${PASSWORD}", account.getPassword());`, PASSWORD, 'src/test/A.java'],
  ['a block that gives a value', `let(:password) { '${PASSWORD}' }`, PASSWORD, 'spec/a_spec.rb'],
  ['bytes of a text', `apiSecret := []byte("${TOKEN}")`, TOKEN, 'a.go'],
  ['a hash of a text', `UPDATE users SET password = MD5('${PASSWORD}')`, PASSWORD, 'a.sql'],
  ['the first of a choice', `String password = isProd ? "${PASSWORD}" : "x";`, PASSWORD, 'A.java'],
  ['the second of a choice', `const pass = isProd ? "x" : "${PASSWORD}";`, PASSWORD, 'a.js'],
  ['an argument after others', `buildConfigField "String", "API_SECRET", "\\"${TOKEN}\\""`, TOKEN, 'build.gradle'],
  ['a name that ends in pass', `smtppass = '${ODD}'`, ODD, 'a.php'],
  ['a name that ends in pw', `bindpw = "${PASSWORD}"`, PASSWORD, 'a.conf'],
  ['the second field of a password', `password_confirmation: '${PASSWORD}'`, PASSWORD, 'a.rb'],
  ['a word and a number', `password = "${NUMBERED}"`, NUMBERED, 'a.py'],
  ['a word and a number in a test', `password: '${NUMBERED}',`, NUMBERED, 'test/a.js'],
  ['a word that signs', `JWT_SECRET=${WORD}`, WORD, '.env'],
  ['words that sign a session', `session({ secret: '${WORD}', resave: false })`, WORD, 'a.js'],
  ['a salt with signs', `const salt = "${SALT}";`, SALT, 'a.js'],
  ['a short nonce of OAuth', `oauth_nonce: '${NONCE}',`, NONCE, 'test/a.js'],
  ['a name and a blank before the sign', `const pass = '${ODD}'`, ODD, 'test/a.js'],
  ['an array of C', `char pass[] = "${PASSWORD}";`, PASSWORD, 'a.ino'],
  ['a property of C#', `public string ClientSecret { get; set; } = "${TOKEN}";`, TOKEN, 'a.cs'],
  ['bytes of Rust', `const SECRET: &[u8] = b"${TOKEN}";`, TOKEN, 'a.rs'],
  ['brackets round a text on its own line', `"password": (\n    "${PASSWORD}"\n)`, PASSWORD, 'a.py'],
  ['a tuple of Erlang', `{default_pass, <<"${PASSWORD}">>}`, PASSWORD, 'a.config'],
  ['a key of Clojure', `{:user "sa" :password "${PASSWORD}"}`, PASSWORD, 'a.edn'],
  ['a definition of Lisp', `(setq erc-password "${PASSWORD}")`, PASSWORD, 'a.el'],
  ['a map that is written as a list', `Map.of("user", "bob", "password", "${PASSWORD}")`, PASSWORD, 'A.java'],
  ['a flag in a list of arguments', `["tool", "--password", "${PASSWORD}"]`, PASSWORD, 'a.py'],
  ['a password that is stored as it is', `.withUser("bob").password("{noop}${PASSWORD}")`, PASSWORD, 'A.java'],
  ['a parameter of CloudFormation', `DBPassword:\n    Type: String\n    Default: ${PASSWORD}\n`, PASSWORD, 'a.yaml'],
  ['words in an environment file', `SECRET=${PHRASE} tonight`, `${PHRASE} tonight`, '.env'],
  ['an attribute of HTML', `<div data-api-key="${TOKEN}">`, TOKEN, 'a.html'],
  ['the result of a call that is compared', `if u.Password() != "${PASSWORD}" {`, PASSWORD, 'a.go'],
  ['an assertion with the test before', `assert.Equal(t, "${PASSWORD}", c.Password)`, PASSWORD, 'a_test.go'],
  ['a value of Haskell', `connectPassword = Just "${PASSWORD}"`, PASSWORD, 'a.hs'],
  ['a string of Qt', `kToken = QStringLiteral("${TOKEN}");`, TOKEN, 'a.cpp'],
  ['the key of a wireless network', `<keyMaterial>${PASSWORD}</keyMaterial>`, PASSWORD, 'a.xml'],
  ['a token of an object with a plain name', `if (req.query.token !== '${TOKEN}') return`, TOKEN, 'a.js'],
  ['code marks in a document', `Enter the password \`${PASSWORD}\` there.`, PASSWORD, 'README.md'],
  ['a seed in hex', `"seed": "${HEX}${HEX}"`, HEX + HEX, 'a.json'],
  ['brackets that no code has', 'secret = m{{h}o)p$' + '{e]nob(ody]', 'm{{h}o)p$' + '{e]nob(ody]', 'a.ini'],
];

const NOT_FOUND: [what: string, text: string, path?: string][] = [
  ['a variable of the shell', 'PASSWORD=$DB_PASSWORD', 'run.sh'],
  ['a template', 'password: {{ .Values.password }}', 'a.yaml'],
  ['a reference', 'const password = process.env.PASSWORD;', 'a.js'],
  ['a call', 'api_key = config.get("api_key")', 'a.py'],
  ['a type', 'password: string;', 'a.ts'],
  ['a parameter', 'def login(user, password=None):', 'a.py'],
  ['a placeholder', 'password = "<your-password>"', 'a.ini'],
  ['stars', 'password: "********"', 'a.yaml'],
  ['a word that asks for one', 'API_KEY=your-api-key-here', '.env'],
  ['a number of C', 'const uint64_t seed_prime = 0xff51afd7ed558ccdULL;', 'a.h'],
  ['a list of names', `fields = ["user", "password", "remember_me2"]`, 'a.py'],
  ['a text of a form beside its field', `password_confirmation: "Passwords differ"`, 'a.rb'],
  ['a nonce of a page', `<script nonce="${['iyhD0Y', 'c0W+c='].join('')}">`, 'a.html'],
  ['a word that is no password', 'bypass = "something_12"', 'a.py'],
  ['the name of a secret of a cluster', 'secret: database-login', 'a.yaml'],
  ['a token of an ordinary sort', `const nextPageToken = "${TOKEN}"`, 'a.ts'],
  ['a name in code marks', 'the password `min_length` option', 'README.md'],
  ['the length of one', 'const passwordLength = "at least 12";', 'a.ts'],
  ['the name of one', 'secretName: "db-credentials-v2"', 'a.yaml'],
  ['the path of one', `token_path = "/run/secrets/${HEX}"`, 'a.ini'],
  ['a public key', `publicKey: "${TOKEN}"`, 'a.ts'],
  ['a primary key', `primary_key = "${TOKEN}"`, 'a.rb'],
  ['a cache key', `cacheKey: "${HEX}"`, 'a.ts'],
  ['a key on the keyboard', 'key: "ArrowDown"', 'a.ts'],
  ['a count of tokens', 'max_tokens: "4096tokens1"', 'a.py'],
  ['a message', '"password": "Please enter your password"', 'en.json'],
  ['a label', '"password": "Passwort"', 'locales/de.json'],
  ['a word in a test', 'user.password = "chicken"', 'test/user_test.rb'],
  ['a weak word in a document', 'password: "hunter2"', 'README.md'],
  ['a bare number of JSON', '{"secret": 12345678901234}', 'a.json'],
  ['a digest', `checksum_key = "sha256:${HEX}"`, 'a.yaml'],
  ['a lock file', `"token": "${ODD}"`, 'package-lock.json'],
  ['a constant', '"PGSSLKEY" => "client.key", "PGSSLROOTCERT" => "root.crt"', 'a.rb'],
  ['a flag after a flag', 'adduser --disabled-password --no-create-home', 'run.sh'],
  ['an array of names', '["password", "secret_token", "api_key"]', 'a.js'],
  ['a label in another language', `$labels['password'] = 'Contrase\u00f1a';`, 'labels.php'],
  ['a number in hexadecimal', 'PASSWORD_NO_CLEAR_CHANGE = 0x00000004,', 'samr.h'],
  [
    'the number of a password',
    `const GUID_EXPIRE_PASSWORD = "${['3f2504e0-4f89-', '41d3-9a0c-0305e82c3301'].join('')}"`,
    'a.h',
  ],
  ['a working directory', 'USER=go\nPWD=/usr/local/src', 'run.env'],
  ['the path of a program', `password_tool: '/usr/local/sbin/dovecotpw'`, 'a.yaml'],
  ['an anonymous login', `this._password = "anon@acme.io";`, 'a.js'],
  ['a dword of the registry', '"EnablePlainTextPassword"=dword:00000001', 'a.reg'],
  ['a value made of variables', 'PATH_PASSWD_PROG="$as_dir$ac_word$ac_ext"', 'configure'],
  ['a key of a monitor', `key: 'haproxy.backend.hrsp_4xx.rate[{#PXNAME},{#SVNAME}]'`, 'a.yaml'],
  ['a key of words', `key: "back-to-dashboard",`, 'a.js'],
  ['a key of AES from the standard', `key = "${['2b7e151628aed2a6', 'abf7158809cf4f3c'].join('')}"`, 'aes.rs'],
  ['a key that counts', `key = "${['c0c1c2c3c4c5c6c7', 'c8c9cacbcccdcecf'].join('')}"`, 'aes.rb'],
  ['the alphabet as a secret', `Secret: "${['abcdef', '0123456789'].join('')}"`, 'token_test.go'],
  ['a pinned public key', `pinnedpubkey = "sha256//${['bSIggTf-ikMG0C', 'tmDlpMVBd7yi7H1md4'].join('')}"`, 'a.conf'],
  ['a cipher suite', 'TLS_CIPHER_PSK = "PSK-AES128-CBC-SHA"', 'tls.ini'],
  ['a name in code', 'tests := {hexKey: hexPKCS8TestPKCS1Key, want: "x"}', 'a_test.go'],
  ['text between two strings', `'Credential=' + params.access_key + '/' + scope`, 'a.yaml'],
  ['a private method that asks', `self._get_password("virtualCryptSHA512")`, 'a.py'],
  ['a locale', '"en_PW": "en_001"', 'locales.json'],
  ['a port of a service', 'kpasswd  464/tcp', 'services'],
  ['a weak word in a comment', '  //   login({ password: "abc123" })', 'src/a.ts'],
  ['the name of a scheme', '"auth":["aws.auth#sigv4"]', 'a.js'],
];

describe('assignments', () => {
  it.each(FOUND)('finds the secret in %s', (_shape, text, secret, path = 'a.txt') => {
    expect(secretsIn(text, path)).toEqual([secret]);
  });

  it.each(NOT_FOUND)('finds nothing in %s', (_what, text, path = 'a.txt') => {
    expect(secretsIn(text, path)).toEqual([]);
  });

  it('takes only the first piece of a long run of assignments', () => {
    const text = `token=${TOKEN}=${'password='.repeat(50)}`;
    expect(secretsIn(text, 'a.txt')).toEqual([TOKEN]);
  });

  it('looks at a bounded stretch after each name, whatever follows', () => {
    const text = `password="${'a1'.repeat(5000)}`;
    expect(secretsIn(text, 'a.txt')).toEqual([]);
  });
});

it('finds every value of a list and of a choice', () => {
  expect(secretsIn(`passwords = ["${PASSWORD}", "${ODD}"]`, 'a.py')).toEqual([PASSWORD, ODD]);
  expect(secretsIn(`passwords:\n  - ${PASSWORD}\n  - ${ODD}\nusers:\n  - bob\n`, 'a.yaml')).toEqual([PASSWORD, ODD]);
  expect(secretsIn(`passwords = {"bob": "${PASSWORD}", "ann": "${ODD}"}`, 'a.py')).toEqual([PASSWORD, ODD]);
  expect(secretsIn(`password = isProd ? "${PASSWORD}" : "${ODD}"`, 'a.js')).toEqual([PASSWORD, ODD]);
  expect(secretsIn(`password = "${PASSWORD}", "${ODD}"`, 'a.py')).toEqual([PASSWORD]);
});
