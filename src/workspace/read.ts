// Reads one real file so that the bytes are those of one moment: a file that changes while it is read is read again.
// Opened without following a link and without waiting on a pipe, in case the path is no longer what the walk saw.
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fsPath } from './raw-path.ts';
import type { WithheldWhy } from './workspace.ts';

/** Files above this size are not scanned, and so not copied unless a path rule trusts them. */
export const SCAN_LIMIT = 100 * 1024 * 1024;

const ATTEMPTS = 5;
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** `bytes` is valid until the next call: small files share one buffer. */
export type Read = { bytes: Buffer; stat: BigIntStats } | { why: WithheldWhy } | { gone: true };

/** Reads a whole regular file on the given device. Never throws for the state of that file. */
export function readStable(path: string, device: bigint, limit: number = SCAN_LIMIT): Read {
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const read = readOnce(path, device, limit);
      if (read !== 'changed') return read;
    }
    return { why: 'unreadable' };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { gone: true }
      : { why: code === 'ELOOP' ? 'special' : 'unreadable' };
  }
}

function readOnce(path: string, device: bigint, limit: number): Read | 'changed' {
  const fd = openSync(fsPath(path), FLAGS);
  try {
    const before = fstatSync(fd, { bigint: true });
    if (!before.isFile()) return { why: 'special' };
    if (before.dev !== device) return { why: 'other-device' };
    if (before.size > BigInt(limit)) return { why: 'too-large' };
    const bytes = readAll(fd, Number(before.size));
    return bytes !== undefined && sameFile(before, fstatSync(fd, { bigint: true }))
      ? { bytes, stat: before }
      : 'changed';
  } finally {
    closeSync(fd);
  }
}

/** Whether nothing was written between two looks at a file. */
export function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino;
}

let shared = Buffer.allocUnsafe(1 << 20);

/** One byte more than expected is asked for, so that growth shows without another call. */
function readAll(fd: number, size: number): Buffer | undefined {
  if (size >= shared.length) shared = Buffer.allocUnsafe(size + 1 + (size >> 2));
  let length = 0;
  while (length <= size) {
    const count = readSync(fd, shared, length, size + 1 - length, null);
    if (count === 0) break;
    length += count;
  }
  return length === size ? shared.subarray(0, length) : undefined;
}
