// Receives a request's body whole, bounded, and opens its compression.

import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Refusal } from '../errors/index.ts';

/** More than the provider takes (32 MB), so that its own refusal is the one that people see. */
export const MOST_BODY = 40 * 1024 * 1024;

const OPENERS: Record<string, (bytes: Buffer, limits: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Reads a body to its end; throws `gateway.body-size` as soon as it is too large. */
export async function receive(stream: Readable, limit: number = MOST_BODY): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw new Refusal('gateway.body-size', { limit: limit / 1024 / 1024 });
    parts.push(part);
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size);
}

/** Undoes one content encoding; layers, unknown names and bytes that do not open are refused. */
export async function open(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity') return bytes;
  const opener = Object.hasOwn(OPENERS, name) ? OPENERS[name] : undefined;
  const shown = /^[\w.-]{1,20}$/.test(name) ? name : 'unknown';
  if (opener === undefined) throw new Refusal('gateway.body-encoding', { encoding: shown });
  try {
    return await opener(bytes, { maxOutputLength: MOST_BODY });
  } catch {
    // zlib says no more than that the bytes are not what the header claims.
    throw new Refusal('gateway.body-encoding', { encoding: shown });
  }
}
