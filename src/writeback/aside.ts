// The agent's version of a conflict, laid at `.sotto/conflicts/<path>` in the real tree, where git does not look.
import { noteAside } from './carried.ts';
import type { Ground } from './ground.ts';
import type { Observed } from './observed.ts';
import { folderOf, prefixesOf } from './scope.ts';
import { swapFile } from './swap.ts';

/** Where the agent's versions are laid. */
export const CONFLICTS = '.sotto/conflicts';

/**
 * Lays a version aside; never over another one.
 * @param bytes restored content, for a file
 * @returns where it lies, relative to the root
 */
export function lay(ground: Ground, path: string, inside: Observed, bytes?: Buffer): string {
  const { outside } = ground;
  const place = freePlace(ground, `${CONFLICTS}/${path}`);
  for (const folder of prefixesOf(folderOf(place)))
    if (outside.look(folder) === undefined) outside.mkdir(folder, 0o700);
  ignoreInGit(ground);
  if (inside.kind === 'folder') outside.mkdir(place, 0o700);
  else if (inside.kind === 'link') write(ground, place, Buffer.from(`${inside.target}\n`, 'latin1'));
  else if (bytes !== undefined) write(ground, place, bytes);
  if (bytes !== undefined) noteAside(ground, path, bytes);
  return place;
}

/** A free name; a file laid aside earlier, or a folder that should be one, moves nothing. */
function freePlace(ground: Ground, wanted: string): string {
  if (![CONFLICTS, '.sotto'].every((folder) => isFolderOrFree(ground, folder))) {
    throw Object.assign(new Error('.sotto is no folder'), { code: 'ENOTDIR', syscall: 'mkdir' });
  }
  for (let turn = 0; ; turn++) {
    const base = turn === 0 ? wanted : wanted.replace(CONFLICTS, `${CONFLICTS}/${turn}`);
    const way = prefixesOf(folderOf(base)).every((folder) => isFolderOrFree(ground, folder));
    if (way && ground.outside.look(base) === undefined) return base;
  }
}

function isFolderOrFree(ground: Ground, path: string): boolean {
  return ground.outside.look(path)?.isDirectory() ?? true;
}

function write(ground: Ground, path: string, bytes: Buffer): void {
  // It may hold secrets, and nobody asked for it to be shared.
  swapFile({ anchor: ground.outside, path, expected: undefined, fsync: ground.policy.writeback.fsync }, bytes, 0o600);
}

function ignoreInGit(ground: Ground): void {
  if (ground.outside.look('.sotto/.gitignore') !== undefined) return;
  write(ground, '.sotto/.gitignore', Buffer.from('*\n'));
}
