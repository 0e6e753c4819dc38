// What a thread answers for one batch of files. Most files are copied as they are, and for tens of thousands of them a message
// made of objects costs as much as reading them: so those travel as columns, only the rest as objects.
import type { Copied, CopyJob } from './copy.ts';

export interface Batch {
  /** Place in the batch of jobs of each plain file. */
  plain: Uint16Array;
  modes: Uint16Array;
  sizes: Float64Array;
  links: Uint32Array;
  /** mtime, ctime, inode of each. */
  identity: BigInt64Array;
  /** SHA-256 in hex of each, one behind the other; then the ids that git has for them, where asked for. */
  hashes: string;
  blobs: string;
  rest: Copied[];
  /** Marks of what was scanned and proved clean, see `clean/table.ts`. */
  learnt: Int32Array;
}

type Plain = Extract<Copied, { entry: unknown }>;

/** Packs the outcome of a batch; `copied` is in the order of the jobs. */
export function packBatch(copied: readonly Copied[], withBlobs: boolean, learnt: Int32Array = new Int32Array()): Batch {
  const plain: Plain[] = [];
  const places: number[] = [];
  const rest: Copied[] = [];
  for (const [place, one] of copied.entries()) {
    if (isPlain(one, withBlobs)) {
      plain.push(one);
      places.push(place);
    } else rest.push(one);
  }
  return {
    plain: Uint16Array.from(places),
    modes: Uint16Array.from(plain, ({ entry }) => entry.mode),
    sizes: Float64Array.from(plain, ({ entry }) => entry.size),
    links: Uint32Array.from(plain, ({ links }) => links),
    identity: BigInt64Array.from(plain.flatMap(({ entry }) => [entry.mtimeNs, entry.ctimeNs, entry.ino])),
    hashes: plain.map(({ entry }) => entry.real).join(''),
    blobs: plain.map(({ blob }) => blob ?? '').join(''),
    rest,
    learnt,
  };
}

/** All of git's ids are of one length, so a batch has them for every plain file or for none. */
function isPlain(copied: Copied, withBlobs: boolean): copied is Plain {
  return 'entry' in copied && copied.placed.length === 0 && (copied.blob !== undefined) === withBlobs;
}

const NONE: readonly never[] = [];
const HASH = 64;

/** Gives each outcome of a batch. */
export function unpackBatch(batch: Batch, jobs: readonly CopyJob[], onCopied: (copied: Copied) => void): void {
  const { plain, modes, sizes, links, identity, hashes, blobs } = batch;
  const width = blobs.length / Math.max(1, plain.length);
  for (let at = 0; at < plain.length; at++) {
    const real = hashes.slice(at * HASH, (at + 1) * HASH);
    const entry = {
      kind: 'file' as const,
      mode: modes[at] as number,
      real,
      copy: real,
      size: sizes[at] as number,
      mtimeNs: identity[3 * at] as bigint,
      ctimeNs: identity[3 * at + 1] as bigint,
      ino: identity[3 * at + 2] as bigint,
      placeholders: NONE,
    };
    const blob = width === 0 ? {} : { blob: blobs.slice(at * width, (at + 1) * width) };
    onCopied({
      path: (jobs[plain[at] as number] as CopyJob).path,
      entry,
      placed: NONE,
      links: links[at] as number,
      ...blob,
    });
  }
  for (const copied of batch.rest) onCopied(copied);
}
