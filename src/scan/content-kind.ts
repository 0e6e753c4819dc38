// What a file holds, by its bytes and never by its name: a renamed archive is an archive.
import type { ContentKind } from './finding.ts';

interface Magic {
  kind: ContentKind;
  offset: number;
  /** A negative one is any byte. */
  bytes: readonly number[];
}

const ascii = (text: string) => [...Buffer.from(text, 'latin1')];

const KNOWN: readonly (readonly [kind: ContentKind, offset: number, ...bytes: number[]])[] = [
  ['image', 0, 0x89, ...ascii('PNG\r\n')],
  ['image', 0, 0xff, 0xd8, 0xff],
  ['image', 0, ...ascii('GIF8')],
  ['image', 8, ...ascii('WEBP')],
  ['image', 0, ...ascii('BM'), -1, -1, -1, -1, 0, 0, 0, 0],
  ['image', 0, 0, 0, 1, 0],
  ['image', 0, ...ascii('II*\0')],
  ['image', 0, ...ascii('MM\0*')],
  ['image', 4, ...ascii('ftypavif')],
  ['image', 4, ...ascii('ftyphei')],
  ['archive', 0, ...ascii('PK\x03\x04')],
  ['archive', 0, ...ascii('PK\x05\x06')],
  ['archive', 0, 0x1f, 0x8b, 8],
  ['archive', 0, ...ascii('BZh')],
  ['archive', 0, 0xfd, ...ascii('7zXZ\0')],
  ['archive', 0, 0x28, 0xb5, 0x2f, 0xfd],
  ['archive', 0, ...ascii('7z'), 0xbc, 0xaf, 0x27, 0x1c],
  ['archive', 0, ...ascii('Rar!\x1a\x07')],
  ['archive', 257, ...ascii('ustar')],
  ['archive', 0, ...ascii('!<arch>\n')],
  ['database', 0, ...ascii('SQLite format 3\0')],
  ['database', 0, ...ascii('PGDMP')],
  ['database', 4, ...ascii('Standard Jet DB')],
  ['database', 4, ...ascii('Standard ACE DB')],
  ['database', 0, ...ascii('REDIS0')],
  ['keystore', 0, 0xfe, 0xed, 0xfe, 0xed],
  ['keystore', 0, 0xce, 0xce, 0xce, 0xce],
  ['keystore', 0, 0x03, 0xd9, 0xa2, 0x9a],
  ['keystore', 0, 0x30, 0x82, -1, -1, 0x02, 0x01, 0x03, 0x30],
  ['keystore', 0, 0x30, 0x80, 0x02, 0x01, 0x03, 0x30],
  ['keystore', 0, 0x30, 0x82, -1, -1, 0x02, 0x01, 0x00, 0x02, 0x82],
  ['keystore', 0, 0x30, 0x82, -1, -1, 0x02, 0x01, 0x00, 0x30],
  ['dump', 0, ...ascii('JAVA PROFILE 1.0')],
  ['dump', 0, ...ascii('MDMP')],
];

const ELF = [0x7f, ...ascii('ELF')];
const ELF_CORE = 4;

/** For each first byte what a file that begins with it can be: nearly always only what is told further inside. */
const BY_FIRST: readonly (readonly Magic[])[] = Array.from({ length: 256 }, (_, first) =>
  KNOWN.filter(([, offset, byte]) => offset > 0 || byte === first).map(([kind, offset, ...bytes]) => ({
    kind,
    offset,
    bytes,
  })),
);

/** Tells the kind of content; `wide` says that the NULs are those of UTF-16. */
export function contentKind(bytes: Uint8Array, wide: boolean): ContentKind {
  for (const magic of BY_FIRST[bytes[0] ?? 0]!) if (holds(bytes, magic.offset, magic.bytes)) return magic.kind;
  if (holds(bytes, 0, ELF) && bytes[16] === ELF_CORE) return 'dump';
  return wide || bytes.subarray(0, 8000).indexOf(0) < 0 ? 'text' : 'other';
}

function holds(bytes: Uint8Array, offset: number, magic: readonly number[]): boolean {
  for (let index = 0; index < magic.length; index++) {
    const byte = magic[index]!;
    if (byte >= 0 && bytes[offset + index] !== byte) return false;
  }
  return true;
}
