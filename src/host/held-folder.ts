// Folders opened one by one from the one above, so that no symbolic link is followed, not even in the middle of a path: through
// /proc/self/fd, because Node has no openat.
import { closeSync, constants, openSync } from 'node:fs';

/** Linux's O_PATH: holds a place without the right to read it; Node has no name for it. */
export const O_PATH = 0o10000000;
const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A folder that stays reachable at `base` whatever happens to its name. */
export interface HeldFolder {
  readonly base: string;
  close(): void;
}

/**
 * Opens a folder below another one without following a link on the way.
 * @param path relative to `top`, as {@link Anchor} takes it; '' for the top itself
 * @throws ELOOP, ENOTDIR or ENOENT where no such folder stands
 */
export function holdFolder(top: string, path: string): HeldFolder {
  const root = openSync(Buffer.from(top, 'latin1'), O_PATH | constants.O_DIRECTORY);
  if (path === '') return { base: `/proc/self/fd/${root}`, close: () => closeSync(root) };
  try {
    const fd = descend(root, path.split('/'));
    return { base: `/proc/self/fd/${fd}`, close: () => closeSync(fd) };
  } finally {
    closeSync(root);
  }
}

/** The folder of a relative path, '' at the top. */
export function folderOfPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A name in an open folder. */
export function child(fd: number, name: string): Buffer {
  if (name === '' || name === '.' || name === '..' || name.includes('\0')) {
    throw new Error('internal error: a path step that is not a name');
  }
  return Buffer.from(`/proc/self/fd/${fd}/${name}`, 'latin1');
}

/** Opens the folder that these steps lead to; `root` itself when there are none. */
export function descend(root: number, steps: readonly string[]): number {
  let fd = root;
  for (const name of steps) {
    try {
      const next = openSync(child(fd, name), FOLDER);
      if (fd !== root) closeSync(fd);
      fd = next;
    } catch (error) {
      if (fd !== root) closeSync(fd);
      throw error;
    }
  }
  return fd;
}

/** A path in a folder of its own, apart from others that are open. */
export function descendTo(root: number, path: string): { place: Buffer; close: () => void } {
  const steps = path.split('/');
  const name = steps.pop() as string;
  const fd = descend(root, steps);
  return { place: child(fd, name), close: () => (fd === root ? undefined : closeSync(fd)) };
}
