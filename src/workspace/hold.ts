// Where a refresh writes. Programs inside can put a link in the place of a folder at any moment, and the wrapper would follow it
// out of the copy, onto the host; so the folder is opened once, without following a link, and all work goes through that.
import { type HeldFolder, holdFolder } from '../host/index.ts';
import { join, parentOf } from './raw-path.ts';

/** The folders of the copy in which work goes on, the innermost last. */
export interface Hold {
  /** Opens the folder of a path for as long as `act` runs; throws ELOOP, ENOTDIR or ENOENT where it is none. */
  within<T>(path: string, act: () => T): T;
  /** The absolute raw path of a path in the folder that is open now. */
  at(path: string): string;
}

/** @param target raw path of the copy */
export function createHold(target: string): Hold {
  const open: { folder: string; held: HeldFolder }[] = [];
  return {
    within(path, act) {
      const folder = parentOf(path);
      open.push({ folder, held: holdFolder(target, folder) });
      try {
        return act();
      } finally {
        open.pop()?.held.close();
      }
    },
    at(path) {
      const last = open.at(-1);
      if (last?.folder !== parentOf(path)) throw new Error('internal error: work in a folder that is not open');
      return join(last.held.base, path.slice(path.lastIndexOf('/') + 1));
    },
  };
}

/** A link, or a file, stands where a folder should be. */
export function isBarred(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ELOOP' || code === 'ENOTDIR';
}
