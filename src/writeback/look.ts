// Looks at a path on one side. A file is read only when its identity does not already say what it holds.
import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { Anchor } from '../host/index.ts';
import type { SnapshotEntry } from '../workspace/index.ts';
import { type Ground, identityOf, isMoved, modeOf } from './ground.ts';
import type { Observed, Side } from './observed.ts';

/** Files above this size are not brought back. */
export const SIZE_LIMIT = 1024 * 1024 * 1024;

export interface Look {
  state: Observed;
  /** Undefined when absent. */
  stats?: BigIntStats;
  /** A file's content, where it had to be read to know its hash. */
  bytes?: Buffer;
  /** Written to while it was read; another event will come. */
  busy?: boolean;
}

/**
 * What was seen of files when a turn began. It saves looks, and is only good where everything is looked at again before it is
 * acted upon: whoever changed a file since will find it settled in the next turn.
 */
export type Peeks = Map<string, { inside: BigIntStats | undefined; outside: BigIntStats | undefined }>;

/**
 * Looks at a path.
 * @param peeked what was seen of it before
 */
export function look(ground: Ground, path: string, side: Side, peeked?: BigIntStats): Look {
  const anchor = side === 'inside' ? ground.inside : ground.outside;
  const stats = peeked ?? anchor.look(path);
  if (stats === undefined) return { state: { kind: 'absent' } };
  if (stats.isDirectory()) return { state: { kind: 'folder', mode: modeOf(stats) }, stats };
  if (stats.isSymbolicLink()) return { state: { kind: 'link', target: anchor.linkTarget(path) }, stats };
  if (!stats.isFile() || stats.size > BigInt(SIZE_LIMIT)) return { state: { kind: 'special' }, stats };
  return lookAtFile(ground, path, side, anchor, stats);
}

function lookAtFile(ground: Ground, path: string, side: Side, anchor: Anchor, stats: BigIntStats): Look {
  const entry = ground.workspace.snapshot.get(path);
  const expected = side === 'inside' ? hashInside(ground, path, entry, stats) : hashOutside(entry, stats);
  if (expected !== undefined) return { state: { kind: 'file', mode: modeOf(stats), hash: expected }, stats };
  const read = readable(anchor, path);
  if (read === undefined) return { state: { kind: 'special' }, stats };
  const digest = hash('sha256', read.bytes);
  const busy = identityOf(read.stats) !== identityOf(stats);
  if (side === 'inside' && !busy) ground.known.set(path, { identity: identityOf(stats), hash: digest });
  return {
    state: { kind: 'file', mode: modeOf(read.stats), hash: digest },
    stats: read.stats,
    bytes: read.bytes,
    busy,
  };
}

function hashInside(ground: Ground, path: string, entry: SnapshotEntry | undefined, stats: BigIntStats) {
  const known = ground.known.get(path);
  if (known?.identity === identityOf(stats)) return known.hash;
  // The kernel sets ctime and nobody inside can set it back: older than the start means as the workspace laid it.
  return known === undefined && entry?.kind === 'file' && stats.ctimeNs < ground.startedNs ? entry.copy : undefined;
}

function hashOutside(entry: SnapshotEntry | undefined, stats: BigIntStats): string | undefined {
  if (entry?.kind !== 'file') return undefined;
  return isMoved(entry, stats) ? undefined : entry.real;
}

/** A file without the right to read it is as special as a device. */
function readable(anchor: Anchor, path: string) {
  try {
    return anchor.read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
}
