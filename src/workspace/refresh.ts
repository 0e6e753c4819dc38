// One real path brought in again while the session runs: somebody created, changed or removed it outside. The same steps as
// at the start, for one path; but the copy may have been edited inside by now, and such an edit is never overwritten.
// All of it is synchronous: nothing else of the wrapper runs between the look at the copy and the swap.
import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import { isAsLeft } from './as-left.ts';
import { type Copied, type CopyContext, copyFile, redactFile } from './copy.ts';
import { decide, type Step, type Tree } from './decide.ts';
import { fsPath, join, parentOf } from './raw-path.ts';
import { withheldEntry } from './report.ts';
import type { StandingSearch } from './standing.ts';
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

/** The verbs of a workspace that follow the real tree. */
export function createRefresh(input: RefreshInput): Pick<Workspace, 'refresh' | 'preview' | 'admit'> {
  return {
    refresh: async (path) => refresh(check(path), input),
    preview: async (path) => preview(check(path), input),
    admit: async (path) => {
      input.tree.admitted.add(check(path));
      return refresh(path, input);
    },
  };
}

/** @throws when the path is none of the project: a bug of the caller, never the state of the tree */
function check(path: string): string {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..'))
    throw new Error('internal error: not a path of the project');
  return path;
}

function refresh(path: string, input: RefreshInput): Refreshed {
  const { tree, snapshot } = input;
  if (path.includes(TEMP_PREFIX) || isInOverlay(path, tree)) return 'same';
  const parent = parentOf(path);
  if (parent !== '' && !isOpenFolder(parent, input)) {
    const brought = refresh(parent, input);
    return isOpenFolder(parent, input) ? refresh(path, input) : brought;
  }
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
function isOpenFolder(path: string, { tree, snapshot }: RefreshInput): boolean {
  const stands = (top: string) => lstatSync(fsPath(join(top, path)), { throwIfNoEntry: false })?.isDirectory();
  return snapshot.get(path)?.kind === 'folder' && stands(tree.root) === true && stands(tree.target) === true;
}

function bringFile(path: string, trust: boolean, input: RefreshInput): Refreshed {
  const { context, snapshot } = input;
  const to = join(parentOf(path), tempName());
  const copied = copyFile({ path, trust, to }, contextFor(path, input));
  if ('gone' in copied) return remove(path, input);
  const entry = entryOfCopied(copied, input);
  const known = snapshot.get(path);
  if (isSameFile(known, entry)) {
    unlinkSync(fsPath(join(context.target, to)));
    snapshot.set(path, entry);
    return 'same';
  }
  return swap(path, to, entry, input);
}

function bringOther(path: string, step: Extract<Step, { to: 'link' | 'withhold' }>, input: RefreshInput): Refreshed {
  const { tree, snapshot } = input;
  const entry = entryOfStep(step);
  if (isDeepStrictEqual(snapshot.get(path), entry)) return 'same';
  if (step.to === 'withhold' && !step.entry.stub) {
    const removed = remove(path, input);
    snapshot.set(path, entry);
    return removed;
  }
  const to = join(parentOf(path), tempName());
  place(join(tree.target, to), step);
  return swap(path, to, entry, input);
}

function bringFolder(path: string, step: Extract<Step, { to: 'folder' }>, input: RefreshInput): Refreshed {
  const { tree, snapshot } = input;
  const destination = fsPath(join(tree.target, path));
  const before = snapshot.get(path);
  const made = !lstatSync(destination, { throwIfNoEntry: false })?.isDirectory();
  if (made && remove(path, input) === 'edited') return 'edited';
  const entry = entryOfStep(step);
  snapshot.set(path, entry);
  if (made) mkdirSync(destination, { mode: 0o700 });
  const children = listFolder(join(tree.root, path)) ?? [];
  if (step.enter && made) for (const child of children) refresh(join(path, child.name), input);
  chmodSync(destination, Number(step.stat.mode) & 0o777);
  return made || !isDeepStrictEqual(before, entry) ? 'updated' : 'same';
}

/** The real path is gone: what the copy holds goes too, as far as nobody edited it. */
function remove(path: string, input: RefreshInput): Refreshed {
  const { tree, snapshot } = input;
  const entry = snapshot.get(path);
  const destination = join(tree.target, path);
  if (entry?.kind === 'folder') return removeFolder(path, input);
  if (!isAsLeft(destination, entry)) return isNothing(destination) ? forget(path, input) : 'edited';
  if (!isNothing(destination)) unlinkSync(fsPath(destination));
  return forget(path, input);
}

function removeFolder(path: string, input: RefreshInput): Refreshed {
  const { tree, snapshot } = input;
  const children = [...snapshot.keys()].filter((key) => parentOf(key) === path && key !== path);
  const kept = children.filter((child) => remove(child, input) === 'edited');
  if (kept.length > 0) return 'edited';
  try {
    rmdirSync(fsPath(join(tree.target, path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return 'edited'; // something new was made in it inside
  }
  return forget(path, input);
}

function forget(path: string, { snapshot }: RefreshInput): Refreshed {
  return snapshot.delete(path) ? 'updated' : 'same';
}

/** The entry is set first: a watcher that then looks at the copy sees what the snapshot says. */
function swap(path: string, to: string, entry: SnapshotEntry, { tree, snapshot }: RefreshInput): Refreshed {
  const destination = join(tree.target, path);
  if (!isAsLeft(destination, snapshot.get(path))) {
    unlinkSync(fsPath(join(tree.target, to)));
    return 'edited';
  }
  snapshot.set(path, entry);
  renameSync(fsPath(join(tree.target, to)), fsPath(destination));
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

const isNothing = (path: string): boolean => lstatSync(fsPath(path), { throwIfNoEntry: false }) === undefined;

const tempName = (): string => `${TEMP_PREFIX}${randomBytes(6).toString('hex')}`;
