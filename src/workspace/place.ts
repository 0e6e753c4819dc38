// Where the copy is made. In memory, unless the project is larger than the share of it that policy gives; then in a private
// folder on disk, which the next sotto removes if this one is killed.
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join as joinText } from 'node:path';
import { isAlive } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import { createPathRules } from '../policy/index.ts';
import { fsPath, join, rawOf } from './raw-path.ts';
import { listFolder } from './walk.ts';

export interface PlaceInput {
  root: string;
  policy: Policy;
  /** Bytes of memory of the machine; asked from the system when absent. */
  memory?: number;
}

/** Whether the project, without what is hidden and without bulky folders, is within policy's share of the memory. */
export function fitsInMemory({ root, policy, memory = totalmem() }: PlaceInput): boolean {
  const limit = memory * policy.workspace.memory;
  const bulky = policy.workspace.overlays.map(rawOf);
  // Asking the rules about each path costs as much as its size, and most projects fit with all that they hide.
  if (isBelow(limit, root, bulky, () => false)) return true;
  const rules = createPathRules(policy);
  return isBelow(limit, root, bulky, (path, isFolder) => rules.decide(path, isFolder).decision === 'hide');
}

/** Whether the files that are not passed by take no more bytes; stops counting when they do. */
function isBelow(
  limit: number,
  root: string,
  bulky: readonly string[],
  isHidden: (path: string, isFolder: boolean) => boolean,
): boolean {
  const top = rawOf(root);
  const open = [''];
  let bytes = 0;
  for (let folder = open.pop(); folder !== undefined && bytes <= limit; folder = open.pop()) {
    for (const child of listFolder(join(top, folder)) ?? []) {
      const path = join(folder, child.name);
      const isFolder = child.isDirectory();
      if (child.name === '.git' || isHidden(path, isFolder)) continue;
      if (isFolder && !bulky.some((name) => path === name || path.endsWith(`/${name}`))) open.push(path);
      else if (child.isFile()) bytes += sizeOf(join(top, path));
    }
  }
  return bytes <= limit;
}

/** What a file takes; a sparse one less than its length. */
function sizeOf(path: string): number {
  const stat = lstatSync(fsPath(path), { throwIfNoEntry: false });
  return stat === undefined ? 0 : Math.min(stat.size, stat.blocks * 512);
}

const PREFIX = 'copy-';

/** Makes an empty private folder for a copy below a folder of sotto's own; removes those of wrappers that were killed. */
export function makeDiskTarget(below: string): string {
  mkdirSync(below, { recursive: true, mode: 0o700 });
  chmodSync(below, 0o700);
  reapDiskTargets(below);
  return mkdtempSync(joinText(below, `${PREFIX}${process.pid}-`));
}

/** Removes the copies of wrappers that were killed; called at every start, large project or not. */
export function reapDiskTargets(below: string): void {
  if (!existsSync(below)) return;
  for (const name of readdirSync(below)) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(joinText(below, name), { recursive: true, force: true });
  }
}
