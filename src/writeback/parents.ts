import { type Ground, modeOf } from './ground.ts';
import { folderOf, prefixesOf } from './scope.ts';

/**
 * Makes the folders that a path stands in, as they are inside.
 * @returns false when something that is no folder stands in the way
 */
export function ensureParents(ground: Ground, path: string): boolean {
  const folder = folderOf(path);
  if (folder === '') return true;
  if (ground.outside.isFolder(folder)) return true;
  return prefixesOf(folder).every((prefix) => ensureFolder(ground, prefix));
}

function ensureFolder(ground: Ground, path: string): boolean {
  const there = ground.outside.look(path);
  if (there !== undefined) return there.isDirectory();
  const inside = ground.inside.look(path);
  const mode = inside?.isDirectory() ? openMode(modeOf(inside)) : 0o755;
  ground.outside.mkdir(path, mode);
  ground.workspace.snapshot.set(path, { kind: 'folder', mode });
  ground.record.change(path, 'folder');
  return true;
}

/** A real folder stays open to its owner, or neither we nor the person could work in it. */
export const openMode = (mode: number): number => mode | 0o700;

/** Removes a real folder only if it is truly empty: what is hidden, asked for or skipped lives on in it. */
export function leaves(ground: Ground, path: string): boolean {
  try {
    ground.outside.rmdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
