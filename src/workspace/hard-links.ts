// A hard link is one file under several names. Its content is scanned like any other, so a second name is copied as a file of
// its own; but when one of the names is hidden or asked for, the decision is meant for the content: then none comes in.
import { lstatSync, unlinkSync } from 'node:fs';
import { writeStub } from './copy.ts';
import type { Tree } from './decide.ts';
import { fsPath, join } from './raw-path.ts';
import { listFolder } from './walk.ts';
import type { Snapshot } from './workspace.ts';

/** Takes back every copied file that is another name of a withheld one. `linked`: raw paths of files with several names. */
export function withdrawHardLinks(linked: readonly string[], snapshot: Snapshot, tree: Tree): void {
  if (linked.length === 0) return;
  const hidden = hiddenInodes(snapshot, tree.root);
  for (const path of linked) {
    const entry = snapshot.get(path);
    if (entry?.kind !== 'file' || !hidden.has(entry.ino)) continue;
    const destination = join(tree.target, path);
    unlinkSync(fsPath(destination));
    writeStub(destination, 'hard-link', path);
    snapshot.set(path, { kind: 'withheld', why: 'hard-link', folder: false, stub: true, pattern: '', source: '' });
  }
}

/** Inodes of all withheld files that have more names than one, those in hidden folders included. */
function hiddenInodes(snapshot: Snapshot, root: string): Set<bigint> {
  const inodes = new Set<bigint>();
  for (const [path, entry] of snapshot) {
    if (entry.kind !== 'withheld' || (entry.why !== 'hide' && entry.why !== 'ask')) continue;
    if (entry.folder) addBelow(join(root, path), inodes);
    else addFile(join(root, path), inodes);
  }
  return inodes;
}

function addBelow(folder: string, inodes: Set<bigint>): void {
  for (const child of listFolder(folder) ?? []) {
    const path = join(folder, child.name);
    if (child.isDirectory()) addBelow(path, inodes);
    else if (child.isFile()) addFile(path, inodes);
  }
}

function addFile(path: string, inodes: Set<bigint>): void {
  const stat = lstatSync(fsPath(path), { bigint: true, throwIfNoEntry: false });
  if (stat !== undefined && stat.nlink > 1n) inodes.add(stat.ino);
}
