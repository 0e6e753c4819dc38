// What the last review of a project showed, so that the next one can say what is new. Kept as hashes: the list of a
// project's sensitive files is nobody's business. Nothing is decided by it, so a damaged list is no list.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readFileText } from './file-text.ts';
import { swapInText } from './trust.ts';

/** As many as fit into a file that is read at once; beyond, nothing counts as new any more. */
const MAX_SEEN = 50_000;
const MORE = 'more';

export interface Seen {
  has(key: string): boolean;
}

/** What was shown; undefined when nothing ever was. */
export async function readSeen(folder: string, root: string): Promise<Seen | undefined> {
  const file = fileOf(folder, root);
  const text = await readFileText(file, file).catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = new Set(text.split('\n'));
  return { has: (key) => lines.has(MORE) || lines.has(hashOf(root, key)) };
}

/** Remembers what a review showed. */
export async function rememberSeen(folder: string, root: string, keys: readonly string[]): Promise<void> {
  const lines = keys.length > MAX_SEEN ? [MORE] : keys.map((key) => hashOf(root, key));
  await swapInText(fileOf(folder, root), `${lines.join('\n')}\n`);
}

const fileOf = (folder: string, root: string) => join(folder, 'reviewed', hashOf(root, ''));

function hashOf(root: string, key: string): string {
  return createHash('sha256').update(`${root}\0${key}`).digest('hex').slice(0, 16);
}
