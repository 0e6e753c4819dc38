// One turn over a set of changed paths. The order never leaves less than was there: folders first, then content, then
// removals from the leaves up, and last what takes the place of a removed folder.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { rethrowRefusal } from '../errors/index.ts';
import type { Ground } from './ground.ts';
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
  const all = expand(ground, paths);
  const turn: Turn = { again: [], later: [] };
  if (all.length === 0 || !isWhole(ground)) return turn;
  const ordered = order(ground, all);
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

/** Adds what lies below folders that are gone or became something else, and drops what is no concern of ours. */
function expand(ground: Ground, paths: Iterable<string>): string[] {
  const all = new Set<string>();
  const fallen: string[] = [];
  for (const path of paths) {
    const inside = ground.inside.look(path);
    const outside = ground.outside.look(path);
    const isFolder = inside?.isDirectory() === true || outside?.isDirectory() === true;
    if (path === '' || isExcluded(ground.scope, path, isFolder)) continue;
    all.add(path);
    if (ground.workspace.snapshot.get(path)?.kind !== 'folder') continue;
    if (!inside?.isDirectory() || !outside?.isDirectory()) fallen.push(`${path}/`);
  }
  if (fallen.length > 0) {
    for (const [path, entry] of ground.workspace.snapshot) {
      if (entry.kind !== 'withheld' && fallen.some((folder) => path.startsWith(folder))) all.add(path);
    }
  }
  return [...all];
}

/** A copy that is gone, or empty all at once, is no deletion of everything. */
function isWhole(ground: Ground): boolean {
  const names = ground.inside.list('');
  if (names === undefined) {
    ground.record.problem('', 'writeback.copy-gone');
    return false;
  }
  if (names.some((name) => !isExcluded(ground.scope, name, true))) return true;
  const known = [...ground.workspace.snapshot].some(
    ([path, entry]) => !path.includes('/') && entry.kind !== 'withheld',
  );
  if (known) ground.record.problem('', 'writeback.emptied');
  return !known;
}

/** 0 folders, 1 content, 2 removals, 3 what stands where a folder was. */
function rank(ground: Ground, path: string): number {
  const inside = ground.inside.look(path);
  if (inside === undefined) return 2;
  if (inside.isDirectory()) return 0;
  return ground.workspace.snapshot.get(path)?.kind === 'folder' ? 3 : 1;
}

function order(ground: Ground, paths: string[]): string[] {
  const ranked = paths.map((path) => ({ path, rank: rank(ground, path) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.rank === 2 ? -1 : 1) * (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return ranked.map(({ path }) => path);
}
