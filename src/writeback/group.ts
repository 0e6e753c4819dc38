// Files that wait for the disk together. One after the other, ten thousand of them would wait for a minute and a half; side by
// side a disk answers many with one write of its journal. No file is put in place before its content is certain to be there.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { attempt } from './attempt.ts';
import type { Ground } from './ground.ts';
import type { Staged } from './swap.ts';

interface Member {
  path: string;
  staged: Staged;
  /** After it was put in place. */
  enter(): void;
}

export interface Group {
  add(member: Member): void;
  readonly isFull: boolean;
  /** @returns paths at which something else stands by now */
  commit(ground: Ground): Promise<string[]>;
}

/** Each keeps a descriptor open. */
const FILES = 256;
const BYTES = 32 * 1024 * 1024;
const SLICE_MS = 8;

export function createGroup(): Group {
  let members: Member[] = [];
  let bytes = 0;
  return {
    add(member) {
      members.push(member);
      bytes += member.staged.bytes;
    },
    get isFull() {
      return members.length >= FILES || bytes >= BYTES;
    },
    async commit(ground) {
      const ready = members;
      members = [];
      bytes = 0;
      try {
        return ready.length === 0 ? [] : await putInPlace(ground, ready);
      } finally {
        for (const { staged } of ready) staged.drop();
      }
    },
  };
}

async function putInPlace(ground: Ground, members: readonly Member[]): Promise<string[]> {
  ground.outside.forget();
  const synced = await Promise.all(
    members.map(
      async ({ path, staged }) => (await attempt(ground, path, () => staged.sync().then(() => true))) === true,
    ),
  );
  const again: string[] = [];
  let pauseAt = performance.now() + SLICE_MS;
  for (const [at, { path, staged, enter }] of members.entries()) {
    if (!synced[at]) continue;
    const swapped = await attempt(ground, path, () => staged.swap());
    if (swapped === 'done') enter();
    if (swapped === 'changed') again.push(path);
    if (performance.now() < pauseAt) continue;
    ground.outside.forget();
    await nextTurn();
    pauseAt = performance.now() + SLICE_MS;
  }
  ground.outside.forget();
  const folders = new Set(members.map(({ staged }) => staged.folder));
  await Promise.all([...folders].map((folder) => attempt(ground, folder, () => ground.outside.awaitFolder(folder))));
  return again;
}
