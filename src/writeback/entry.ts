// What the snapshot says of a path once both sides are the same there.
import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { SnapshotEntry } from '../workspace/index.ts';
import { type Ground, modeOf } from './ground.ts';
import type { Observed } from './observed.ts';
import type { Restored } from './restore.ts';

export type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

/** After a file was written to the real tree, or found the same there: the entry and the base for the next merge. */
export function enterFile(ground: Ground, path: string, copyHash: string, restored: Restored): void {
  const stats = ground.outside.look(path);
  if (stats === undefined) return; // removed again at once: an event for that is on its way
  ground.workspace.snapshot.set(path, {
    kind: 'file',
    mode: modeOf(stats),
    real: hash('sha256', restored.bytes),
    copy: copyHash,
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    ino: stats.ino,
    placeholders: restored.placeholders,
  });
  ground.bases.remember(path, restored.bytes);
}

/** The same content in another file. */
export function seenAs(entry: FileEntry, stats: BigIntStats): FileEntry {
  const { mtimeNs, ctimeNs, ino } = stats;
  return { ...entry, mode: modeOf(stats), size: Number(stats.size), mtimeNs, ctimeNs, ino };
}

/** After a change of mode only. */
export function enterMode(ground: Ground, path: string): void {
  const entry = ground.workspace.snapshot.get(path);
  const stats = ground.outside.look(path);
  if (stats === undefined || entry === undefined) return;
  const mode = modeOf(stats);
  if (entry.kind === 'folder') ground.workspace.snapshot.set(path, { kind: 'folder', mode });
  if (entry.kind !== 'file') return;
  ground.workspace.snapshot.set(path, { ...entry, mode, ctimeNs: stats.ctimeNs });
}

/**
 * Makes what stands inside the version that both sides had in common, so that the outside is what changed since, and a
 * refresh brings it in. What the agent writes in the meantime is then a change of its own, and nothing of it is lost.
 */
export function enterInsideAsBase(ground: Ground, path: string, inside: Observed, restored?: Restored): void {
  const { snapshot } = ground.workspace;
  if (inside.kind === 'absent' || inside.kind === 'special') snapshot.delete(path);
  else if (inside.kind === 'folder') snapshot.set(path, { kind: 'folder', mode: inside.mode });
  else if (inside.kind === 'link') snapshot.set(path, { kind: 'link', target: inside.target, stub: false });
  else {
    const real = restored === undefined ? inside.hash : hash('sha256', restored.bytes);
    // No file has inode 0: whatever stands outside is read again.
    const nobody = { size: 0, mtimeNs: 0n, ctimeNs: 0n, ino: 0n };
    const placeholders = restored?.placeholders ?? [];
    snapshot.set(path, { kind: 'file', mode: inside.mode, real, copy: inside.hash, ...nobody, placeholders });
    if (restored !== undefined) ground.bases.remember(path, restored.bytes);
  }
}
