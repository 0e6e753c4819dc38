import { describe, expect, it } from 'vitest';
import { loginCalls } from '../../../src/scan/detectors/login-call.ts';

/** What is found in `text`; every offset of every keyword is tried, as the automaton would. */
function secretsIn(text: string, path = 'src/a.py'): string[] {
  const found: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at).toLowerCase();
    const keyword = loginCalls.keywords.find((one) => rest.startsWith(one));
    const end = at + (keyword?.length ?? 0) - 1;
    if (keyword === undefined || end < done) continue;
    done = loginCalls.detect(text, end, path, ({ start, end: to }) => found.push(text.slice(start, to)));
  }
  return found;
}

const PASSWORD = ['Kx9', 'w2!Lq'].join('');
const WORD = ['sunset', 'harbor'].join('');

describe('a call that signs in', () => {
  it.each([
    ['host, port, user and password', `ssh.connect('10.1.2.3', 22, 'root', '${PASSWORD}')`],
    ['a database after the password', `mysqli_connect("localhost", "shop", "${PASSWORD}", "shop2")`],
    ['variables before', `new mysqli($server, $user, "${PASSWORD}", $name)`],
    ['an array after', `new PDO('mysql:host=h;dbname=x', 'app', '${PASSWORD}', array(1 => 2))`],
    ['an arrow of Perl', `DBI->connect("DBI:mysql:x", "app", "${PASSWORD}");`],
    ['a URL before', `DriverManager.getConnection("jdbc:mysql://db/x", "app", "${PASSWORD}")`],
    ['a C call', `mysql_real_connect(con, "localhost", "app", "${PASSWORD}", "db", 0, NULL, 0);`],
    ['no brackets', `http.basic_auth 'bob', '${PASSWORD}'`],
    ['characters of a text', `new PasswordAuthentication("bob", "${PASSWORD}".toCharArray())`],
    ['lines of its own', `NetworkCredential(\n  "bob",\n  "${PASSWORD}")`],
    ['a domain after', `new NetworkCredential("bob", "${PASSWORD}", "ACME")`],
    ['an empty identity before', `smtp.PlainAuth("", "bob@acme.io", "${PASSWORD}", "smtp.acme.io")`],
    ['a mail address before', `User.objects.create_user('john', 'john@acme.io', '${PASSWORD}')`],
    ['a user of a test', `User u = new User("bob", "${PASSWORD}");`],
    ['a chain of calls', `given().auth().preemptive().basic("bob", "${PASSWORD}")`],
    ['one argument that is to be checked', `assert user.check_password("${PASSWORD}")`],
  ])('gives up its password: %s', (_what, text) => {
    expect(secretsIn(text)).toEqual([PASSWORD]);
  });

  it('gives up a key and its secret', () => {
    const key = ['4QHY9W9G26', 'H7RTSKPUTI'].join('');
    const secret = ['V4055TxT7xaOtk', 'OA1DxWBMC7aj39ECCFRm'].join('');
    expect(new Set(secretsIn(`new BasicAWSCredentials("${key}", "${secret}")`, 'A.java'))).toEqual(
      new Set([key, secret]),
    );
  });

  it('finds a token alone, not an address', () => {
    const token = ['V4055TxT7xaOtk', 'OA1DxWBMC7aj39ECCFRm'].join('');
    expect(secretsIn(`client.login('${token}')`)).toEqual([token]);
    expect(secretsIn("client.connect('mongodb://db7.acme.io:27017/x1')")).toEqual([]);
    expect(secretsIn(`encode_credentials("${token}")`)).toEqual([]);
  });

  it('finds the user and the password behind the address that is opened', () => {
    expect(secretsIn(`xhr.open("GET", url, true, "bob", "${PASSWORD}");`)).toEqual([PASSWORD]);
  });

  it('may have a plain word where the function says so, except in a test', () => {
    expect(secretsIn(`new NetworkCredential("bob", "${WORD}")`)).toEqual([WORD]);
    expect(secretsIn(`new NetworkCredential("bob", "${WORD}")`, 'test/a.cs')).toEqual([]);
    expect(secretsIn(`login("bob", "${WORD}")`)).toEqual([]);
  });

  it.each([
    ['words that only say what belongs there', 'login("username", "password")'],
    ['an event', 'emitter.connect("signal-name1", "handler-name1")'],
    ['a variable', 'mysqli_connect("localhost", "shop", $password, "shop2")'],
    ['an address', 'client.connect("10.0.0.1", "db.acme.io:5432")'],
    ['a route', "auth('api/v1', 'users/2')"],
    ['a mail address', "register('bob', 'bob2@acme.io')"],
    ['a call that does not end', `connect('h', 'bob', '${PASSWORD}`],
  ])('is left alone: %s', (_what, text) => {
    expect(secretsIn(text)).toEqual([]);
  });
});
