// The text of a PDF, as far as it takes to find a secret in it: every stream opened, every string in it decoded as it
// stands and through each character map of the file. Order on the page does not matter, so it is not worked out.
import { constants, inflateSync } from 'node:zlib';

export interface PdfText {
  /** Readings of the same document; a secret in one of them is a secret in the document. */
  readings: string[];
  /** No text at all: pictures of pages. */
  empty: boolean;
}

const MOST_OPENED = 64 * 1024 * 1024;
const MOST_MAPS = 24;
const IMAGE_FILTERS = /\/(?:DCTDecode|DCT|JPXDecode|CCITTFaxDecode|CCF|JBIG2Decode)\b/;
const OPENED_FILTERS = /\/(?:FlateDecode|Fl|ASCIIHexDecode|AHx|ASCII85Decode|A85)\b/g;

/** Reads a document; returns why it cannot be read when it is encrypted, damaged or packed in a way that is not known. */
export function readPdf(bytes: Buffer): PdfText | string {
  const whole = bytes.toString('latin1');
  if (/\/Encrypt\b/.test(whole)) return 'it is encrypted';
  const contents: string[] = [withoutStreams(whole)];
  let size = 0;
  for (const { dictionary, data } of streamsOf(whole)) {
    if (IMAGE_FILTERS.test(dictionary)) continue;
    const opened = openStream(dictionary, data);
    if (opened === undefined) return 'a part of it does not open';
    if (/\/Encrypt\b/.test(opened) && /\/Type\s*\/XRef/.test(dictionary)) return 'it is encrypted';
    size += opened.length;
    if (size > MOST_OPENED) return 'it is too large when opened';
    contents.push(opened);
  }
  const strings = contents.flatMap(stringsOf);
  const maps = contents
    .filter((content) => content.includes('begincmap'))
    .slice(0, MOST_MAPS)
    .map(characterMap);
  const plain = strings.map((group) => group.map(plainText));
  const mapped = maps.map((map) => strings.map((group) => group.map((text) => throughMap(text, map))));
  const readings = [plain, ...mapped].flatMap((groups) => [
    groups.map((group) => group.join('')).join('\n'),
    groups.flat().join(''),
  ]);
  return { readings: [...new Set(readings)], empty: plain.every((group) => group.join('').trim() === '') };
}

function* streamsOf(whole: string): Generator<{ dictionary: string; data: string }> {
  const begin = /\bstream\r?\n/g;
  for (let match = begin.exec(whole); match !== null; match = begin.exec(whole)) {
    const start = match.index + match[0].length;
    const end = whole.indexOf('endstream', start);
    if (end < 0) return;
    const from = whole.lastIndexOf('obj', match.index);
    yield { dictionary: whole.slice(Math.max(from, match.index - 4096), match.index), data: whole.slice(start, end) };
    begin.lastIndex = end;
  }
}

function withoutStreams(whole: string): string {
  return whole.replace(/\bstream\r?\n[\s\S]*?endstream/g, ' ');
}

function openStream(dictionary: string, data: string): string | undefined {
  const named = /\/(?:Filter|F)\s*(\[[^\]]*\]|\/\w+)/.exec(dictionary)?.[1] ?? '';
  const rest = named.replace(OPENED_FILTERS, '').replace(/[[\]\s]/g, '');
  if (rest !== '') return undefined;
  let bytes = Buffer.from(data, 'latin1');
  for (const [filter] of named.matchAll(OPENED_FILTERS)) {
    const opened = openFilter(filter.slice(1), bytes);
    if (opened === undefined) return undefined;
    bytes = Buffer.from(opened);
  }
  return bytes.toString('latin1');
}

function openFilter(name: string, bytes: Buffer): Buffer | undefined {
  if (name.startsWith('ASCIIHex') || name === 'AHx')
    return Buffer.from(bytes.toString('latin1').replace(/[^0-9a-f]/gi, ''), 'hex');
  if (name.startsWith('ASCII85') || name === 'A85') return fromAscii85(bytes.toString('latin1'));
  try {
    return inflateSync(bytes, { maxOutputLength: MOST_OPENED, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    // Damaged, or more than it may be: not to be checked either way.
    return undefined;
  }
}

function fromAscii85(text: string): Buffer {
  const out: number[] = [];
  const digits = text
    .replace(/~>[\s\S]*$/, '')
    .replace(/z/g, '!!!!!')
    .replace(/[^!-u]/g, '');
  for (let at = 0; at < digits.length; at += 5) {
    const group = digits.slice(at, at + 5);
    let value = 0;
    for (const char of group.padEnd(5, 'u')) value = value * 85 + (char.charCodeAt(0) - 33);
    const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    out.push(...bytes.slice(0, group.length - 1));
  }
  return Buffer.from(out);
}

const STRING = /\(((?:[^()\\]|\\[\s\S]|\((?:[^()\\]|\\[\s\S])*\))*)\)|<([0-9A-Fa-f\s]+)>/g;

/** Strings as bytes (Latin-1); those of one array, which make one line, in one group. */
function stringsOf(content: string): string[][] {
  const groups: string[][] = [];
  let last = -1;
  for (const match of content.matchAll(STRING)) {
    const text =
      match[1] === undefined
        ? Buffer.from((match[2] ?? '').replace(/\s/g, ''), 'hex').toString('latin1')
        : withoutEscapes(match[1]);
    const between = last < 0 ? ']' : content.slice(last, match.index);
    // Inside an array only numbers stand between strings: distances between letters.
    if (/^[\s\d.+-]*$/.test(between)) groups.at(-1)?.push(text);
    else groups.push([text]);
    last = match.index + match[0].length;
  }
  return groups;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:([0-7]{1,3})|(\r\n|\r|\n)|([\s\S]))/g,
    (_all, octal?: string, line?: string, char?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return line === undefined ? (ESCAPES[char as string] ?? (char as string)) : '';
    },
  );
}

function plainText(text: string): string {
  if (text.startsWith('\xfe\xff')) return utf16(text.slice(2));
  return text.replace(/\0/g, '');
}

function utf16(text: string): string {
  return Buffer.from(text.slice(0, text.length & ~1), 'latin1')
    .swap16()
    .toString('utf16le');
}

/** Codes to text, of one font; keys are codes as they stand in strings. */
function characterMap(content: string): Map<string, string> {
  const map = new Map<string, string>();
  const raw = (hex: string) => Buffer.from(hex, 'hex').toString('latin1');
  for (const [, body = ''] of content.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code = '', to = ''] of body.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      map.set(raw(code), utf16(raw(to)));
  }
  for (const [, body = ''] of content.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from = '', to = '', target = ''] of body.matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[[^\]]*\])/g,
    )) {
      addRange(map, from, to, target, raw);
    }
  }
  return map;
}

function addRange(
  map: Map<string, string>,
  from: string,
  to: string,
  target: string,
  raw: (hex: string) => string,
): void {
  const first = Number.parseInt(from, 16);
  const count = Math.min(Number.parseInt(to, 16) - first, 65_535);
  const listed = [...target.matchAll(/<([0-9A-Fa-f]+)>/g)].map((match) => match[1] as string);
  for (let step = 0; step <= count; step++) {
    const code = raw((first + step).toString(16).padStart(from.length, '0'));
    const start = utf16(raw(listed[0] ?? '0000'));
    const text = target.startsWith('[')
      ? utf16(raw(listed[step] ?? '0000'))
      : start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + step);
    map.set(code, text);
  }
}

function throughMap(text: string, map: ReadonlyMap<string, string>): string {
  const width = map.keys().next().value?.length ?? 1;
  let out = '';
  for (let at = 0; at < text.length; at += width) out += map.get(text.slice(at, at + width)) ?? '';
  return out;
}
