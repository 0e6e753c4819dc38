// Reads a stream piece by piece: to a delimiter, or so many bytes.
import type { Readable } from 'node:stream';

export interface ByteReader {
  /** The bytes before the next delimiter, which is read too; undefined at the end of the stream. */
  until(delimiter: number): Promise<Buffer | undefined>;
  /** Exactly so many bytes. */
  take(length: number): Promise<Buffer>;
  /** The next byte, left where it is; undefined at the end. */
  peek(): Promise<number | undefined>;
}

/** Wraps a stream; nothing else may read from it. */
export function createByteReader(stream: Readable): ByteReader {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  }

  function cut(length: number): Buffer {
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  }

  return {
    async until(delimiter) {
      let from = 0;
      for (;;) {
        const end = rest.indexOf(delimiter, from);
        if (end >= 0) {
          const taken = cut(end);
          cut(1);
          return taken;
        }
        from = rest.length;
        if (!(await more())) return undefined;
      }
    },
    async take(length) {
      const parts: Buffer[] = [];
      let missing = length;
      while (missing > 0) {
        if (rest.length === 0 && !(await more()))
          throw new Error('internal error: git ended in the middle of an object');
        const part = cut(Math.min(missing, rest.length));
        parts.push(part);
        missing -= part.length;
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length);
    },
    async peek() {
      while (rest.length === 0) if (!(await more())) return undefined;
      return rest[0];
    },
  };
}
