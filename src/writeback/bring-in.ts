import { statSync } from 'node:fs';
import type { Refreshed } from '../workspace/index.ts';
import type { Ground } from './ground.ts';
import { folderOf, prefixesOf } from './scope.ts';

/**
 * Brings an outside change in. Refused, as `edited`, while a link made inside stands on the way: the write must not follow it.
 * When the copy's place is gone (the session's namespace has ended) there is nowhere to bring anything: `same`.
 */
export async function bringIn(ground: Ground, path: string): Promise<Refreshed> {
  if (!isInPlace(ground)) return 'same';
  const folders = folderOf(path) === '' ? [] : prefixesOf(folderOf(path));
  const isBarred = folders.some((folder) => {
    const there = ground.inside.look(folder);
    return there !== undefined && !there.isDirectory();
  });
  return isBarred ? 'edited' : ground.workspace.refresh(path);
}

/** Whether the workspace's path still leads to the folder that we hold. */
function isInPlace(ground: Ground): boolean {
  const there = statSync(ground.workspace.path, { throwIfNoEntry: false, bigint: true });
  const held = ground.inside.look('');
  return there !== undefined && there.ino === held?.ino && there.dev === held.dev;
}
