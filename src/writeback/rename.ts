// A file that vanished here and stands there with the very same content was renamed: the real file is renamed too, so that
// its placeholders keep their secrets, its inode and times stay, and a rename of upper to lower case is one step. A file with
// secrets may also have been edited on its way: it counts as renamed when half of its lines are the same.
import type { BigIntStats } from 'node:fs';
import { attempt, attemptLook } from './attempt.ts';
import { seenAs } from './entry.ts';
import type { Ground } from './ground.ts';
import { splitLines } from './lines.ts';
import { look, type Peeks } from './look.ts';
import { ensureParents } from './parents.ts';
import { lookalikesIn, restore } from './restore.ts';
import { nameOf } from './scope.ts';
import { swapFile } from './swap.ts';
import type { Taken } from './taken.ts';

/** Renames real files whose copies were renamed; whatever does not fit is left to be settled path by path. */
export async function moveRenamed(ground: Ground, paths: readonly string[], peeks: Peeks): Promise<void> {
  const gone = vanished(ground, paths, peeks);
  const isMade = (path: string) => !ground.workspace.snapshot.has(path) && peeks.get(path)?.inside !== undefined;
  const made = paths.filter(isMade);
  if (made.length === 0) return;
  for (const path of made) {
    const state = attemptLook(ground, path, () => look(ground, path, 'inside').state);
    const from = state?.kind === 'file' ? gone.get(state.hash)?.shift() : undefined;
    if (from !== undefined) await attempt(ground, path, () => move(ground, from, path));
    forget(peeks, from, path);
  }
  const withSecrets = sourcesOf(ground);
  for (const path of made) {
    if (ground.workspace.snapshot.has(path)) continue;
    const from = await attempt(ground, path, () => moveEdited(ground, withSecrets, path));
    forget(peeks, from, path);
  }
}

/** What was seen of these is so no more. */
function forget(peeks: Peeks, ...paths: (string | undefined)[]): void {
  for (const path of paths) if (path !== undefined) peeks.delete(path);
}

/** Files that stood in the snapshot and are gone inside, or became something else, by the hash of their copy. */
function vanished(ground: Ground, paths: readonly string[], peeks: Peeks): Map<string, string[]> {
  const gone = new Map<string, string[]>();
  for (const path of paths) {
    const entry = ground.workspace.snapshot.get(path);
    if (peeks.get(path)?.inside !== undefined || entry?.kind !== 'file' || entry.size === 0) continue;
    if (!isGone(ground, path)) continue;
    gone.set(entry.copy, [...(gone.get(entry.copy) ?? []), path]);
  }
  return gone;
}

/** @returns whether the real file stands at the new path now */
function move(ground: Ground, from: string, to: string): boolean {
  const { outside, workspace, record } = ground;
  const entry = workspace.snapshot.get(from);
  if (entry?.kind !== 'file' || !mayStandAt(ground, to) || ground.guard.path(from, false) !== undefined) return false;
  const source = look(ground, from, 'outside');
  if (source.state.kind !== 'file' || source.state.hash !== entry.real) return false;
  if (!isFree(outside.look(to), source.stats) || !ensureParents(ground, to)) return false;
  outside.rename(from, to);
  const stats = outside.look(to);
  workspace.snapshot.delete(from);
  if (stats !== undefined) workspace.snapshot.set(to, seenAs(entry, stats));
  record.change(from, 'remove');
  record.change(to, 'create');
  return true;
}

function mayStandAt(ground: Ground, path: string): boolean {
  // The scripts of a package.json are looked at where its content is.
  const isGuarded = ground.guard.path(path, false) !== undefined || nameOf(path) === 'package.json';
  return !ground.closed(path, false) && !isGuarded;
}

/** Nothing stands there, or the same file under a name that differs in case only. */
function isFree(there: BigIntStats | undefined, source: BigIntStats | undefined): boolean {
  return there === undefined || (there.ino === source?.ino && there.dev === source.dev);
}

/** Real content that stood at a path, and what the snapshot said of it. */
type Source = Pick<Taken, 'path' | 'entry' | 'bytes'>;

/** Files with secrets that are gone inside, or became something else, even if nobody has told of it yet. */
function sourcesOf(ground: Ground): Source[] {
  return [...ground.workspace.snapshot].flatMap(([path, entry]) => {
    if (entry.kind !== 'file' || entry.placeholders.length === 0 || !isGone(ground, path)) return [];
    const bytes = attemptLook(ground, path, () => ground.outside.read(path)?.bytes);
    return bytes === undefined ? [] : { path, entry, bytes };
  });
}

/** No file stands there; where that cannot be told, one does. */
function isGone(ground: Ground, path: string): boolean {
  const isFile = attemptLook(ground, path, () => ground.inside.look(path)?.isFile() === true);
  return isFile === false;
}

/** A file that was edited on its way; one that went in an earlier turn stands at its new place again first. */
function moveEdited(ground: Ground, vanished: Source[], to: string): string | undefined {
  const { carry } = ground;
  const gone = carry.taken.filter(({ path }) => ground.outside.look(path) === undefined);
  if (vanished.length + gone.length === 0) return undefined;
  const bytes = ground.inside.read(to)?.bytes ?? Buffer.alloc(0);
  if (lookalikesIn(bytes).length === 0) return undefined;
  const source = [...vanished, ...gone].find((one) => isHalfOf(ground, one, bytes));
  if (source === undefined) return undefined;
  if (vanished.includes(source)) {
    if (move(ground, source.path, to)) vanished.splice(vanished.indexOf(source), 1);
  } else if (putBack(ground, source, to)) carry.taken = carry.taken.filter((one) => one !== source);
  return source.path;
}

/** Whether at least half of the lines are the same once the secrets are back. */
function isHalfOf(ground: Ground, { path, entry, bytes }: Source, edited: Buffer): boolean {
  const held = new Set(entry.placeholders);
  const restored = restore(edited, { vault: ground.vault, held, path, foreign: 'leave' });
  const before = linesOf(bytes);
  const left = [...before];
  const after = linesOf(restored.bytes);
  for (const line of after) {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
  }
  return before.length > left.length && 2 * (before.length - left.length) >= Math.max(before.length, after.length);
}

const LINE_LIMIT = 2000;

function linesOf(bytes: Buffer): string[] {
  return splitLines(bytes.subarray(0, 256 * 1024))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, LINE_LIMIT);
}

function putBack(ground: Ground, { entry, bytes }: Source, to: string): boolean {
  const { outside, policy } = ground;
  if (!mayStandAt(ground, to) || outside.look(to) !== undefined || !ensureParents(ground, to)) return false;
  const input = { anchor: outside, path: to, expected: undefined, fsync: policy.writeback.fsync };
  if (swapFile(input, bytes, entry.mode) === 'changed') return false;
  const stats = outside.look(to);
  if (stats !== undefined) ground.workspace.snapshot.set(to, seenAs(entry, stats));
  ground.record.change(to, 'create');
  return true;
}
