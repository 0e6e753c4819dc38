// A file, a link or a stub of the real tree, made beside its path in the copy and then swapped in, unless somebody edited inside.
import { randomBytes } from 'node:crypto';
import { renameSync, unlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isAsLeft } from './as-left.ts';
import { type Copied, copyFile, type Undone } from './copy.ts';
import type { Step } from './decide.ts';
import { fsPath, join, parentOf } from './raw-path.ts';
import { withheldEntry } from './report.ts';
import { remove } from './take-out.ts';
import { entryOfStep, place } from './walk.ts';
import { contextFor, type RefreshInput, type Work } from './work.ts';
import { type Refreshed, type SnapshotEntry, TEMP_PREFIX } from './workspace.ts';

/** Brings a file in; its folder in the copy is open. */
export function bringFile(path: string, trust: boolean, input: Work): Refreshed {
  const { snapshot, hold } = input;
  const to = join(parentOf(path), tempName());
  const copied = copyFile({ path, trust, to: hold.at(to) }, { ...contextFor(path, input), target: '' });
  if ('undone' in copied) return remove(path, input);
  const entry = entryOfCopied(copied, input);
  const known = snapshot.get(path);
  if (isSameFile(known, entry)) {
    unlinkSync(fsPath(hold.at(to)));
    snapshot.set(path, entry);
    return 'same';
  }
  return swap(path, to, entry, input);
}

/** Brings a link or a withheld path in. */
export function bringOther(path: string, step: Extract<Step, { to: 'link' | 'withhold' }>, input: Work): Refreshed {
  const { snapshot, hold } = input;
  const entry = entryOfStep(step);
  if (isDeepStrictEqual(snapshot.get(path), entry)) return 'same';
  if (step.to === 'withhold' && !step.entry.stub) {
    const removed = remove(path, input);
    snapshot.set(path, entry);
    return removed;
  }
  const to = join(parentOf(path), tempName());
  place(hold.at(to), step, path, input.tree.turns.get(path));
  return swap(path, to, entry, input);
}

/** The entry is set first: a watcher that then looks at the copy sees what the snapshot says. */
function swap(path: string, to: string, entry: SnapshotEntry, { snapshot, hold }: Work): Refreshed {
  const destination = hold.at(path);
  if (!isAsLeft(destination, snapshot.get(path))) {
    unlinkSync(fsPath(hold.at(to)));
    return 'edited';
  }
  snapshot.set(path, entry);
  renameSync(fsPath(hold.at(to)), fsPath(destination));
  return 'updated';
}

function entryOfCopied(copied: Exclude<Copied, Undone>, { origins }: RefreshInput): SnapshotEntry {
  return 'why' in copied ? withheldEntry(copied, origins) : copied.entry;
}

const isSameFile = (known: SnapshotEntry | undefined, entry: SnapshotEntry): boolean =>
  known?.kind === 'file' &&
  entry.kind === 'file' &&
  known.real === entry.real &&
  known.copy === entry.copy &&
  known.mode === entry.mode;

const tempName = (): string => `${TEMP_PREFIX}${randomBytes(6).toString('hex')}`;
