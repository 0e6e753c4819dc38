// Writes one file of the copy, with mode and times. A path that stands already is never opened: it could be a link by now.
import { closeSync, constants, fchmodSync, ftruncateSync, futimesSync, openSync, writeSync } from 'node:fs';
import { fsPath } from './raw-path.ts';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const UMASK = process.umask();

export interface FileTimes {
  mode: number;
  atimeNs: bigint;
  mtimeNs: bigint;
}

/** Creates a file; throws when something stands at the path. */
export function writeNew(path: string, bytes: Uint8Array, times: FileTimes): void {
  const fd = openNew(path, times.mode);
  try {
    writeAll(fd, bytes);
    finish(fd, times);
  } finally {
    closeSync(fd);
  }
}

/** Opens a file that does not exist yet, for writing. */
export function openNew(path: string, mode: number): number {
  return openSync(fsPath(path), FLAGS, mode & 0o777);
}

/** Writes all of the bytes at the file's position. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Sets what a new file cannot be born with. Set-user-id bits are dropped: they mean nothing inside. */
export function finish(fd: number, { mode, atimeNs, mtimeNs }: FileTimes): void {
  if ((mode & UMASK) !== 0) fchmodSync(fd, mode & 0o777);
  futimesSync(fd, Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
}

/** Leaves a hole of this many bytes at the end of what was written, so that sparse files stay sparse. */
export function extend(fd: number, size: number): void {
  ftruncateSync(fd, size);
}
