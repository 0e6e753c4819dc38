// Steps on one open file or folder: read, write, owner, mode, sync.
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { O_PATH } from './held-folder.ts';

/** A regular file's bytes with what was seen of it afterwards; undefined when it is none. */
export function readRegular(place: Buffer): { bytes: Buffer; stats: BigIntStats } | undefined {
  // O_NONBLOCK: a FIFO put here must not stop us.
  const fd = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) return undefined;
    const bytes = readAll(fd, Number(stats.size));
    return { bytes, stats: fstatSync(fd, { bigint: true }) };
  } finally {
    closeSync(fd);
  }
}

/** Up to the size that was seen; whether it grew meanwhile shows in what is seen afterwards. */
function readAll(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const got = readSync(fd, bytes, length, size - length, null);
    if (got === 0) break;
    length += got;
  }
  return bytes.subarray(0, length);
}

/** Writes all of the bytes at the position of the file. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Gives the file to this owner, where the right to do so is there. */
export function keepOwner(fd: number, owner: { uid: number; gid: number } | undefined): void {
  if (owner === undefined) return;
  const now = fstatSync(fd);
  if (now.uid === owner.uid && now.gid === owner.gid) return;
  try {
    fchownSync(fd, owner.uid, owner.gid);
  } catch (error) {
    // An ordinary user may not give files away; the file then belongs to whoever runs the session.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

/** Names in an open folder, Latin-1 text of the raw bytes. */
export function names(fd: number): string[] {
  // `/.`: a descriptor opened with O_PATH cannot be read itself, the folder it stands for can.
  return readdirSync(`/proc/self/fd/${fd}/.`, 'buffer').map((name) => name.toString('latin1'));
}

/** Sets the mode of what stands at a place, unless that is a link. */
export function setMode(place: Buffer, mode: number): void {
  // Through O_PATH, so that a link is not followed and no right to read is needed.
  const fd = openSync(place, O_PATH | constants.O_NOFOLLOW);
  try {
    if (fstatSync(fd).isSymbolicLink()) return;
    chmodSync(`/proc/self/fd/${fd}`, mode);
  } finally {
    closeSync(fd);
  }
}

/** Makes what was renamed in an open folder last a power loss. */
export function syncFolder(fd: number): void {
  const readable = openFolder(fd);
  try {
    fsyncSync(readable);
  } finally {
    closeSync(readable);
  }
}

/** The same, without stopping everything else meanwhile. */
export async function awaitFolder(fd: number): Promise<void> {
  const readable = openFolder(fd);
  await sync(readable).finally(() => closeSync(readable));
}

/** Resolves when an open file or folder is on the disk. */
export const sync = promisify(fsync);

function openFolder(fd: number): number {
  return openSync(`/proc/self/fd/${fd}/.`, constants.O_RDONLY | constants.O_DIRECTORY);
}
