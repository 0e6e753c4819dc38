// What changed on one side since both were last the same. Pure: a snapshot entry and what stands there now, in; the
// difference, out. A stub that stands for something withheld is as good as nothing.
import type { SnapshotEntry } from '../workspace/index.ts';
import type { Observed, Side } from './observed.ts';

/** One side's change of one path. `content` may come with another mode; `replace` is another kind of thing. */
export type Difference = 'none' | 'create' | 'remove' | 'content' | 'mode' | 'target' | 'replace';

/** Compares what the snapshot knows of a path with what stands there on one side. */
export function diff(entry: SnapshotEntry | undefined, now: Observed, side: Side): Difference {
  if (entry === undefined || entry.kind === 'withheld') return now.kind === 'absent' ? 'none' : 'create';
  if (now.kind === 'absent') return 'remove';
  if (entry.kind === 'file' && now.kind === 'file') {
    if (now.hash !== (side === 'inside' ? entry.copy : entry.real)) return 'content';
    return now.mode === entry.mode ? 'none' : 'mode';
  }
  if (entry.kind === 'folder' && now.kind === 'folder') return now.mode === entry.mode ? 'none' : 'mode';
  if (entry.kind === 'link' && now.kind === 'link') return now.target === entry.target ? 'none' : 'target';
  return 'replace';
}
