// No input makes a scan run away. What is measured is the processor time of this process, which other programs do not stretch as
// they stretch a clock's; the bound is generous, because what runs away takes a minute and not twice its time.
import { beforeAll, describe, expect, it } from 'vitest';
import { createScanner, loadBuiltIn, prepareScanner, type Scanner } from '../../src/scan/index.ts';

const SIZE = 1 << 18;
/** Milliseconds of processor time for a quarter of a megabyte, which takes at most 250 to 500 on the machines that were measured. */
const MOST = 2000;

const fill = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);

const PIECES = [
  ...['key=', 'token "', 'auth:', 'password=', 'algolia_token=', 'token ', 'token=a', 'secret: ', 'token.', 'token::'],
  ...['a', '0', '_', '.', '/', '\\', '"', "'", '{', '[', '(', '=', ' ', '\n', '%41', '\\u0041', '://', 'a:b@'],
  ...['-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\n', '-----BEGIN', 'eyJ', 'eyJ.', 'mysql://'],
  ...['var token=a.b.c(d),key=e.f;', '{"password":', 'key=getenv', 'auth=env.env', 'key   ', 'key="'],
];

let scanner: Scanner;
let keywords: string[];

beforeAll(async () => {
  scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
  keywords = [...new Set((await loadBuiltIn()).flatMap((rule) => rule.keywords))];
  // Expressions are compiled when they are first tried; that is paid once, not by each text.
  scanner.scanText(keywords.join('="'));
});

function cost(scan: (text: string) => unknown, text: string): number {
  const before = process.cpuUsage();
  scan(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('the scan of a text made to take long', () => {
  it.each(PIECES)('of %j costs no more than its length', (piece) => {
    const text = fill(piece);
    expect(cost((one) => scanner.scanText(one, { path: 'a.js' }), text)).toBeLessThan(MOST);
    expect(cost((one) => scanner.scanBytes(Buffer.from(one), { path: 'a.js' }), text)).toBeLessThan(MOST);
    expect(cost((one) => scanner.scanDeep(one), text)).toBeLessThan(MOST);
  });

  it.each(['', '=', ' ', '="', '\n'])('of every keyword of every rule, joined by %j, costs no more', (joint) => {
    expect(cost((one) => scanner.scanDeep(one), fill(keywords.join(joint)))).toBeLessThan(MOST);
  });

  it('of base64 in base64 costs no more', () => {
    let text = fill('token = ').slice(0, SIZE / 4);
    for (let depth = 0; depth < 4; depth++) text = Buffer.from(text).toString('base64');
    expect(cost((one) => scanner.scanDeep(one), text)).toBeLessThan(MOST * 4);
  });
});

describe('a text that takes more work than its budget', () => {
  it('has findings where it was not looked at', () => {
    const found = scanner.scanText(fill('token "'));
    expect(found.filter(({ rule }) => rule === 'sotto.unscannable')).not.toEqual([]);
  });

  it('has the same findings every time', () => {
    const text = fill('algolia_token=');
    expect(scanner.scanText(text)).toEqual(scanner.scanText(text));
  });

  it('still has the password in the middle of many names among its findings', () => {
    const secret = ['Gh7', 'kQ2', 'vX9', 'mT4', 'zR'].join('');
    const crowd = 'token auth key '.repeat(400);
    const text = `${crowd}\npassword = "${secret}"\n${crowd}`;
    const at = text.indexOf(secret);
    expect(scanner.scanText(text).some(({ start, end }) => start <= at && end >= at + secret.length)).toBe(true);
  });
});
