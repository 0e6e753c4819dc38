// Where both sides changed, or an edit would lose a secret. The person's version stays in place or is merged with the
// agent's; what cannot be merged of the agent's is laid in `.sotto/conflicts/`, and the copy follows the real tree again.
import { hash } from 'node:crypto';
import { restoreFile, scriptsOf } from './apply.ts';
import { lay } from './aside.ts';
import { fetchBase } from './base-from-git.ts';
import { bringIn } from './bring-in.ts';
import { enterInsideAsBase } from './entry.ts';
import { type Ground, identityOf, modeOf } from './ground.ts';
import { newlyExecutable } from './guard.ts';
import { mergeLines, splitLines, takeHunks } from './lines.ts';
import type { Look } from './look.ts';
import { carriedFrom, isLoss, secretsOf, wentElsewhere } from './losses.ts';
import type { Restored } from './restore.ts';
import { textOf } from './scope.ts';
import { swapFile } from './swap.ts';
import { noteTaken } from './taken.ts';

/** `again`: something moved under our hands. */
export type Resolved = 'done' | 'again';

/** Both edited one file: line by line from what they last had in common, else a conflict. */
export async function merge(ground: Ground, path: string, inside: Look, outside: Look): Promise<Resolved> {
  const versions = read(ground, path, inside, outside);
  if (versions === undefined) return 'again';
  if (await fetchBase(ground, path)) return 'again';
  const merged = mergeContent(ground, path, versions);
  if (merged === undefined || isGuarded(ground, path, versions.real, merged)) return conflict(ground, path, inside);
  const mode = mergeMode(ground, path, inside, outside);
  const written = !merged.equals(versions.real) || mode !== modeOf(outside.stats!);
  if (written && swapOver(ground, path, outside, merged, mode) === 'changed') return 'again';
  if (written) ground.record.change(path, 'modify');
  return follow(ground, path, inside, versions.restored);
}

/** What waits for a yes is not merged past it. */
function isGuarded(ground: Ground, path: string, real: Buffer, merged: Buffer): boolean {
  if (ground.policy.writeback.guarded === 'apply' || real.equals(merged)) return false;
  return ground.guard.path(path, false) !== undefined || scriptsOf(path, real, merged) !== undefined;
}

/** Secrets would go that the agent did not mean to remove: the hunks that lose one are left out, the others go through. */
export async function keepSecrets(ground: Ground, path: string, inside: Look, outside: Look): Promise<Resolved> {
  const versions = read(ground, path, inside, outside);
  if (versions === undefined) return 'again';
  const { real, restored } = versions;
  const carried = carriedFrom(ground, path, real, restored.bytes);
  const taken = takeHunks(real, restored.bytes, (before, after) =>
    isLoss(ground, path, Buffer.from(before, 'latin1'), Buffer.from(after, 'latin1')),
  );
  const bytes = taken !== undefined && !isLoss(ground, path, real, taken.bytes) ? taken.bytes : real;
  const mode = modeOf(outside.stats!);
  if (!bytes.equals(real) && swapOver(ground, path, outside, bytes, mode) === 'changed') return 'again';
  if (!bytes.equals(real)) ground.record.change(path, 'modify');
  const kept = lay(ground, path, inside.state, restored.bytes);
  ground.record.conflict(path, kept);
  if (carried !== undefined) tellCarried(ground, path, real, carried);
  else ground.record.problem(path, 'writeback.kept-secret', { line: restored.left[0]?.line ?? 1, hint: kept });
  return follow(ground, path, inside, restored);
}

/** Lays the agent's version aside and lets the person's come in. */
export async function conflict(ground: Ground, path: string, inside: Look): Promise<Resolved> {
  const bytes = inside.state.kind === 'file' ? ground.inside.read(path)?.bytes : undefined;
  if (inside.state.kind === 'file' && (bytes === undefined || hash('sha256', bytes) !== inside.state.hash))
    return 'again';
  const restored = bytes && restoreFile(ground, path, bytes);
  const kept = lay(ground, path, inside.state, restored?.bytes);
  ground.record.conflict(path, kept);
  return follow(ground, path, inside, restored);
}

/** The file is gone inside, but a placeholder of it stands where it does not come back: it stays, and comes in again. */
export async function keepFile(ground: Ground, path: string, inside: Look): Promise<Resolved> {
  const to = wentElsewhere(ground, path) ?? '';
  tellCarried(ground, path, ground.outside.read(path)?.bytes ?? Buffer.alloc(0), to);
  return follow(ground, path, inside);
}

function tellCarried(ground: Ground, path: string, real: Buffer, to: string): void {
  const secrets = secretsOf(ground, path);
  const line = splitLines(real).findIndex((text) => secrets.some((secret) => text.includes(secret))) + 1;
  ground.record.problem(path, 'writeback.carried', { line: Math.max(1, line), hint: textOf(to) });
}

/** The copy takes over what stands outside. */
export async function follow(ground: Ground, path: string, inside: Look, restored?: Restored): Promise<Resolved> {
  enterInsideAsBase(ground, path, inside.state, restored);
  // Edited inside again since: that edit is looked at next, with the version laid aside just now as its base.
  return (await bringIn(ground, path)) === 'edited' ? 'again' : 'done';
}

interface Versions {
  real: Buffer;
  restored: Restored;
}

function read(ground: Ground, path: string, inside: Look, outside: Look): Versions | undefined {
  const theirs = ground.inside.read(path);
  const mine = ground.outside.read(path);
  if (theirs === undefined || mine === undefined) return undefined;
  if (inside.stats === undefined || identityOf(theirs.stats) !== identityOf(inside.stats)) return undefined;
  if (outside.stats === undefined || identityOf(mine.stats) !== identityOf(outside.stats)) return undefined;
  return { real: mine.bytes, restored: restoreFile(ground, path, theirs.bytes, mine.bytes) };
}

function mergeContent(ground: Ground, path: string, { real, restored }: Versions): Buffer | undefined {
  const entry = ground.workspace.snapshot.get(path);
  if (entry?.kind !== 'file') return undefined;
  const base = ground.bases.recall(path);
  if (hash('sha256', restored.bytes) === entry.real) return real; // the agent changed the mode only
  if (hash('sha256', real) === entry.real) return lossless(ground, path, real, restored.bytes); // the person did
  if (base === undefined || hash('sha256', base) !== entry.real) return undefined;
  const merged = mergeLines(real, base, restored.bytes);
  return merged && lossless(ground, path, real, merged);
}

function lossless(ground: Ground, path: string, real: Buffer, next: Buffer): Buffer | undefined {
  return isLoss(ground, path, real, next) ? undefined : next;
}

/** A side that left the mode alone follows the other; the person's goes first. */
function mergeMode(ground: Ground, path: string, inside: Look, outside: Look): number {
  const entry = ground.workspace.snapshot.get(path);
  const mine = modeOf(outside.stats!);
  if (entry?.kind !== 'file' || inside.state.kind !== 'file' || mine !== entry.mode) return mine;
  const theirs = inside.state.mode;
  return newlyExecutable(mine, theirs) ? mine : theirs;
}

function swapOver(ground: Ground, path: string, outside: Look, bytes: Buffer, mode: number) {
  const { fsync } = ground.policy.writeback;
  noteTaken(ground, path, bytes);
  return swapFile({ anchor: ground.outside, path, expected: outside.stats, fsync }, bytes, mode);
}
