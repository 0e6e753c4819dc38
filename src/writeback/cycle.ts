// One turn over a set of changed paths. The order never leaves less than was there: folders first, then content, then
// removals from the leaves up, and last what takes the place of a removed folder.
import type { BigIntStats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { rethrowRefusal } from '../errors/index.ts';
import type { SnapshotEntry } from '../workspace/index.ts';
import { type Ground, identityOf, isMoved, modeOf } from './ground.ts';
import { moveRenamed } from './rename.ts';
import { isExcluded } from './scope.ts';
import { settle } from './settle.ts';

/** Work without a pause at most this long: the terminal relay lives in the same thread. */
const SLICE_MS = 8;

export interface Turn {
  /** Look at these again soon. */
  again: string[];
  /** Look at these again when they have been quiet for a while. */
  later: string[];
}

/**
 * Settles paths that may have changed on either side.
 * @param patient false when the session ends: what is half written will not be finished
 */
export async function cycle(ground: Ground, paths: Iterable<string>, patient = true): Promise<Turn> {
  const ordered = suspectsOf(ground, paths);
  const turn: Turn = { again: [], later: [] };
  if (ordered.length === 0 || !isWhole(ground)) return turn;
  ground.journal.begin(ordered);
  let pauseAt = performance.now() + SLICE_MS;
  moveRenamed(ground, ordered);
  for (const path of ordered) {
    await settleSafely(ground, path, patient, turn);
    if (performance.now() < pauseAt) continue;
    letGo(ground);
    await nextTurn();
    pauseAt = performance.now() + SLICE_MS;
  }
  letGo(ground);
  ground.journal.end();
  return turn;
}

function letGo(ground: Ground): void {
  ground.inside.forget();
  ground.outside.forget();
}

async function settleSafely(ground: Ground, path: string, patient: boolean, turn: Turn): Promise<void> {
  try {
    const settled = await settle(ground, path, patient);
    if (settled === 'again') turn.again.push(path);
    if (settled === 'later') turn.later.push(path);
  } catch (error) {
    rethrowRefusal(error);
    const code = systemCode(error);
    if (code === undefined) throw error;
    // A full disk, a folder without the right to write: told, and tried again at the end.
    ground.record.problem(path, 'writeback.failed', { hint: code });
  }
}

function systemCode(error: unknown): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : code;
}

/** Paths that may differ, with what lies below folders that are gone or became something else, in the order of work. */
function suspectsOf(ground: Ground, paths: Iterable<string>): string[] {
  const ranks = new Map<string, number>();
  const fallen: string[] = [];
  // Sorted: looks come in runs on one folder.
  for (const path of [...paths].sort()) {
    const inside = ground.inside.look(path);
    const outside = ground.outside.look(path);
    const isFolder = inside?.isDirectory() === true || outside?.isDirectory() === true;
    if (path === '' || isExcluded(ground.scope, path, isFolder) || isAsKnown(ground, path, inside, outside)) continue;
    const entry = ground.workspace.snapshot.get(path);
    ranks.set(path, rank(inside, entry));
    if (entry?.kind === 'folder' && !(inside?.isDirectory() && outside?.isDirectory())) fallen.push(`${path}/`);
  }
  for (const path of below(ground, fallen))
    if (!ranks.has(path)) ranks.set(path, rank(ground.inside.look(path), undefined));
  return inOrder(ranks);
}

/** Most events are the echo of our own writes. */
function isAsKnown(ground: Ground, path: string, inside?: BigIntStats, outside?: BigIntStats): boolean {
  const entry = ground.workspace.snapshot.get(path);
  if (entry?.kind !== 'file' || inside === undefined || outside === undefined) return false;
  if (!inside.isFile() || modeOf(inside) !== entry.mode || modeOf(outside) !== entry.mode) return false;
  const known = ground.known.get(path);
  return known?.hash === entry.copy && known.identity === identityOf(inside) && !isMoved(entry, outside);
}

function below(ground: Ground, folders: readonly string[]): string[] {
  if (folders.length === 0) return [];
  return [...ground.workspace.snapshot]
    .filter(([path, entry]) => entry.kind !== 'withheld' && folders.some((folder) => path.startsWith(folder)))
    .map(([path]) => path);
}

/** A side that is gone, or empty all at once, is no deletion of everything. */
function isWhole(ground: Ground): boolean {
  const inside = ground.inside.list('');
  const outside = ground.outside.list('');
  if (inside === undefined || outside === undefined) {
    ground.record.problem('', 'writeback.side-gone');
    return false;
  }
  const isEmpty = ![inside, outside].every((names) => names.some((name) => !isExcluded(ground.scope, name, true)));
  if (!isEmpty) return true;
  const entries = [...ground.workspace.snapshot];
  const isKnown = entries.some(([path, entry]) => !path.includes('/') && entry.kind !== 'withheld');
  if (isKnown) ground.record.problem('', 'writeback.emptied');
  return !isKnown;
}

/** 0 folders, 1 content, 2 removals, 3 what stands where a folder was. */
function rank(inside: BigIntStats | undefined, entry: SnapshotEntry | undefined): number {
  if (inside === undefined) return 2;
  if (inside.isDirectory()) return 0;
  return entry?.kind === 'folder' ? 3 : 1;
}

function inOrder(ranks: ReadonlyMap<string, number>): string[] {
  const sorted = [...ranks].sort(
    ([a, one], [b, other]) => one - other || (one === 2 ? -1 : 1) * (a < b ? -1 : a > b ? 1 : 0),
  );
  return sorted.map(([path]) => path);
}
