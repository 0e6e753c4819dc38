// What to do about a path, given what both sides did to it. Pure. The rules, in this order:
// 1. Where something is withheld, or policy hides the path, nothing that was made inside ever reaches the real tree.
// 2. One side changed: the other follows.
// 3. Both changed to the same: only the snapshot moves on.
// 4. An edit outlives a deletion: what the person changed comes back in; what the agent changed is laid aside.
// 5. Both edited one file: merge. Anything else is a conflict, and the person's version stays in place.
import type { SnapshotEntry } from '../workspace/index.ts';
import { type Difference, diff } from './diff.ts';
import type { Observed } from './observed.ts';

export interface Situation {
  entry: SnapshotEntry | undefined;
  inside: Observed;
  outside: Observed;
  /** Policy hides the path, or asks for it. */
  closed: boolean;
  /** What stands inside is the stub that the workspace laid there. */
  stub: boolean;
  /** The inside content with its secrets restored; the real tree would hold this. Absent when not a file. */
  restoredHash?: string;
}

/** What to do. `apply` brings the inside out, `refresh` the outside in. */
export type Action =
  | { do: 'nothing' }
  /** Gone on both sides. */
  | { do: 'forget' }
  /** Both sides are the same again without our doing. */
  | { do: 'settle' }
  | { do: 'apply'; change: Exclude<Difference, 'none'> }
  | { do: 'refresh' }
  /** Gone inside, changed outside: it comes in again. */
  | { do: 'revive' }
  | { do: 'merge' }
  | { do: 'conflict' }
  | { do: 'problem'; code: 'writeback.withheld' | 'writeback.special' };

/** Decides about one path; see the rules above. */
export function reconcile(situation: Situation): Action {
  const { entry, inside, outside } = situation;
  if (isKept(situation)) return kept(situation);
  const within = diff(entry, inside, 'inside');
  const without = diff(entry, outside, 'outside');
  if (within === 'none') return without === 'none' ? { do: 'nothing' } : { do: 'refresh' };
  if (situation.closed && within !== 'remove') return { do: 'problem', code: 'writeback.withheld' };
  if (inside.kind === 'special') return { do: 'problem', code: 'writeback.special' };
  if (without === 'none') return { do: 'apply', change: within };
  return both(situation, within, without);
}

/** The path holds something that never came in: the agent cannot mean it, because it never saw it. */
function isKept({ entry }: Situation): boolean {
  return entry?.kind === 'withheld' || (entry?.kind === 'link' && entry.stub);
}

function kept({ entry, inside, outside, stub }: Situation): Action {
  if (inside.kind !== 'absent' && !stub) return { do: 'problem', code: 'writeback.withheld' };
  // The real thing may have become something that can come in, or gone: the workspace decides.
  const folder = entry?.kind === 'withheld' && entry.folder;
  return folder && outside.kind === 'folder' ? { do: 'nothing' } : { do: 'refresh' };
}

function both(situation: Situation, within: Difference, without: Difference): Action {
  const { entry, inside, outside } = situation;
  if (within === 'remove' && without === 'remove') return { do: 'forget' };
  if (alike(situation)) return { do: 'settle' };
  if (within === 'remove') return { do: 'revive' };
  if (inside.kind === 'folder' && outside.kind === 'folder') return { do: 'refresh' };
  if (inside.kind === 'file' && outside.kind === 'file' && entry?.kind === 'file') return { do: 'merge' };
  return { do: 'conflict' };
}

/** Whether both sides made the same change. */
function alike({ inside, outside, restoredHash }: Situation): boolean {
  if (inside.kind === 'file' && outside.kind === 'file') {
    return inside.mode === outside.mode && restoredHash === outside.hash;
  }
  if (inside.kind === 'link' && outside.kind === 'link') return inside.target === outside.target;
  return inside.kind === 'folder' && outside.kind === 'folder' && inside.mode === outside.mode;
}
