import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Refusal } from '../errors/index.ts';

/** One regular file of a tree. */
export interface TreeFile {
  /** Absolute path. */
  file: string;
  /** Relative to `base`, `/`-separated. */
  path: string;
}

export interface WalkOptions {
  /** What paths are relative to; the root of the walk when absent, and for a single file its folder. */
  base?: string;
  /** Whether to enter a folder or take a file; everything when absent. */
  want?: (path: string, isFolder: boolean) => boolean;
}

/**
 * Yields the regular files under a folder (or the one file named), each folder's in the order of their names.
 * Links, sockets, pipes and devices are never opened.
 * @throws Refusal `scan.not-found`
 */
export async function* walk(root: string, options: WalkOptions = {}): AsyncGenerator<TreeFile> {
  const top = await lstat(root).catch(() => undefined);
  if (top === undefined) throw new Refusal('scan.not-found', { path: root });
  const base = options.base ?? (top.isFile() ? dirname(root) : root);
  const path = relative(base, root).split(sep).join('/');
  if (top.isFile()) yield { file: root, path };
  else if (top.isDirectory()) yield* walkFolder(root, path, options);
}

async function* walkFolder(folder: string, folderPath: string, options: WalkOptions): AsyncGenerator<TreeFile> {
  for (const entry of await entriesOf(folder)) {
    const file = join(folder, entry.name);
    const path = folderPath === '' ? entry.name : `${folderPath}/${entry.name}`;
    if (!entry.isDirectory() && !entry.isFile()) continue;
    if (options.want?.(path, entry.isDirectory()) === false) continue;
    if (entry.isDirectory()) yield* walkFolder(file, path, options);
    else yield { file, path };
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  // A folder that vanished or may not be read holds nothing that could be sent from here.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
