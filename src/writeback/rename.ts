// A file that vanished here and stands there with the very same content was renamed: the real file is renamed too, so that
// its placeholders keep their secrets, its inode and times stay, and a rename of upper to lower case is one step.
import type { BigIntStats } from 'node:fs';
import type { Ground } from './ground.ts';
import { modeOf } from './ground.ts';
import { look } from './look.ts';
import { ensureParents } from './parents.ts';

/** Renames real files whose copies were renamed; whatever does not fit is left to be settled path by path. */
export function moveRenamed(ground: Ground, paths: readonly string[]): void {
  const gone = vanished(ground, paths);
  if (gone.size === 0) return;
  for (const path of paths) {
    if (ground.workspace.snapshot.has(path) || !ground.inside.look(path)?.isFile()) continue;
    const { state } = look(ground, path, 'inside');
    const from = state.kind === 'file' ? gone.get(state.hash)?.shift() : undefined;
    if (from !== undefined) move(ground, from, path);
  }
}

/** Files that stood in the snapshot and are gone inside, by the hash of their copy. */
function vanished(ground: Ground, paths: readonly string[]): Map<string, string[]> {
  const gone = new Map<string, string[]>();
  for (const path of paths) {
    const entry = ground.workspace.snapshot.get(path);
    if (entry?.kind !== 'file' || entry.size === 0 || ground.inside.look(path) !== undefined) continue;
    gone.set(entry.copy, [...(gone.get(entry.copy) ?? []), path]);
  }
  return gone;
}

function move(ground: Ground, from: string, to: string): void {
  const { outside, workspace, record } = ground;
  const entry = workspace.snapshot.get(from);
  if (entry?.kind !== 'file' || ground.closed(to, false)) return;
  if (ground.guard.path(to, false) !== undefined || ground.guard.path(from, false) !== undefined) return;
  const source = look(ground, from, 'outside');
  if (source.state.kind !== 'file' || source.state.hash !== entry.real) return;
  if (!isFree(outside.look(to), source.stats) || !ensureParents(ground, to)) return;
  outside.rename(from, to);
  const stats = outside.look(to);
  workspace.snapshot.delete(from);
  if (stats === undefined) return;
  workspace.snapshot.set(to, { ...entry, mode: modeOf(stats), ctimeNs: stats.ctimeNs, mtimeNs: stats.mtimeNs });
  record.change(from, 'remove');
  record.change(to, 'create');
}

/** Nothing stands there, or the same file under a name that differs in case only. */
function isFree(there: BigIntStats | undefined, source: BigIntStats | undefined): boolean {
  return there === undefined || (there.ino === source?.ino && there.dev === source.dev);
}
