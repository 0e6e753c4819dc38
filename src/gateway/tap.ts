// Reads along with an answer, after each piece was passed on, to learn what the provider wrote (see provenance.ts).
// A tap that understands nothing costs nothing but a refusal later: it never holds an answer back, and never throws.
import { StringDecoder } from 'node:string_decoder';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Provenance } from './provenance.ts';

export interface Tap {
  push(piece: Buffer): void;
  /** Resolves when everything was read. */
  end(): Promise<void>;
}

/** A whole answer without streaming, or one event, that is longer is not read. */
const MOST = 16 * 1024 * 1024;
const OPENERS = { gzip: createGunzip, br: createBrotliDecompress, deflate: createInflate };

/** Makes the tap for an answer by its headers; undefined when there is nothing to learn from it. */
export function createTap(type: string, encoding: string, provenance: Provenance): Tap | undefined {
  const reader = readerOf(type, provenance);
  if (reader === undefined) return undefined;
  if (encoding === '' || encoding === 'identity') return { push: reader.push, end: async () => reader.end() };
  if (!Object.hasOwn(OPENERS, encoding)) return undefined;
  const opener = OPENERS[encoding as keyof typeof OPENERS]();
  const done = new Promise<void>((resolve) => {
    opener.on('end', resolve);
    opener.on('close', resolve);
    // Bytes that do not open are the client's to complain about.
    opener.on('error', () => resolve());
  });
  opener.on('data', (piece: Buffer) => reader.push(piece));
  return {
    push: (piece) => void opener.write(piece),
    async end() {
      opener.end();
      await done;
      reader.end();
    },
  };
}

interface Reader {
  push(piece: Buffer): void;
  end(): void;
}

function readerOf(type: string, provenance: Provenance): Reader | undefined {
  if (type.startsWith('text/event-stream')) return eventReader(provenance);
  return type.startsWith('application/json') ? messageReader(provenance) : undefined;
}

function messageReader(provenance: Provenance): Reader {
  const parts: Buffer[] = [];
  let size = 0;
  return {
    push(piece) {
      size += piece.length;
      if (size <= MOST) parts.push(piece);
    },
    end() {
      const message = size <= MOST ? parse(Buffer.concat(parts).toString('utf8')) : undefined;
      provenance.add(message?.content);
    },
  };
}

type Json = Record<string, unknown>;

function eventReader(provenance: Provenance): Reader {
  const decoder = new StringDecoder('utf8');
  const blocks = new Map<unknown, Json>();
  let rest = '';
  const take = (event: Json): void => {
    const { index } = event;
    if (event.type === 'content_block_start') blocks.set(index, { ...(event.content_block as Json) });
    if (event.type === 'content_block_delta') grow(blocks.get(index), event.delta as Json | undefined);
    if (event.type !== 'content_block_stop') return;
    finish(blocks.get(index), provenance);
    blocks.delete(index);
  };
  return {
    push(piece) {
      const lines = (rest + decoder.write(piece)).split(/\r?\n/);
      rest = lines.pop() as string;
      if (rest.length > MOST) rest = '';
      for (const line of lines) {
        const event = line.startsWith('data:') ? parse(line.slice(5)) : undefined;
        if (event !== undefined) take(event);
      }
    },
    // A stream that was cut leaves blocks half said; the client may send those back too.
    end: () => {
      for (const block of blocks.values()) finish(block, provenance);
    },
  };
}

/** Deltas append to the field that they are named for: `text_delta` brings `text`, `input_json_delta` `partial_json`. */
function grow(block: Json | undefined, delta: Json | undefined): void {
  if (block === undefined || delta === undefined) return;
  for (const [key, value] of Object.entries(delta)) {
    if (key === 'type' || typeof value !== 'string') continue;
    block[key] = typeof block[key] === 'string' ? block[key] + value : value;
  }
}

function finish(block: Json | undefined, provenance: Provenance): void {
  if (block === undefined) return;
  provenance.add(block);
  if (typeof block.partial_json === 'string') provenance.add(parse(block.partial_json));
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    // Not for us to judge.
    return undefined;
  }
}
