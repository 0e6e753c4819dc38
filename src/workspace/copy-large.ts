// A trusted file above the limit of what is held in memory: copied in blocks, holes kept as holes.
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Copied, CopyContext, CopyJob } from './copy.ts';
import { fsPath, join } from './raw-path.ts';
import { sameFile } from './read.ts';
import { extend, finish, openNew } from './write.ts';

const BLOCK = Buffer.alloc(4 << 20);
const ZEROS = Buffer.alloc(BLOCK.length);

/** Copies a large trusted file; one that changes meanwhile keeps the identity it had before, so a later look sees the change. */
export function copyLarge(job: CopyJob, { root, target }: CopyContext): Copied {
  const from = openSync(fsPath(join(root, job.path)), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(from, { bigint: true });
    const to = openNew(join(target, job.to ?? job.path), Number(stat.mode));
    try {
      const real = copyBlocks(from, to);
      finish(to, { mode: Number(stat.mode) & 0o777, atimeNs: stat.atimeNs, mtimeNs: stat.mtimeNs });
      if (!sameFile(stat, fstatSync(from, { bigint: true }))) stat.mtimeNs = -1n;
      const { size, mtimeNs, ctimeNs, ino } = stat;
      const mode = Number(stat.mode) & 0o777;
      const identity = { size: Number(size), mtimeNs, ctimeNs, ino };
      const entry = { kind: 'file', mode, real, copy: real, ...identity, placeholders: [] } as const;
      return { path: job.path, entry, placed: [], links: Number(stat.nlink) };
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from);
  }
}

/** Returns the SHA-256 (hex) of what was read. */
function copyBlocks(from: number, to: number): string {
  const digest = createHash('sha256');
  let offset = 0;
  for (;;) {
    const count = readSync(from, BLOCK, 0, BLOCK.length, null);
    if (count === 0) break;
    const block = BLOCK.subarray(0, count);
    digest.update(block);
    if (!block.equals(ZEROS.subarray(0, count))) writeSync(to, block, 0, count, offset);
    offset += count;
  }
  extend(to, offset);
  return digest.digest('hex');
}
