import type { Sandbox } from '../sandbox/index.ts';
import { fitsInMemory, makeDiskTarget, reapDiskTargets } from '../workspace/index.ts';
import type { Prepared } from './prepare.ts';

/** Where the working copy is made, as the wrapper reaches it and as a mount source in the sandbox. */
export interface CopySpot {
  outside: string;
  inside: string;
}

/** On the session's tmpfs; a project over policy's share of the memory in a private folder below `disk`. */
export function copySpot(sandbox: Sandbox, plan: Pick<Prepared, 'root' | 'policy'>, disk: string): CopySpot {
  reapDiskTargets(disk);
  if (fitsInMemory(plan)) return { outside: `${sandbox.path}/tree`, inside: `${sandbox.inside}/tree` };
  const target = makeDiskTarget(disk);
  return { outside: target, inside: target };
}
