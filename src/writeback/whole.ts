// Whether both sides stand, so that what is missing on one can be taken for removed. Rules:
// 1. A side that cannot be listed is gone, and a real tree that is empty all at once may be a drive that is not mounted.
// 2. An empty copy is the agent's doing when its folder was not removed with it, has been empty for a while, and only few files
//    would go: somebody removed the only file of a project. More is not brought out; a person can do that with one command.
import { attemptLook } from './attempt.ts';
import { type Ground, isHeldInPlace } from './ground.ts';
import { isExcluded } from './scope.ts';

/** `wait`: look again later. */
export type Whole = 'yes' | 'no' | 'wait';

const FEW = 10;
const EMPTY_MS = 800;

/** @param patient false when the session ends */
export function isWhole(ground: Ground, patient: boolean): Whole {
  const inside = namesOf(ground, 'inside');
  const outside = namesOf(ground, 'outside');
  if (inside === undefined || outside === undefined) return no(ground, 'writeback.side-gone');
  if (inside.length > 0) emptySince.delete(ground);
  if ((inside.length > 0 && outside.length > 0) || countOf(ground) === 0) return 'yes';
  if (outside.length === 0 || countOf(ground) > FEW || !isHeldInPlace(ground.inside))
    return no(ground, 'writeback.emptied');
  return patient && !isLongEmpty(ground) ? 'wait' : 'yes';
}

function namesOf(ground: Ground, side: 'inside' | 'outside'): string[] | undefined {
  return attemptLook(ground, '', () => ground[side].list(''))?.filter((name) => !isExcluded(ground.scope, name, true));
}

function no(ground: Ground, code: string): 'no' {
  ground.record.problem('', code);
  return 'no';
}

/** How many things both sides had at last. */
function countOf({ workspace }: Ground): number {
  return [...workspace.snapshot].filter(([path, entry]) => path !== '' && entry.kind !== 'withheld').length;
}

const emptySince = new WeakMap<Ground, number>();

function isLongEmpty(ground: Ground): boolean {
  const since = emptySince.get(ground) ?? Date.now();
  emptySince.set(ground, since);
  return Date.now() - since >= EMPTY_MS;
}
