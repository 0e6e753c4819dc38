// Reads a file that somebody else may have written: bounded in size, never a pipe or device, never through a link that
// leaves the folder it must stay in.
import { constants, promises as fs } from 'node:fs';
import { sep } from 'node:path';
import { Refusal } from '../errors/index.ts';

/** Largest policy or ignore file. */
export const MAX_FILE_BYTES = 1_000_000;

/**
 * Reads a file as UTF-8 text; undefined when there is none.
 * @param shown the name used in messages
 * @param options.within real path of the folder that the file must stay in once links are followed
 * @param options.limit bytes; {@link MAX_FILE_BYTES} when absent
 * @throws Refusal `policy.unreadable`, `policy.too-big`
 */
export async function readFileText(
  path: string | Buffer,
  shown: string,
  { within, limit = MAX_FILE_BYTES }: { within?: string | undefined; limit?: number } = {},
): Promise<string | undefined> {
  const real = await fs.realpath(path).catch((error: NodeJS.ErrnoException) => absentOr(error, shown));
  if (real === undefined) return undefined;
  if (within !== undefined && !isWithin(real, within)) throw unreadable(shown, 'it leads out of the project');
  // O_NONBLOCK: opening a named pipe must not wait for a writer
  const file = await fs
    .open(real, constants.O_RDONLY | constants.O_NONBLOCK)
    .catch((error: NodeJS.ErrnoException) => absentOr(error, shown));
  if (file === undefined) return undefined;
  try {
    const { size, isRegular } = await file.stat().then((stat) => ({ size: stat.size, isRegular: stat.isFile() }));
    if (!isRegular) throw unreadable(shown, 'it is not a regular file');
    if (size > limit) throw tooBig(shown, limit);
    // One more than there is: a file may grow while it is read.
    const bytes = Buffer.alloc(size + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    if (bytesRead > limit) throw tooBig(shown, limit);
    return bytes.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
  } finally {
    await file.close();
  }
}

/** Is a path a folder or something in it? Both absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function absentOr(error: NodeJS.ErrnoException, shown: string): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw unreadable(shown, error.code ?? 'unknown error');
}

function unreadable(shown: string, problem: string): Refusal {
  return new Refusal('policy.unreadable', { file: shown, problem });
}

function tooBig(shown: string, limit: number): Refusal {
  return new Refusal('policy.too-big', { file: shown, limit: `${limit / 1_000_000} MB` });
}
