// Takes out of a picture what is not the picture: comments, EXIF, XMP, whatever a tool wrote beside the pixels, and all
// bytes after its end. What is kept is copied byte for byte, so the same picture gives the same bytes at each turn.

export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

/** The type that the first bytes tell; undefined for everything else. */
export function imageTypeOf(bytes: Buffer): ImageType | undefined {
  if (bytes.subarray(0, 8).equals(PNG)) return 'image/png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (/^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))) return 'image/gif';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

/** The picture without its metadata; undefined when its structure cannot be followed to the end. */
export function stripMetadata(bytes: Buffer, type: ImageType): Buffer | undefined {
  const kept = STRIPPERS[type](bytes);
  return kept === undefined ? undefined : Buffer.concat(kept);
}

type Kept = Buffer[] | undefined;

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Chunks that change what is seen; text, time, EXIF and private chunks do not. */
const PNG_KEPT = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'bKGD',
  'pHYs',
  'acTL',
  'fcTL',
  'fdAT',
  'cICP',
]);

function stripPng(bytes: Buffer): Kept {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length) return undefined;
    if (PNG_KEPT.has(name)) kept.push(bytes.subarray(at, end));
    if (name === 'IEND') return kept;
    at = end;
  }
  return undefined;
}

/** Application segments and comments go, but for Adobe's, which says how the colours are stored. */
function stripJpeg(bytes: Buffer): Kept {
  const kept = [bytes.subarray(0, 2)];
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) return [...kept, bytes.subarray(at, at + 2)];
    if (at + 4 > bytes.length) break;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return undefined;
    const isMetadata = marker === 0xfe || (marker >= 0xe0 && marker <= 0xef && marker !== 0xee);
    const after = marker === 0xda ? scanEnd(bytes, end) : end;
    if (!isMetadata) kept.push(bytes.subarray(at, after));
    at = after;
  }
  // Cut off at the end, as cameras do: what was followed is the picture.
  return bytes.length > 4 && kept.length > 2 ? kept : undefined;
}

/** The next marker after entropy-coded data, in which 0xff is followed by 0 or a restart marker. */
function scanEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] as number;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at;
  }
  return bytes.length;
}

/** Comments and application blocks go, but for the one that says how often an animation repeats. */
function stripGif(bytes: Buffer): Kept {
  if (bytes.length < 13) return undefined;
  const flags = bytes[10] as number;
  let at = 13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  const kept = [bytes.subarray(0, at)];
  while (at < bytes.length) {
    const start = at;
    const kind = bytes[at];
    if (kind === 0x3b) return [...kept, bytes.subarray(at, at + 1)];
    let drop = false;
    if (kind === 0x21) {
      const label = bytes[at + 1];
      drop =
        label === 0xfe ||
        label === 0x01 ||
        (label === 0xff && bytes.toString('latin1', at + 3, at + 14) !== 'NETSCAPE2.0');
      at += 2;
    } else if (kind === 0x2c) {
      const local = bytes[at + 9] ?? 0;
      at += 11 + (local & 0x80 ? 3 << ((local & 7) + 1) : 0);
    } else return undefined;
    while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] as number);
    if (at >= bytes.length) return undefined;
    at++;
    if (!drop) kept.push(bytes.subarray(start, at));
  }
  return undefined;
}

const WEBP_DROPPED = new Set(['EXIF', 'XMP ', 'ICCP']);
const WEBP_KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF']);

function stripWebp(bytes: Buffer): Kept {
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  const chunks: Buffer[] = [];
  for (let at = 12; at + 8 <= end; ) {
    const size = bytes.readUInt32LE(at + 4);
    const next = at + 8 + size + (size & 1);
    if (at + 8 + size > end) return undefined;
    const name = bytes.toString('latin1', at, at + 4);
    if (!WEBP_KEPT.has(name) && !WEBP_DROPPED.has(name)) return undefined;
    if (WEBP_KEPT.has(name)) chunks.push(withoutFlags(name, bytes.subarray(at, Math.min(next, end))));
    at = next;
  }
  if (chunks.length === 0) return undefined;
  const head = Buffer.from(bytes.subarray(0, 12));
  head.writeUInt32LE(4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), 4);
  return [head, ...chunks];
}

/** The extended header announces the profile, EXIF and XMP chunks that are gone. */
function withoutFlags(name: string, chunk: Buffer): Buffer {
  if (name !== 'VP8X') return chunk;
  const copy = Buffer.from(chunk);
  copy[8] = (copy[8] as number) & ~0x2c;
  return copy;
}

const STRIPPERS: Record<ImageType, (bytes: Buffer) => Kept> = {
  'image/png': stripPng,
  'image/jpeg': stripJpeg,
  'image/gif': stripGif,
  'image/webp': stripWebp,
};
