// One path, whole: look at both sides, decide, act. Nothing between looking and acting waits for anything.

import { hash } from 'node:crypto';
import { apply, type Outcome, restoreFile } from './apply.ts';
import { bringIn } from './bring-in.ts';
import { diff } from './diff.ts';
import { enterFile } from './entry.ts';
import type { Ground } from './ground.ts';
import { type Look, look, type Peeks } from './look.ts';
import { type Action, reconcile, type Situation } from './reconcile.ts';
import { conflict, follow, keepFile, keepSecrets, merge } from './resolve.ts';

/**
 * `again`: look afresh soon; `later`: a broken placeholder may only be half written, look when the file has been quiet; `last`:
 * a secret would go, look when the rest of the turn is settled.
 */
export type Settled = 'done' | 'again' | 'later' | 'last';

export interface Mood {
  /** Wait with what looks broken but may only be half written; false when the session ends. */
  patient: boolean;
  /** The content of this turn is settled: what still looks lost is lost. */
  last: boolean;
  /** Each is used up. */
  peeks: Peeks;
}

/**
 * Makes both sides the same at one path, as far as that can be.
 */
export async function settle(ground: Ground, path: string, { patient, last, peeks }: Mood): Promise<Settled> {
  const peek = peeks.get(path);
  peeks.delete(path);
  const inside = look(ground, path, 'inside', peek?.inside);
  const outside = look(ground, path, 'outside', peek?.outside);
  if (inside.busy || outside.busy) return 'again';
  const action = reconcile(situationOf(ground, path, inside, outside));
  ground.record.clear(path, action.do !== 'nothing');
  ground.held.clear(path);
  const outcome = await act(ground, path, action, inside, outside);
  if (outcome === 'blocked') return conflict(ground, path, inside);
  if (outcome === 'carried') return keepFile(ground, path, inside);
  if (outcome !== 'lost') return outcome;
  if (!last) return 'last';
  if (patient && !isQuiet(inside)) return 'later';
  return keepSecrets(ground, path, inside, outside);
}

async function act(ground: Ground, path: string, action: Action, inside: Look, outside: Look): Promise<Outcome> {
  switch (action.do) {
    case 'nothing':
      return 'done';
    case 'forget':
      ground.workspace.snapshot.delete(path);
      return 'done';
    case 'settle':
      return enterSame(ground, path, inside);
    case 'apply':
      return apply(ground, path, inside, outside);
    case 'refresh':
      return (await bringIn(ground, path)) === 'edited' ? 'again' : 'done';
    case 'revive':
      return follow(ground, path, inside);
    case 'merge':
      return merge(ground, path, inside, outside);
    case 'conflict':
      return conflict(ground, path, inside);
    case 'problem':
      ground.record.problem(path, action.code);
      return 'done';
  }
}

function situationOf(ground: Ground, path: string, inside: Look, outside: Look): Situation {
  const entry = ground.workspace.snapshot.get(path);
  const situation: Situation = {
    entry,
    inside: inside.state,
    outside: outside.state,
    closed: ground.closed(path, inside.state.kind === 'folder'),
    stub: isStub(ground, path, inside),
  };
  const both = diff(entry, inside.state, 'inside') !== 'none' && diff(entry, outside.state, 'outside') !== 'none';
  if (!both || inside.state.kind !== 'file' || outside.state.kind !== 'file') return situation;
  const bytes = ground.inside.read(path)?.bytes;
  if (bytes === undefined) return situation;
  return { ...situation, restoredHash: hash('sha256', restoreFile(ground, path, bytes).bytes) };
}

/** Both sides hold the same without our doing. */
function enterSame(ground: Ground, path: string, inside: Look): Outcome {
  const { state } = inside;
  if (state.kind === 'folder') ground.workspace.snapshot.set(path, { kind: 'folder', mode: state.mode });
  else if (state.kind === 'link')
    ground.workspace.snapshot.set(path, { kind: 'link', target: state.target, stub: false });
  else if (state.kind === 'file') {
    const bytes = ground.inside.read(path)?.bytes;
    if (bytes === undefined || hash('sha256', bytes) !== state.hash) return 'again';
    enterFile(ground, path, state.hash, restoreFile(ground, path, bytes));
  }
  return 'done';
}

const STUB = Buffer.from('sotto: this ');

/** The stub that the workspace lays where something is withheld; an edit that looks like one is no loss. */
function isStub(ground: Ground, path: string, inside: Look): boolean {
  const entry = ground.workspace.snapshot.get(path);
  const laid = entry?.kind === 'link' ? entry.stub : entry?.kind === 'withheld' && entry.stub;
  if (!laid || inside.state.kind !== 'file' || inside.stats === undefined) return false;
  if (inside.stats.ctimeNs < ground.startedNs) return true;
  return inside.stats.size < 1000n && ground.inside.read(path)?.bytes.subarray(0, STUB.length).equals(STUB) === true;
}

const QUIET_MS = 1000;

function isQuiet(inside: Look): boolean {
  return inside.stats !== undefined && Date.now() - Number(inside.stats.mtimeNs / 1_000_000n) > QUIET_MS;
}
