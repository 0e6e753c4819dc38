// One real path brought in again while the session runs: somebody created, changed or removed it outside. The same steps as
// at the start, for one path; but the copy may have been edited inside by now, and such an edit is never overwritten.
// All of it is synchronous: nothing else of the wrapper runs between the look at the copy and the swap.
import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { holdFolder } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import { isAsLeft } from './as-left.ts';
import { type Copied, type CopyContext, copyFile, redactFile } from './copy.ts';
import { decide, type Step, type Tree } from './decide.ts';
import { createHold, type Hold, isBarred } from './hold.ts';
import { fsPath, join, parentOf } from './raw-path.ts';
import { withheldEntry } from './report.ts';
import type { StandingSearch } from './standing.ts';
import { stubNumber } from './stub.ts';
import { entryOfStep, listFolder, place } from './walk.ts';
import { type Refreshed, type Snapshot, type SnapshotEntry, TEMP_PREFIX, type Workspace } from './workspace.ts';

export interface RefreshInput {
  context: CopyContext;
  tree: Tree;
  snapshot: Snapshot;
  vault: Vault;
  origins: Policy['origins'];
  /** Secrets that are looked for everywhere; grows with the vault. */
  standing: StandingSearch;
}

/** With the way into the copy. */
interface Work extends RefreshInput {
  hold: Hold;
}

/** The verbs of a workspace that follow the real tree. */
export function createRefresh(
  input: RefreshInput,
): Pick<Workspace, 'refresh' | 'preview' | 'admit' | 'withdraw' | 'withheldAs'> {
  const work: Work = { ...input, hold: createHold(input.tree.target) };
  return {
    refresh: async (path) => refreshLinkFree(check(path), work),
    preview: async (path) => preview(check(path), input),
    admit: async (path) => {
      input.tree.admitted.add(check(path));
      return refreshLinkFree(path, work);
    },
    withdraw: async (path) => {
      const { admitted, turns } = input.tree;
      if (!admitted.delete(check(path))) return 'same';
      turns.set(path, (turns.get(path) ?? 0) + 1);
      return refreshLinkFree(path, work);
    },
    withheldAs: (number) => withheldAs(number, input),
  };
}

/** A link that was made inside stands on the way: that is an edit, and never a way out. */
function refreshLinkFree(path: string, work: Work): Refreshed {
  try {
    return refresh(path, work);
  } catch (error) {
    if (isBarred(error)) return 'edited';
    throw error;
  }
}

/** The path under *ask* whose stub has this number. */
function withheldAs(number: string, { snapshot, tree }: RefreshInput): string | undefined {
  for (const [path, entry] of snapshot) {
    if (entry.kind !== 'withheld' || entry.why !== 'ask') continue;
    if (stubNumber(path, tree.turns.get(path)) === number) return path;
  }
  return undefined;
}

/** @throws when the path is none of the project: a bug of the caller, never the state of the tree */
function check(path: string): string {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..'))
    throw new Error('internal error: not a path of the project');
  return path;
}

function refresh(path: string, input: Work): Refreshed {
  const { tree } = input;
  if (path.includes(TEMP_PREFIX) || isInOverlay(path, tree)) return 'same';
  const parent = parentOf(path);
  if (parent !== '' && !isOpenFolder(parent, input)) {
    const brought = refresh(parent, input);
    return isOpenFolder(parent, input) ? refresh(path, input) : brought;
  }
  return input.hold.within(path, () => refreshHere(path, input));
}

/** At this point the path's folder in the copy is open. */
function refreshHere(path: string, input: Work): Refreshed {
  const { tree, snapshot } = input;
  const stat = lstatSync(fsPath(join(tree.root, path)), { throwIfNoEntry: false });
  const step: Step = stat === undefined ? { to: 'nothing' } : decide(path, stat, tree);
  if (step.to === 'nothing') return remove(path, input);
  if (step.to === 'folder') return bringFolder(path, step, input);
  if (snapshot.get(path)?.kind === 'folder' && remove(path, input) === 'edited') return 'edited';
  return step.to === 'copy' ? bringFile(path, step.trust, input) : bringOther(path, step, input);
}

const isInOverlay = (path: string, { overlays }: Tree): boolean =>
  [...overlays].some((overlay) => path === overlay || path.startsWith(`${overlay}/`));

/** Whether a folder stands on both sides, so that a path in it can be brought in. */
function isOpenFolder(path: string, { tree, snapshot, hold }: Work): boolean {
  if (snapshot.get(path)?.kind !== 'folder' || !isFolder(join(tree.root, path))) return false;
  try {
    return hold.within(path, () => isFolder(hold.at(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const isFolder = (path: string): boolean => lstatSync(fsPath(path), { throwIfNoEntry: false })?.isDirectory() === true;

function bringFile(path: string, trust: boolean, input: Work): Refreshed {
  const { snapshot, hold } = input;
  const to = join(parentOf(path), tempName());
  const copied = copyFile({ path, trust, to: hold.at(to) }, { ...contextFor(path, input), target: '' });
  if ('gone' in copied) return remove(path, input);
  const entry = entryOfCopied(copied, input);
  const known = snapshot.get(path);
  if (isSameFile(known, entry)) {
    unlinkSync(fsPath(hold.at(to)));
    snapshot.set(path, entry);
    return 'same';
  }
  return swap(path, to, entry, input);
}

function bringOther(path: string, step: Extract<Step, { to: 'link' | 'withhold' }>, input: Work): Refreshed {
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

function bringFolder(path: string, step: Extract<Step, { to: 'folder' }>, input: Work): Refreshed {
  const { tree, snapshot, hold } = input;
  const destination = fsPath(hold.at(path));
  const before = snapshot.get(path);
  const made = !lstatSync(destination, { throwIfNoEntry: false })?.isDirectory();
  if (made && remove(path, input) === 'edited') return 'edited';
  const entry = entryOfStep(step);
  snapshot.set(path, entry);
  if (made) mkdirSync(destination, { mode: 0o700 });
  const children = listFolder(join(tree.root, path)) ?? [];
  if (step.enter && made) for (const child of children) refresh(join(path, child.name), input);
  setMode(hold.at(path), Number(step.stat.mode) & 0o777);
  return made || !isDeepStrictEqual(before, entry) ? 'updated' : 'same';
}

/** The real path is gone: what the copy holds goes too, as far as nobody edited it. */
function remove(path: string, input: Work): Refreshed {
  const { snapshot, hold } = input;
  const entry = snapshot.get(path);
  const destination = hold.at(path);
  if (entry?.kind === 'folder') return removeFolder(path, input);
  if (!isAsLeft(destination, entry)) return isNothing(destination) ? forget(path, input) : 'edited';
  if (!isNothing(destination)) unlinkSync(fsPath(destination));
  return forget(path, input);
}

function removeFolder(path: string, input: Work): Refreshed {
  const { snapshot, hold } = input;
  if (isNothing(hold.at(path))) return forgetFolder(path, input);
  const children = [...snapshot.keys()].filter((key) => parentOf(key) === path && key !== path);
  const kept = children.filter((child) => hold.within(child, () => remove(child, input)) === 'edited');
  if (kept.length > 0) return 'edited';
  try {
    rmdirSync(fsPath(hold.at(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return 'edited'; // something new was made in it inside
  }
  return forget(path, input);
}

/** Nothing stands there on either side, so nothing in it does. */
function forgetFolder(path: string, work: Work): Refreshed {
  for (const key of [...work.snapshot.keys()]) if (key.startsWith(`${path}/`)) forget(key, work);
  return forget(path, work);
}

function forget(path: string, { snapshot }: Work): Refreshed {
  return snapshot.delete(path) ? 'updated' : 'same';
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

function preview(path: string, input: RefreshInput): Uint8Array | undefined {
  const { tree } = input;
  const stat = lstatSync(fsPath(join(tree.root, path)), { throwIfNoEntry: false });
  const step = stat === undefined ? undefined : decide(path, stat, tree);
  if (step?.to !== 'copy') return undefined;
  const outcome = redactFile({ path, trust: step.trust }, contextFor(path, input));
  return 'bytes' in outcome ? Uint8Array.from(outcome.bytes) : undefined;
}

function contextFor(path: string, { context, vault, standing }: RefreshInput): CopyContext {
  standing.add(vault.entries());
  return { ...context, place: (rule, secret) => vault.place(rule, secret, path) };
}

function entryOfCopied(copied: Exclude<Copied, { gone: true }>, { origins }: RefreshInput): SnapshotEntry {
  return 'why' in copied ? withheldEntry(copied, origins) : copied.entry;
}

const isSameFile = (known: SnapshotEntry | undefined, entry: SnapshotEntry): boolean =>
  known?.kind === 'file' &&
  entry.kind === 'file' &&
  known.real === entry.real &&
  known.copy === entry.copy &&
  known.mode === entry.mode;

/** A folder's mode, set at the folder itself and not through a link that took its name. */
function setMode(path: string, mode: number): void {
  const held = holdFolder(parentOf(path), path.slice(path.lastIndexOf('/') + 1));
  try {
    chmodSync(held.base, mode);
  } finally {
    held.close();
  }
}

const isNothing = (path: string): boolean => lstatSync(fsPath(path), { throwIfNoEntry: false }) === undefined;

const tempName = (): string => `${TEMP_PREFIX}${randomBytes(6).toString('hex')}`;
