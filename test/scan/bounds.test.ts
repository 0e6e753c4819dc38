// No input makes a scan run away: a megabyte takes a second of processor time at most. It is measured on a quarter of one, and on a whole
// one for what was slow once. The time is this process's own, which other programs do not stretch as they stretch a clock's; what takes
// too long is tried again, because a first run also compiles.
import { beforeAll, describe, expect, it } from 'vitest';
import { createScanner, loadBuiltIn, prepareScanner, type Scanner } from '../../src/scan/index.ts';

const SIZE = 1 << 18;
/** Milliseconds of processor time for a quarter of a megabyte, and for a whole one: three times and twice what is meant, for slow machines. */
const MOST = 750;
const MOST_OF_ALL = 2000;

const fill = (piece: string, size = SIZE) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

const PIECES = [
  ...['key=', 'token "', 'auth:', 'password=', 'algolia_token=', 'token ', 'token=a', 'secret: ', 'token.', 'token::'],
  ...['a', '0', '_', '.', '/', '\\', '"', "'", '{', '[', '(', '=', ' ', '\n', '%41', '\\u0041', '://', 'a:b@'],
  ...['-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----\n', '-----BEGIN', 'eyJ', 'eyJ.', 'mysql://'],
  ...['var token=a.b.c(d),key=e.f;', '{"password":', 'key=getenv', 'auth=env.env', 'key   ', 'key="'],
  ...[
    'kind: secret',
    'kind: secret"',
    'pwd="',
    'pwd:',
    'pass::',
    'password-',
    '@\\',
    'eyj\\',
    '=41',
    '&#65;',
    'user\\',
  ],
  ...[
    '\\x41',
    '0x41,',
    'Ab3',
    'AAAAAAAAAAAAAAAAAAAA\n',
    'some_long_method_name ',
    '\u200b',
    'key=\\u0041',
    '-----begin',
  ],
];

/** Slow once, for a time that grew with the square of the length. */
const SLOW = ['key:', 'auth:', 'token "', 'kind: secret', 'pwd="', '@\\', '%41', 'algolia_token='];

let scanner: Scanner;
let keywords: string[];

beforeAll(async () => {
  scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
  keywords = [...new Set((await loadBuiltIn()).flatMap((rule) => rule.keywords))];
  // Expressions are compiled when they are first tried; that is paid once, not by each text.
  scanner.scanText(keywords.join('="'));
});

function costOnce(scan: (text: string) => unknown, text: string): number {
  const before = process.cpuUsage();
  scan(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The better one of two runs, where the first one is not good enough. */
function cost(scan: (text: string) => unknown, text: string, most = MOST): number {
  const first = costOnce(scan, text);
  return first < most ? first : Math.min(first, costOnce(scan, text));
}

describe('the scan of a text made to take long', () => {
  it.each(PIECES)('of %j costs no more than its length', (piece) => {
    const text = fill(piece);
    expect(cost((one) => scanner.scanText(one, { path: 'a.js' }), text)).toBeLessThan(MOST);
    expect(cost((one) => scanner.scanBytes(Buffer.from(one), { path: 'a.js' }), text)).toBeLessThan(MOST);
    expect(cost((one) => scanner.scanDeep(one), text)).toBeLessThan(MOST);
  });

  it.each(SLOW)('of a megabyte of %j takes a second at most', (piece) => {
    const text = fill(piece, 1 << 20);
    const most = MOST_OF_ALL;
    expect(cost((one) => scanner.scanText(one, { path: 'a.js' }), text, most)).toBeLessThan(most);
    expect(cost((one) => scanner.scanDeep(one), text, most)).toBeLessThan(most);
  });

  it.each(['', '=', ' ', '="', '\n'])('of every keyword of every rule, joined by %j, costs no more', (joint) => {
    expect(cost((one) => scanner.scanDeep(one), fill(keywords.join(joint)))).toBeLessThan(MOST);
  });

  it('of base64 in base64 costs no more', () => {
    let text = fill('token = ').slice(0, SIZE / 4);
    for (let depth = 0; depth < 4; depth++) text = Buffer.from(text).toString('base64');
    expect(cost((one) => scanner.scanDeep(one), text)).toBeLessThan(MOST);
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
