import type { BigIntStats } from 'node:fs';
import type { Anchor } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import type { SnapshotEntry, Workspace } from '../workspace/index.ts';
import type { Bases } from './bases.ts';
import type { Carry } from './carried.ts';
import type { Group } from './group.ts';
import type { Guard } from './guard.ts';
import type { Held } from './held.ts';
import type { Journal } from './journal.ts';
import type { Record } from './record.ts';
import type { Scope } from './scope.ts';

/** What every step of the write-back stands on: the two trees, what is known of them, and where to tell what was done. */
export interface Ground {
  /** The copy. */
  readonly inside: Anchor;
  /** The real tree. */
  readonly outside: Anchor;
  readonly workspace: Workspace;
  readonly vault: Vault;
  readonly policy: Pick<Policy, 'writeback'>;
  readonly scope: Scope;
  /** Policy hides the path or asks for it, or it lies in something withheld. */
  closed(path: string, isFolder: boolean): boolean;
  /** Written, and waiting for the disk. */
  readonly group: Group;
  readonly guard: Guard;
  readonly held: Held;
  readonly bases: Bases;
  readonly carry: Carry;
  readonly journal: Journal;
  readonly record: Record;
  /** Paths where the person lets placeholders of other files' secrets come back. */
  readonly welcome: Set<string>;
  /** Content hashes of files inside by path, good while the identity is the same. */
  readonly known: Map<string, { identity: string; hash: string }>;
  /** A file inside whose ctime is older than this was not touched since the session started. */
  readonly startedNs: bigint;
}

/** Tells two states of one file apart without reading it. */
export function identityOf(stats: BigIntStats): string {
  return `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** Whether a real file is another one than the snapshot knows, told without reading it. */
export function isMoved(entry: Extract<SnapshotEntry, { kind: 'file' }>, stats: BigIntStats): boolean {
  return (
    entry.ino !== stats.ino ||
    entry.mtimeNs !== stats.mtimeNs ||
    entry.ctimeNs !== stats.ctimeNs ||
    BigInt(entry.size) !== stats.size
  );
}

/** Whether an anchor's folder still has a name; a folder that was removed has none. */
export function isHeldInPlace(anchor: Anchor): boolean {
  return (anchor.look('')?.nlink ?? 0n) > 0n;
}

/** Permission bits; set-user-id and its like never cross. */
export function modeOf(stats: BigIntStats): number {
  return Number(stats.mode) & 0o777;
}
