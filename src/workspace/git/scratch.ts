// Where a repository is put together before it goes into the copy. Git resolves `/proc/<pid>/root` to the host's own root, so it
// cannot work in the copy's folder itself, which lies in another mount namespace. In memory where there is a tmpfs.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../host/index.ts';

const PREFIX = 'sotto-git-';

/** Makes a private empty folder; whoever calls removes it. Folders of wrappers that were killed are removed first. */
export function makeScratch(): string {
  const place = isFolder('/dev/shm') ? '/dev/shm' : tmpdir();
  for (const name of readdirSync(place)) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid) && isOld(join(place, name))) removeScratch(join(place, name));
  }
  return mkdtempSync(join(place, `${PREFIX}${process.pid}-`));
}

/** Removes a scratch folder; one of another user stays. */
export function removeScratch(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // another user's, or being removed by another sotto at this moment
  }
}

/** A pid tells nothing of a wrapper in another pid namespace that shares this folder; nobody builds for an hour. */
function isOld(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > 3_600_000;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
