// Reads one real file so that the bytes are those of one moment: a file that changes while it is read is read again.
// Opened without following a link and without waiting on a pipe, in case the path is no longer what the walk saw.
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fsPath } from './raw-path.ts';
import type { WithheldWhy } from './workspace.ts';

/** Files above this size are not scanned, and so not copied unless a path rule trusts them. */
export const SCAN_LIMIT = 100 * 1024 * 1024;

const shared = Buffer.allocUnsafe(1 << 20);

/** A link, a pipe, a socket or a device says so by one of these. */
const NO_FILE = new Set(['ELOOP', 'ESPIPE', 'ENXIO', 'ENODEV', 'EISDIR']);
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
    if (code === 'ENOENT' || code === 'ENOTDIR') return { gone: true };
    return { why: code !== undefined && NO_FILE.has(code) ? 'special' : 'unreadable' };
  }
}

function readOnce(path: string, device: bigint, limit: number): Read | 'changed' {
  const fd = openSync(fsPath(path), FLAGS);
  try {
    const quiet = readQuiet(fd, device, limit);
    if (quiet !== undefined) return quiet;
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

/** A change within this time may not show in the times of a file yet, or the clock of a file server may be late. */
const QUIET_MS = 5000;

/**
 * The short way, with one look: a small file that was last touched well before it was read was not touched while it was read.
 * @returns undefined when only the long way can tell; the file is then read from its start again
 */
function readQuiet(fd: number, device: bigint, limit: number): Read | undefined {
  const start = Date.now();
  const length = readSync(fd, shared, 0, shared.length, 0);
  const stat = fstatSync(fd, { bigint: true });
  const isQuiet = stat.ctimeMs < BigInt(start - QUIET_MS) && stat.mtimeMs < BigInt(start - QUIET_MS);
  if (!isQuiet || !stat.isFile() || stat.dev !== device) return undefined;
  if (length > limit || length === shared.length || stat.size !== BigInt(length)) return undefined;
  return { bytes: shared.subarray(0, length), stat };
}

/** Whether nothing was written between two looks at a file. */
export function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino;
}

/** One byte more than expected is asked for, so that growth shows without another call. */
function readAll(fd: number, size: number): Buffer | undefined {
  const buffer = size < shared.length ? shared : Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length <= size) {
    const count = readSync(fd, buffer, length, size + 1 - length, length);
    if (count === 0) break;
    length += count;
  }
  return length === size ? buffer.subarray(0, length) : undefined;
}
