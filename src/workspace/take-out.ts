// The real path is gone: what the copy holds goes too, as far as nobody edited it.
import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { isAsLeft } from './as-left.ts';
import { fsPath, parentOf } from './raw-path.ts';
import type { Work } from './work.ts';
import type { Refreshed } from './workspace.ts';

/** Removes what stands at a path whose folder in the copy is open. */
export function remove(path: string, input: Work): Refreshed {
  const { snapshot, hold } = input;
  const entry = snapshot.get(path);
  const destination = hold.at(path);
  if (entry?.kind === 'folder') return removeFolder(path, input);
  if (!isAsLeft(destination, entry)) return isNothing(destination) ? forget(path, input) : 'edited';
  if (!isNothing(destination)) unlinkSync(fsPath(destination));
  return forget(path, input);
}

function removeFolder(path: string, input: Work): Refreshed {
  const { snapshot, hold } = input;
  if (isNothing(hold.at(path))) return forgetFolder(path, input);
  const children = [...snapshot.keys()].filter((key) => parentOf(key) === path && key !== path);
  const kept = children.filter((child) => hold.within(child, () => remove(child, input)) === 'edited');
  if (kept.length > 0) return 'edited';
  try {
    rmdirSync(fsPath(hold.at(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return 'edited'; // something new was made in it inside
  }
  return forget(path, input);
}

/** Nothing stands there on either side, so nothing in it does. */
function forgetFolder(path: string, work: Work): Refreshed {
  for (const key of [...work.snapshot.keys()]) if (key.startsWith(`${path}/`)) forget(key, work);
  return forget(path, work);
}

function forget(path: string, { snapshot }: Work): Refreshed {
  return snapshot.delete(path) ? 'updated' : 'same';
}

const isNothing = (path: string): boolean => lstatSync(fsPath(path), { throwIfNoEntry: false }) === undefined;
