// One real path brought in again while the session runs: somebody created, changed or removed it outside. The same steps as
// at the start, for one path; but the copy may have been edited inside by now, and such an edit is never overwritten.
// All of it is synchronous: nothing else of the wrapper runs between the look at the copy and the swap.
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { holdFolder } from '../host/index.ts';
import { consider } from './consider.ts';
import { redactFile } from './copy.ts';
import { decide, type Step, type Tree } from './decide.ts';
import { createHold, isBarred } from './hold.ts';
import { fsPath, join, parentOf } from './raw-path.ts';
import { stubNumber } from './stub.ts';
import { bringFile, bringOther } from './swap-in.ts';
import { remove } from './take-out.ts';
import { entryOfStep, listFolder } from './walk.ts';
import { contextFor, type RefreshInput, type Work } from './work.ts';
import { type Refreshed, TEMP_PREFIX, type Workspace } from './workspace.ts';

/** The verbs of a workspace that follow the real tree. */
export function createRefresh(
  input: RefreshInput,
): Pick<Workspace, 'refresh' | 'preview' | 'consider' | 'admit' | 'withdraw' | 'withheldAs'> {
  const work: Work = { ...input, hold: createHold(input.tree.target) };
  return {
    refresh: async (path) => refreshLinkFree(check(path), work),
    preview: async (path) => preview(check(path), input),
    consider: (path) => consider(check(path), input),
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

function preview(path: string, input: RefreshInput): Uint8Array | undefined {
  const { tree } = input;
  const stat = lstatSync(fsPath(join(tree.root, path)), { throwIfNoEntry: false });
  const step = stat === undefined ? undefined : decide(path, stat, tree);
  if (step?.to !== 'copy') return undefined;
  const outcome = redactFile({ path, trust: step.trust }, contextFor(path, input));
  return 'bytes' in outcome ? Uint8Array.from(outcome.bytes) : undefined;
}

/** A folder's mode, set at the folder itself and not through a link that took its name. */
function setMode(path: string, mode: number): void {
  const held = holdFolder(parentOf(path), path.slice(path.lastIndexOf('/') + 1));
  try {
    chmodSync(held.base, mode);
  } finally {
    held.close();
  }
}
