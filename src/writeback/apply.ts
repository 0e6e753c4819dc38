// Brings one change from inside to the real tree. Each function looks again right before it writes and says what came of it:
// `done`, or `again` when something moved under its hands and the path must be looked at afresh.

import { enterFile, enterMode } from './entry.ts';
import { type Ground, identityOf, modeOf } from './ground.ts';
import { newlyExecutable, scriptsDiffer } from './guard.ts';
import type { HeldChange } from './held.ts';
import { staysInside } from './link-target.ts';
import type { Look } from './look.ts';
import { isLoss, wentElsewhere } from './losses.ts';
import { ensureParents, leaves, openMode } from './parents.ts';
import { type Restored, restore } from './restore.ts';
import { nameOf } from './scope.ts';
import { isStill, type SwapInput, stageFile, swapFile, swapLink } from './swap.ts';
import { noteTaken } from './taken.ts';

/**
 * `lost`: broken placeholders stand where secrets stood, or they went elsewhere; `carried`: a file is gone whose secret's
 * placeholder went elsewhere; `blocked`: something else stands in the way; see resolve.ts.
 */
export type Outcome = 'done' | 'again' | 'lost' | 'carried' | 'blocked';

/** Applies what stands inside, or that nothing does; at this point the outside is as in the snapshot. */
export function apply(ground: Ground, path: string, inside: Look, outside: Look): Outcome {
  const { state } = inside;
  if (state.kind === 'absent') return remove(ground, path, outside);
  if (state.kind === 'folder') return folder(ground, path, state.mode, outside);
  if (state.kind === 'link') return link(ground, path, state.target, outside);
  return file(ground, path, inside, outside);
}

/** Removes an empty folder that the agent replaced; what then stands there, or undefined when the folder must stay. */
function makeWay(ground: Ground, path: string, outside: Look): Look | undefined {
  if (!ensureParents(ground, path)) return undefined;
  if (outside.state.kind !== 'folder') return outside;
  return leaves(ground, path) ? { state: { kind: 'absent' } } : undefined;
}

function file(ground: Ground, path: string, inside: Look, outside: Look): Outcome {
  if (inside.state.kind !== 'file') throw new Error('internal error: not a file inside');
  const bytes = contentOf(ground, path, inside);
  if (bytes === undefined) return 'again';
  const real = realBytes(ground, path, outside, bytes);
  const restored = restoreFile(ground, path, bytes, real);
  const why = ground.guard.path(path, false) ?? scriptsOf(path, real, restored.bytes);
  if (isHeld(ground, { path, why, what: 'file' })) return 'done';
  if (real !== undefined && isLoss(ground, path, real, restored.bytes)) return 'lost';
  if (inside.state.hash === copyHashOf(ground, path)) return mode(ground, path, inside, outside);
  return writeFile(ground, path, restored, inside, outside);
}

/** What was looked at; undefined when it is not there any more. */
function contentOf(ground: Ground, path: string, inside: Look): Buffer | undefined {
  if (inside.bytes !== undefined || inside.stats === undefined) return inside.bytes;
  const read = ground.inside.read(path);
  return read !== undefined && identityOf(read.stats) === identityOf(inside.stats) ? read.bytes : undefined;
}

/** Swaps restored content in and enters it in the snapshot; where policy waits for the disk, together with others. */
function writeFile(ground: Ground, path: string, restored: Restored, inside: Look, outside: Look): Outcome {
  if (inside.state.kind !== 'file') throw new Error('internal error: not a file inside');
  const { hash } = inside.state;
  const there = makeWay(ground, path, outside);
  if (there === undefined) return 'blocked';
  const wanted = allowedMode(ground, path, inside.state.mode, there);
  noteTaken(ground, path, restored.bytes);
  const enter = () => {
    enterFile(ground, path, hash, restored);
    tellLeft(ground, path, restored);
    ground.record.change(path, outside.stats === undefined ? 'create' : 'modify');
  };
  const input = swapInput(ground, path, there);
  if (input.fsync) ground.group.add({ path, staged: stageFile(input, restored.bytes, wanted), enter });
  else if (swapFile(input, restored.bytes, wanted) === 'changed') return 'again';
  else enter();
  return 'done';
}

function tellLeft(ground: Ground, path: string, { left }: Restored): void {
  for (const { why, line } of left) ground.record.problem(path, `writeback.${why}-placeholder`, { line });
  if (left.length > 0) ground.carry.left.set(path, new Set(left.map(({ placeholder }) => placeholder)));
  else ground.carry.left.delete(path);
}

/** A file may become executable only after a yes; its content need not wait for that. */
function allowedMode(ground: Ground, path: string, wanted: number, outside: Look): number {
  const before = outside.state.kind === 'file' ? outside.state.mode : undefined;
  if (!newlyExecutable(before, wanted)) return wanted;
  return isHeld(ground, { path, why: 'executable', what: 'mode' }) ? wanted & ~0o111 : wanted;
}

function mode(ground: Ground, path: string, inside: Look, outside: Look): Outcome {
  if (inside.state.kind !== 'file' && inside.state.kind !== 'folder') throw new Error('internal error: no mode');
  const { kind } = inside.state;
  const wanted = kind === 'file' ? allowedMode(ground, path, inside.state.mode, outside) : openMode(inside.state.mode);
  if (outside.stats === undefined || !isStill(ground.outside, path, outside.stats)) return 'again';
  if (wanted !== modeOf(outside.stats)) {
    ground.outside.chmod(path, wanted);
    ground.record.change(path, 'mode');
  }
  enterMode(ground, path);
  return 'done';
}

function folder(ground: Ground, path: string, wanted: number, outside: Look): Outcome {
  if (outside.state.kind === 'folder') {
    return mode(ground, path, { state: { kind: 'folder', mode: wanted } }, outside);
  }
  if (!ensureParents(ground, path) || wentElsewhere(ground, path) !== undefined) return 'blocked';
  if (!isStill(ground.outside, path, outside.stats)) return 'again';
  noteTaken(ground, path, undefined);
  if (outside.stats !== undefined) ground.outside.unlink(path);
  ground.outside.mkdir(path, openMode(wanted));
  ground.workspace.snapshot.set(path, { kind: 'folder', mode: openMode(wanted) });
  ground.record.change(path, 'folder');
  return 'done';
}

function link(ground: Ground, path: string, target: string, outside: Look): Outcome {
  if (!staysInside(path, target, rootOf(ground), ground.workspace.snapshot)) {
    ground.record.problem(path, 'writeback.link-out');
    return 'done';
  }
  if (isHeld(ground, { path, why: ground.guard.link(path), what: 'link' })) return 'done';
  const there = makeWay(ground, path, outside);
  if (there === undefined || wentElsewhere(ground, path) !== undefined) return 'blocked';
  noteTaken(ground, path, undefined);
  if (swapLink(swapInput(ground, path, there), target) === 'changed') return 'again';
  ground.workspace.snapshot.set(path, { kind: 'link', target, stub: false });
  ground.record.change(path, 'link');
  return 'done';
}

function remove(ground: Ground, path: string, outside: Look): Outcome {
  const isFolder = outside.state.kind === 'folder';
  if (!isFolder && isHeld(ground, { path, why: ground.guard.path(path, false), what: 'remove' })) return 'done';
  if (wentElsewhere(ground, path) !== undefined) return 'carried';
  if (!isStill(ground.outside, path, outside.stats)) return 'again';
  if (isFolder && !leaves(ground, path)) {
    ground.record.problem(path, 'writeback.kept-folder');
    return 'done';
  }
  noteTaken(ground, path, undefined);
  if (!isFolder) ground.outside.unlink(path);
  ground.workspace.snapshot.delete(path);
  ground.bases.forget(path);
  ground.record.change(path, 'remove');
  return 'done';
}

function swapInput(ground: Ground, path: string, outside: Look): SwapInput {
  return { anchor: ground.outside, path, expected: outside.stats, fsync: ground.policy.writeback.fsync };
}

/** Asks policy about a guarded change; true when it does not go on now. */
function isHeld(ground: Ground, change: Omit<HeldChange, 'why'> & { why: string | undefined }): boolean {
  const { why } = change;
  if (why === undefined || ground.held.isAllowed(change.path)) return false;
  const { guarded } = ground.policy.writeback;
  if (guarded === 'apply') return false;
  if (guarded === 'hold') ground.held.hold({ ...change, why });
  else ground.record.problem(change.path, 'writeback.dropped', { hint: why });
  return true;
}

/** Why new content of this path waits although no pattern names it. */
export function scriptsOf(path: string, real: Buffer | undefined, next: Buffer): string | undefined {
  return nameOf(path) === 'package.json' && scriptsDiffer(real, next) ? 'scripts' : undefined;
}

/** The real content, where a guard or the restoring needs to know it. */
function realBytes(ground: Ground, path: string, outside: Look, inside: Buffer): Buffer | undefined {
  const entry = ground.workspace.snapshot.get(path);
  const heldSecrets = entry?.kind === 'file' && entry.placeholders.length > 0;
  const matters = nameOf(path) === 'package.json' || heldSecrets || inside.includes('REDACTED_');
  return matters && outside.state.kind === 'file' ? ground.outside.read(path)?.bytes : undefined;
}

/** What the real tree would hold for a file's content inside. */
export function restoreFile(ground: Ground, path: string, bytes: Buffer, real?: Buffer): Restored {
  const entry = ground.workspace.snapshot.get(path);
  const held = new Set(entry?.kind === 'file' ? entry.placeholders : []);
  const foreign = ground.welcome.has(path) ? 'restore' : ground.policy.writeback.foreign;
  const left = ground.carry.left.get(path);
  const known = { ...(real === undefined ? {} : { real }), ...(left === undefined ? {} : { left }) };
  return restore(bytes, { vault: ground.vault, held, path, foreign, ...known });
}

function copyHashOf(ground: Ground, path: string): string | undefined {
  const entry = ground.workspace.snapshot.get(path);
  return entry?.kind === 'file' ? entry.copy : undefined;
}

function rootOf(ground: Ground): string {
  return Buffer.from(ground.workspace.root, 'utf8').toString('latin1');
}
