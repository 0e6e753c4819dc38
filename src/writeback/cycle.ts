// One turn over a set of changed paths. The order never leaves less than was there: folders first, then content, then
// removals from the leaves up, and last what takes the place of a removed folder.
import type { BigIntStats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SnapshotEntry } from '../workspace/index.ts';
import { attempt, attemptLook } from './attempt.ts';
import { beginCarry } from './carried.ts';
import { type Ground, identityOf, isMoved, modeOf } from './ground.ts';
import type { Peeks } from './look.ts';
import { moveRenamed } from './rename.ts';
import { isExcluded } from './scope.ts';
import { type Mood, settle } from './settle.ts';
import { layTaken } from './taken.ts';
import { isWhole } from './whole.ts';

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
  const peeks: Peeks = new Map();
  const { content, removals } = suspectsOf(ground, paths, peeks);
  const ordered = [...content, ...removals];
  const turn: Turn = { again: [], later: [] };
  if (ordered.length === 0) return turn;
  const whole = isWhole(ground, patient);
  if (whole !== 'yes') return whole === 'wait' ? { ...turn, later: ordered } : turn;
  ground.journal.begin([...ordered, ...ground.carry.taken.map(({ path }) => path)]);
  beginCarry(ground, ordered);
  await moveRenamed(ground, ordered, peeks);
  const last = await settleAll(ground, content, { patient, last: false, peeks }, turn);
  await settleAll(ground, last, { patient, last: true, peeks }, turn);
  if (mayRemove(ground, content, removals, patient, turn))
    await settleAll(ground, removals, { patient, last: true, peeks }, turn);
  await layTaken(ground);
  ground.journal.end();
  return turn;
}

/** What went may have gone to where something is not written yet, and a crash now would lose it. */
function mayRemove(
  ground: Ground,
  content: readonly string[],
  removals: readonly string[],
  patient: boolean,
  turn: Turn,
): boolean {
  const failed = content.filter((path) => ground.record.hasFailed(path));
  const isNewMoving = turn.again.some((path) => !ground.workspace.snapshot.has(path));
  if (failed.length === 0 && (!isNewMoving || !patient)) return true;
  if (failed.length === 0) turn.again.push(...removals);
  else if (patient) turn.later.push(...failed, ...removals);
  else for (const path of removals) ground.record.problem(path, 'writeback.not-removed');
  return false;
}

/** @returns what must be looked at again when all of it is settled */
async function settleAll(ground: Ground, paths: readonly string[], mood: Mood, turn: Turn): Promise<string[]> {
  const last: string[] = [];
  let pauseAt = performance.now() + SLICE_MS;
  for (const path of paths) {
    const settled = (await attempt(ground, path, () => settle(ground, path, mood))) ?? 'done';
    if (settled === 'last') last.push(path);
    else if (settled !== 'done') turn[settled].push(path);
    if (ground.group.isFull) turn.again.push(...(await ground.group.commit(ground)));
    if (performance.now() < pauseAt) continue;
    letGo(ground);
    await nextTurn();
    pauseAt = performance.now() + SLICE_MS;
  }
  turn.again.push(...(await ground.group.commit(ground)));
  letGo(ground);
  return last;
}

function letGo(ground: Ground): void {
  ground.inside.forget();
  ground.outside.forget();
}

/** Folders change with what is in them. */
const fileOnly = (stats: BigIntStats | undefined) => (stats?.isFile() ? stats : undefined);

interface Suspects {
  /** Folders, then files and links. */
  content: string[];
  /** What is gone, then what stands where a folder was. */
  removals: string[];
}

/** Paths that may differ, with what lies below folders that are gone or became something else, in the order of work. */
function suspectsOf(ground: Ground, paths: Iterable<string>, peeks: Peeks): Suspects {
  const ranks = new Map<string, number>();
  const fallen: string[] = [];
  // Sorted: looks come in runs on one folder.
  for (const path of [...paths].sort()) {
    const looks = lookAtBoth(ground, path);
    if (looks === undefined) continue;
    const { inside, outside } = looks;
    const isFolder = inside?.isDirectory() === true || outside?.isDirectory() === true;
    if (path === '' || isExcluded(ground.scope, path, isFolder) || isAsKnown(ground, path, inside, outside)) continue;
    const entry = ground.workspace.snapshot.get(path);
    ranks.set(path, rank(inside, entry));
    peeks.set(path, { inside: fileOnly(inside), outside: fileOnly(outside) });
    if (entry?.kind === 'folder' && !(inside?.isDirectory() && outside?.isDirectory())) fallen.push(`${path}/`);
  }
  for (const path of below(ground, fallen)) {
    const looks = ranks.has(path) ? undefined : lookAtBoth(ground, path);
    if (looks !== undefined) ranks.set(path, rank(looks.inside, undefined));
  }
  return inOrder(ranks);
}

/** Undefined when one cannot be looked at: a folder on the way forbids it, and what it hides is not gone. */
function lookAtBoth(ground: Ground, path: string) {
  return attemptLook(ground, path, () => ({ inside: ground.inside.look(path), outside: ground.outside.look(path) }));
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

/** 0 folders, 1 content, 2 removals, 3 what stands where a folder was. */
function rank(inside: BigIntStats | undefined, entry: SnapshotEntry | undefined): number {
  if (inside === undefined) return 2;
  if (inside.isDirectory()) return 0;
  return entry?.kind === 'folder' ? 3 : 1;
}

function inOrder(ranks: ReadonlyMap<string, number>): Suspects {
  const sorted = [...ranks].sort(
    ([a, one], [b, other]) => one - other || (one === 2 ? -1 : 1) * (a < b ? -1 : a > b ? 1 : 0),
  );
  const some = (isWanted: (rank: number) => boolean) =>
    sorted.filter(([, rank]) => isWanted(rank)).map(([path]) => path);
  return { content: some((rank) => rank < 2), removals: some((rank) => rank >= 2) };
}
