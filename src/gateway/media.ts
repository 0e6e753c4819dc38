// Pictures and documents in a request. Metadata of pictures is taken out; the text of documents is examined; what has no
// text that could be read, policy decides (`images`): pass, ask once for each content, refuse.
import { createHash } from 'node:crypto';
import { Refusal } from '../errors/index.ts';
import { imageTypeOf, stripMetadata } from './image-metadata.ts';
import { examine, type Inspector } from './inspect.ts';
import { type JsonNode, member, textOf } from './json.ts';
import { readPdf } from './pdf-text.ts';

/** Stops a walk until a person said whether a picture may be sent; the walk is then done again. */
export class PictureQuestion extends Error {
  readonly hash: string;
  readonly type: string;
  readonly bytes: number;

  constructor(hash: string, type: string, bytes: number) {
    super('internal error: a question about a picture was not asked');
    this.hash = hash;
    this.type = type;
    this.bytes = bytes;
  }
}

/** What may be sent without a text layer. */
export interface Pictures {
  readonly mode: 'pass' | 'ask' | 'refuse';
  /** SHA-256 (hex) of contents that a person let pass, and of those refused. */
  readonly granted: Set<string>;
  readonly denied: Set<string>;
}

/** Inspects the `source` of an image or document block whose data is base64; other nodes are left to the caller. */
export function inspectBase64(to: Inspector, source: JsonNode, where: string): void {
  if (source.kind !== 'object') return;
  for (const { key, value } of source.members) if (key !== 'data') examine(to, value, where);
  const data = member(source, 'data');
  const type = member(source, 'media_type');
  if (data?.kind !== 'string' || type?.kind !== 'string') throw new Refusal('gateway.image', { what: 'without data' });
  const text = textOf(to.bytes, data);
  const bytes = Buffer.from(text, 'base64');
  const named = textOf(to.bytes, type);
  // Another alphabet, blanks or bytes after the padding: two readers could see two pictures.
  if (bytes.toString('base64') !== text) throw new Refusal('gateway.image', { what: 'not plain base64' });
  if (named === 'application/pdf') inspectPdf(to, bytes, where);
  else {
    const stripped = inspectImage(to, bytes, named, where);
    if (stripped.length !== bytes.length) {
      to.splices.push({ start: data.start + 1, end: data.end - 1, text: stripped.toString('base64') });
    }
  }
}

function inspectImage(to: Inspector, bytes: Buffer, named: string, where: string): Buffer {
  const type = imageTypeOf(bytes);
  if (type === undefined || type !== named)
    throw new Refusal('gateway.image', { what: 'not of the type it is said to be' });
  const stripped = stripMetadata(bytes, type);
  if (stripped === undefined) throw new Refusal('gateway.image', { what: 'damaged' });
  const rule = to.sieve.findKnownIn(stripped);
  if (rule !== undefined) throw new Refusal('gateway.secret', { where, rule });
  demandPicture(to.pictures, stripped, type);
  return stripped;
}

function inspectPdf(to: Inspector, bytes: Buffer, where: string): void {
  const text = readPdf(bytes);
  if (typeof text === 'string') throw new Refusal('gateway.document', { why: text });
  for (const reading of text.readings) {
    const found = to.sieve.find(reading)[0];
    if (found !== undefined) throw new Refusal('gateway.secret', { where: `${where}, in its text`, rule: found.rule });
  }
  if (text.empty) demandPicture(to.pictures, bytes, 'application/pdf');
}

function demandPicture(pictures: Pictures, bytes: Buffer, type: string): void {
  if (pictures.mode === 'pass') return;
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (pictures.granted.has(hash)) return;
  if (pictures.mode === 'refuse' || pictures.denied.has(hash)) throw new Refusal('gateway.image', { what: type });
  throw new PictureQuestion(hash, type, bytes.length);
}
