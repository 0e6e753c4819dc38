// Finds every path that may differ from the snapshot by looking at the whole tree once, without reading a file. Events can be
// lost; this is what makes the end certain.

import type { BigIntStats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SnapshotEntry } from '../workspace/index.ts';
import { attemptLook } from './attempt.ts';
import { type Ground, identityOf, isMoved, modeOf } from './ground.ts';
import type { Side } from './observed.ts';
import { isExcluded } from './scope.ts';

const SLICE_MS = 8;

/** Paths to settle; pauses now and then for the terminal. */
export async function walk(ground: Ground, side: Side): Promise<string[]> {
  const anchor = side === 'inside' ? ground.inside : ground.outside;
  const seen = new Set<string>();
  const suspects: string[] = [];
  const folders = [''];
  let pauseAt = performance.now() + SLICE_MS;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of attemptLook(ground, folder, () => anchor.list(folder)) ?? []) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = attemptLook(ground, path, () => anchor.look(path));
      if (stats === undefined || isExcluded(ground.scope, path, stats.isDirectory())) continue;
      seen.add(path);
      const entry = ground.workspace.snapshot.get(path);
      if (stats.isDirectory() && entry?.kind !== 'withheld') folders.push(path);
      if (mayDiffer(ground, path, side, entry, stats)) suspects.push(path);
      if (performance.now() < pauseAt) continue;
      anchor.forget();
      await nextTurn();
      pauseAt = performance.now() + SLICE_MS;
    }
  }
  anchor.forget();
  return [...suspects, ...missing(ground, seen)];
}

function missing(ground: Ground, seen: ReadonlySet<string>): string[] {
  return [...ground.workspace.snapshot]
    .filter(([path, entry]) => entry.kind !== 'withheld' && path !== '' && !seen.has(path))
    .map(([path]) => path);
}

function mayDiffer(
  ground: Ground,
  path: string,
  side: Side,
  entry: SnapshotEntry | undefined,
  stats: BigIntStats,
): boolean {
  if (entry?.kind === 'withheld') return side === 'inside' && entry.stub === false;
  if (entry?.kind === 'folder') return !stats.isDirectory() || modeOf(stats) !== entry.mode;
  if (entry?.kind !== 'file' || !stats.isFile() || modeOf(stats) !== entry.mode) return true;
  return side === 'inside' ? touched(ground, path, entry, stats) : isMoved(entry, stats);
}

type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

function touched(ground: Ground, path: string, entry: FileEntry, stats: BigIntStats): boolean {
  const known = ground.known.get(path);
  if (known !== undefined) return known.identity !== identityOf(stats) || known.hash !== entry.copy;
  return stats.ctimeNs >= ground.startedNs;
}
