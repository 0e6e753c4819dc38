// Objects of a repository, read through one `git cat-file --batch`: as they are stored, no filter and no text conversion.
import { createHash } from 'node:crypto';
import { createByteReader } from './bytes.ts';
import type { Git } from './run.ts';

export interface GitObject {
  id: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
  bytes: Buffer;
}

const LINE = 0x0a;

/** Reads objects in the order asked for; those that are missing (a shallow or partial clone) are passed by. */
export async function* readObjects(git: Git, ids: readonly string[]): AsyncGenerator<GitObject> {
  if (ids.length === 0) return;
  const { stdin, stdout, done } = git.pipe(['cat-file', '--batch', '--buffer']);
  stdin.on('error', () => {}); // git ended early: the missing objects tell
  stdin.end(`${ids.join('\n')}\n`);
  const reader = createByteReader(stdout);
  for (;;) {
    const header = await reader.until(LINE);
    if (header === undefined) break;
    const [id = '', type = '', size = ''] = header.toString('latin1').split(' ');
    if (size === '') continue;
    const bytes = await reader.take(Number(size));
    await reader.take(1);
    yield { id, type: type as GitObject['type'], bytes };
  }
  await done;
}

/** Sizes in bytes of the objects that exist. */
export async function sizesOf(git: Git, ids: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (ids.length === 0) return sizes;
  const { stdout } = await git.run(['cat-file', '--batch-check', '--buffer'], `${ids.join('\n')}\n`);
  for (const line of stdout.toString('latin1').split('\n')) {
    const [id = '', , size] = line.split(' ');
    if (size !== undefined) sizes.set(id, Number(size));
  }
  return sizes;
}

export type ObjectFormat = 'sha1' | 'sha256';

/** The id that git gives to these bytes as a blob. */
export function blobId(bytes: Uint8Array, format: ObjectFormat): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
