import { deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scanner } from '../../../src/scan/index.ts';
import { scannerOfPack, TOKEN } from '../token.ts';

let scanner: Scanner;
beforeAll(async () => {
  scanner = await scannerOfPack();
});

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');
const everyChar = (text: string, write: (code: number) => string) =>
  [...text].map((char) => write(char.charCodeAt(0))).join('');
const hex2 = (code: number) => code.toString(16).padStart(2, '0');
const base32 = (text: string) => {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
};

const sentence = `the key is ${TOKEN} and so on`;
const mime = base64(`${'some words before it '.repeat(6)}${sentence}`).replace(/(.{64})/g, '$1\r\n');

const QUOTED = 'quoted-printable';
const wide = (text: string) => everyChar(text, (code) => String.fromCharCode(code + 0xfee0));
const mathematical = (letter: string) => String.fromCodePoint(0x1d41a + letter.charCodeAt(0) - 0x61);

const FORMS: [description: string, text: string, encoding: string[]][] = [
  ['base64', base64(sentence), ['base64']],
  ['base64 after one glued letter', `x${base64(sentence)}`, ['base64']],
  ['base64 after two glued letters', `ab${base64(sentence)}`, ['base64']],
  ['base64url', Buffer.from(`??>>${sentence}`).toString('base64url'), ['base64']],
  ['base64 in lines', mime, ['base64']],
  ['base64 in lines of a JSON string', JSON.stringify(mime).slice(1, -1), ['escape', 'base64']],
  ['base64 of UTF-16', base64(Buffer.from(sentence, 'utf16le')), ['base64']],
  ['base32', base32(sentence), ['base32']],
  ['hex', hex(sentence), ['hex']],
  ['hex in capitals', hex(sentence).toUpperCase(), ['hex']],
  ['hex with colons', hex(sentence).replace(/(..)(?=.)/g, '$1:'), ['hex']],
  ['hex with blanks', hex(sentence).replace(/(..)(?=.)/g, '$1 '), ['hex']],
  ['hex as a C array', hex(sentence).replace(/(..)(?=.)/g, '0x$1, '), ['hex']],
  ['percent-encoding of every character', everyChar(TOKEN, (code) => `%${hex2(code)}`), ['percent']],
  ['percent-encoding of some', TOKEN.replace('_', '%5F'), ['percent']],
  ['JSON escapes', everyChar(TOKEN, (code) => `\\u00${hex2(code)}`), ['escape']],
  ['a JSON escape for one letter', TOKEN.replace('g', '\\u0067'), ['escape']],
  ['shell escapes', TOKEN.replace('h', '\\h'), ['escape']],
  ['octal escapes', TOKEN.replace('g', '\\147'), ['escape']],
  ['a joined line', `${TOKEN.slice(0, 20)}\\\n${TOKEN.slice(20)}`, ['escape']],
  ['gzip in base64', base64(gzipSync(sentence)), ['base64', 'gzip']],
  ['zlib in base64', base64(deflateSync(sentence)), ['base64', 'zlib']],
  ['gzip in hex', gzipSync(sentence).toString('hex'), ['hex', 'gzip']],
  ['base64 twice', base64(base64(sentence)), ['base64', 'base64']],
  ['base64 three times', base64(base64(base64(sentence))), ['base64', 'base64', 'base64']],
  ['base64 in hex', hex(base64(sentence)), ['hex', 'base64']],
  ['percent-encoding in base64', base64(sentence.replace('_', '%5f')), ['base64', 'percent']],
  ['zero-width blanks between all letters', [...TOKEN].join('\u200b'), ['unicode']],
  ['a soft hyphen', TOKEN.replace('_', '_\u00ad'), ['unicode']],
  ['a mark of direction', TOKEN.replace('_', '_\u202e'), ['unicode']],
  ['combining marks', [...TOKEN].join('\u0301'), ['unicode']],
  ['tags that nobody sees', [...TOKEN].join('\u{e0061}'), ['unicode']],
  ['wide letters', wide(TOKEN), ['unicode']],
  ['wide digits', TOKEN.replace(/\d/g, wide), ['unicode']],
  ['mathematical letters', TOKEN.replace(/[a-z]/g, (letter) => mathematical(letter)), ['unicode']],
  ['colours of a terminal', TOKEN.replace('_', '_\x1b[01;31m\x1b[K'), ['unicode']],
  ['a link of a terminal', TOKEN.replace('_', '_\x1b]8;;https://acme.io\x07'), ['unicode']],
  ['references by number', everyChar(TOKEN, (code) => `&#${code};`), ['entity']],
  ['references in hex', everyChar(TOKEN, (code) => `&#x${hex2(code)};`), ['entity']],
  ['a reference by name', TOKEN.replace('_', '&lowbar;'), ['entity']],
  ['a reference in a reference', TOKEN.replace('_', '&amp;#95;'), ['entity']],
  ['a soft hyphen by name', TOKEN.replace('_', '_&shy;'), ['entity']],
  ['quoted-printable of every character', everyChar(TOKEN, (code) => `=${hex2(code).toUpperCase()}`), [QUOTED]],
  ['quoted-printable after an equals sign', `key=3D${TOKEN.replace('_', '=5F')}`, [QUOTED]],
  ['a full line of mail that goes on', TOKEN.replace('_', '_=\r\n').padStart(120, 'words '), [QUOTED]],
  ['wide letters by number', everyChar(TOKEN, (code) => `&#${code + 0xfee0};`), ['entity', 'unicode']],
  ['a zero-width blank as a JSON escape', TOKEN.replace('_', '_\\u200b'), ['escape', 'unicode']],
  ['zero-width blanks in base64', base64(sentence.replace('_', '_\u200b')), ['base64', 'unicode']],
];

describe('scanDeep', () => {
  it.each(FORMS)('finds a token in %s', (_, text, encoding) => {
    const body = `{"content": "before ${text} after"}`;
    const [finding, ...more] = scanner.scanDeep(body);
    expect(more).toEqual([]);
    expect(finding?.encoding).toEqual(encoding);
    const rest = body.slice(0, finding!.startUtf16) + body.slice(finding!.endUtf16);
    expect(scanner.scanDeep(rest)).toEqual([]);
    expect(body.slice(finding!.startUtf16, finding!.endUtf16).length).toBeGreaterThanOrEqual(TOKEN.length);
  });

  it('finds a token as it stands, without an encoding', () => {
    const [finding] = scanner.scanDeep(`"${TOKEN}"`);
    expect(finding).toMatchObject({ start: 1, end: 1 + TOKEN.length });
    expect(finding?.encoding).toBeUndefined();
  });

  it('says of packed content that is too long that it cannot be read', () => {
    const bomb = base64(gzipSync(Buffer.alloc(40 << 20)));
    expect(scanner.scanDeep(`"${bomb}"`).map((one) => one.rule)).toEqual(['sotto.unreadable']);
  });

  it('finds nothing in ordinary text', () => {
    const text =
      'import { createScannerOfEverything } from "../../some/rather/long/path/to/a/module/index.js"; // 100%\n';
    expect(scanner.scanDeep(text.repeat(200))).toEqual([]);
  });

  it('does not join settings without a value, or words that stand apart', () => {
    const [head, tail] = [TOKEN.slice(0, 12), TOKEN.slice(12)];
    expect(scanner.scanDeep(`A=${head}=\n${tail}`)).toEqual([]);
    expect(scanner.scanDeep(`${head}\u00a0${tail}`)).toEqual([]);
    expect(scanner.scanDeep(`${head} & ${tail} &unknown; x=42 width=10`)).toEqual([]);
  });
});
