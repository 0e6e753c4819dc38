// Puts new content at a path of the real tree. Rules:
// 1. Look again: what stands there must be what was compared with the snapshot, else nothing is written (`changed`).
// 2. The content is complete in a temporary file of the same folder before a rename puts it in place.
// 3. Where nothing stood, the name is taken with link(2), which fails when somebody was faster.
import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { Anchor } from '../host/index.ts';
import { TEMP_PREFIX } from '../workspace/index.ts';
import { identityOf } from './ground.ts';
import { folderOf } from './scope.ts';

export type Swapped = 'done' | 'changed';

export interface SwapInput {
  anchor: Anchor;
  path: string;
  /** What stood there when it was compared; undefined when nothing did. */
  expected: BigIntStats | undefined;
  fsync: boolean;
}

/** Swaps a file in; the owner of the one that stood there is kept. */
export function swapFile(input: SwapInput, bytes: Uint8Array, mode: number): Swapped {
  const { anchor, expected, fsync } = input;
  const temp = tempBeside(input.path);
  const owner = expected && { uid: Number(expected.uid), gid: Number(expected.gid) };
  return withTemp(input, temp, () => anchor.create(temp, { bytes, mode, fsync, ...(owner ? { owner } : {}) }));
}

/** Content that lies complete beside its place, but is not certain to be on the disk yet. */
export interface Staged {
  /** How much it is. */
  readonly bytes: number;
  /** The folder in which it is put in place; sync that afterwards. */
  readonly folder: string;
  /** Waits for the disk. */
  sync(): Promise<void>;
  /** Looks again and puts it in place. */
  swap(): Swapped;
  /** What was not put in place goes; call it in the end, whatever happened. */
  drop(): void;
}

/** The first half of {@link swapFile}, so that many files can wait for the disk together. */
export function stageFile(input: SwapInput, bytes: Uint8Array, mode: number): Staged {
  const { anchor, path, expected } = input;
  const temp = tempBeside(path);
  const owner = expected && { uid: Number(expected.uid), gid: Number(expected.gid) };
  let inPlace = false;
  const drop = () => (inPlace ? undefined : dropTemp(anchor, temp));
  const file = orElse(drop, () => anchor.createOpen(temp, { bytes, mode, ...(owner ? { owner } : {}) }));
  return {
    bytes: bytes.length,
    folder: folderOf(path),
    sync: file.sync,
    swap() {
      inPlace = putInPlace(input, temp);
      return inPlace ? 'done' : 'changed';
    },
    drop() {
      file.close();
      drop();
    },
  };
}

function orElse<T>(undo: () => void, act: () => T): T {
  try {
    return act();
  } catch (error) {
    undo();
    throw error;
  }
}

/** Swaps a symbolic link in. */
export function swapLink(input: SwapInput, target: string): Swapped {
  const temp = tempBeside(input.path);
  return withTemp(input, temp, () => input.anchor.symlink(target, temp));
}

function withTemp(input: SwapInput, temp: string, make: () => void): Swapped {
  let inPlace = false;
  try {
    make();
    inPlace = putInPlace(input, temp);
    if (inPlace && input.fsync) input.anchor.syncFolder(folderOf(input.path));
    return inPlace ? 'done' : 'changed';
  } finally {
    if (!inPlace) dropTemp(input.anchor, temp);
  }
}

/** @returns false when something else stands there by now */
function putInPlace({ anchor, path, expected }: SwapInput, temp: string): boolean {
  if (!isStill(anchor, path, expected)) return false;
  return expected === undefined ? takeName(anchor, temp, path) : replace(anchor, temp, path);
}

/** Whether what stands at a path is what was looked at before. */
export function isStill(anchor: Anchor, path: string, expected: BigIntStats | undefined): boolean {
  const now = anchor.look(path);
  if (now === undefined || expected === undefined) return now === expected;
  return identityOf(now) === identityOf(expected) && now.mode === expected.mode;
}

function replace(anchor: Anchor, temp: string, path: string): true {
  anchor.rename(temp, path);
  return true;
}

function takeName(anchor: Anchor, temp: string, path: string): boolean {
  try {
    anchor.link(temp, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // A file system without hard links: look-again is all there is.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') return replace(anchor, temp, path);
    throw error;
  }
  anchor.unlink(temp);
  return true;
}

function dropTemp(anchor: Anchor, temp: string): void {
  try {
    anchor.unlink(temp);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Names that no other session makes, and nobody guesses. */
const SESSION = randomBytes(8).toString('hex');
let made = 0;

function tempBeside(path: string): string {
  const folder = folderOf(path);
  const name = `${TEMP_PREFIX}${SESSION}-${(made++).toString(36)}`;
  return folder === '' ? name : `${folder}/${name}`;
}
