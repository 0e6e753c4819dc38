// The walk over the real tree: makes folders, links and stubs in the copy and hands files on to be copied; it opens no file.
// Kinds come from the folder listing, so that only folders cost a stat.
import { type BigIntStats, type Dirent, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type CopyJob, writeStub } from './copy.ts';
import { decide, type Step, type Tree, withhold } from './decide.ts';
import { fsPath, join } from './raw-path.ts';
import type { SnapshotEntry } from './workspace.ts';

export interface WalkOutput {
  file(job: CopyJob): void;
  entry(path: string, entry: SnapshotEntry): void;
  /** A folder that was made; its mode and times are set when everything is in it. */
  made(path: string, stat: BigIntStats): void;
}

/** Between two breaths the walk looks at so many paths, so that threads get work and their results are taken in meanwhile. */
const BREATH = 500;

/** Walks the whole tree below the root; the copy's top folder must exist and be empty. */
export async function walk(tree: Tree, output: WalkOutput): Promise<void> {
  const open = [''];
  let looked = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const children = listFolder(join(tree.root, folder));
    if (children === undefined) output.entry(folder, withhold('unreadable', true).entry);
    for (const child of children ?? []) {
      const path = join(folder, child.name);
      take(path, decide(path, child, tree), tree, output, open);
      if (++looked % BREATH === 0) await setImmediate();
    }
  }
}

/** What is in a folder, or undefined when it cannot be read or is gone. */
export function listFolder(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(fsPath(folder), { withFileTypes: true, encoding: 'latin1' });
  } catch {
    return undefined;
  }
}

function take(path: string, step: Step, tree: Tree, output: WalkOutput, open: string[]): void {
  if (step.to === 'nothing') return;
  if (step.to === 'copy') {
    output.file({ path, trust: step.trust });
    return;
  }
  if (step.to === 'folder') {
    mkdirSync(fsPath(join(tree.target, path)), { mode: 0o700 });
    output.made(path, step.stat);
    if (step.enter) open.push(path);
  } else {
    place(join(tree.target, path), step, path, tree.turns.get(path));
  }
  output.entry(path, entryOfStep(step));
}

/** Puts a link or a stub at a raw absolute path of the copy where nothing stands. */
export function place(
  destination: string,
  step: Extract<Step, { to: 'link' | 'withhold' }>,
  path: string,
  turn: number | undefined,
): void {
  if (step.to === 'withhold') {
    if (step.entry.stub) writeStub(destination, step.entry.why, path, turn);
  } else if (step.stub) writeStub(destination, 'link', path, turn);
  else symlinkSync(fsPath(step.target), fsPath(destination));
}

/** The snapshot's entry of a path that is no copied file. */
export function entryOfStep(step: Extract<Step, { to: 'link' | 'folder' | 'withhold' }>): SnapshotEntry {
  if (step.to === 'withhold') return step.entry;
  if (step.to === 'link') return { kind: 'link', target: step.target, stub: step.stub };
  return { kind: 'folder', mode: Number(step.stat.mode) & 0o777 };
}
