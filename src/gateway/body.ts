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

/**
 * Reads a body to its end; throws `gateway.body-size` as soon as it is too large.
 * @param length what the head says; the pieces are then put in their place as they come, while the client still writes
 */
export function receive(stream: Readable, length = 0, limit: number = MOST_BODY): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the client went away'));
    if (stream.destroyed) gone();
    let bytes: Buffer = Buffer.allocUnsafeSlow(Math.min(length, limit));
    let size = 0;
    const onPiece = (piece: Buffer): void => {
      if (size + piece.length > limit) {
        stream.off('data', onPiece);
        reject(new Refusal('gateway.body-size', { limit: limit / 1024 / 1024 }));
        return;
      }
      if (size + piece.length > bytes.length) bytes = grown(bytes, size, piece.length);
      piece.copy(bytes, size);
      size += piece.length;
    };
    stream.on('data', onPiece);
    stream.on('end', () => resolve(bytes.subarray(0, size)));
    stream.on('error', reject);
    stream.on('close', gone);
  });
}

function grown(bytes: Buffer, size: number, more: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(size + more, bytes.length * 2));
  bytes.copy(larger, 0, 0, size);
  return larger;
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
