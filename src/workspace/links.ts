// A symbolic link is kept as it is when what it names lies inside the project: the copy stands at the project's own path, so
// absolute links hold too. One that leads out would show whatever the sandbox has there, so it becomes a stub.
import { realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { fsPath, join, parentOf } from './raw-path.ts';

/**
 * Whether a link stays inside the project.
 * @param root raw real path of the project
 * @param path raw path of the link, relative to the root
 * @param target raw text of the link
 */
export function staysInside(root: string, path: string, target: string): boolean {
  const absolute = target.startsWith('/') ? target : join(join(root, parentOf(path)), target);
  return isBelow(root, posix.normalize(absolute)) && isBelow(root, resolved(absolute));
}

/** Follows every link on the way; for a dangling one, as far as it goes. */
function resolved(absolute: string): string {
  try {
    return realpathSync.native(fsPath(absolute), 'latin1');
  } catch {
    const parent = posix.dirname(absolute);
    return parent === absolute ? absolute : posix.normalize(join(resolved(parent), posix.basename(absolute)));
  }
}

function isBelow(root: string, path: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`);
}
