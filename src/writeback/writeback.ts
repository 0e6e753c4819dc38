import type { BroughtCommits } from './commits/bring.ts';

/** A change that was made inside and is now in the real tree. */
export interface Change {
  path: string;
  kind: 'create' | 'modify' | 'remove' | 'mode' | 'link' | 'folder';
}

/** Both sides changed and the lines could not be merged. */
export interface Conflict {
  path: string;
  /** Where the agent's version was laid, relative to the root. */
  kept: string;
}

/** Something that could not be done, or waits for a yes. */
export interface Problem {
  path: string;
  code: string;
  line?: number;
  hint?: string;
}

export interface WritebackReport {
  changes: readonly Change[];
  conflicts: readonly Conflict[];
  problems: readonly Problem[];
  /** Guarded changes that wait for a yes. */
  held: readonly { path: string; why: string }[];
  /** Commits that were made inside; absent where there is no repository inside. */
  commits?: BroughtCommits;
}

export interface Writeback {
  /** Waits until everything that was changed inside until now is in the real tree, and the other way round. */
  flush(): Promise<void>;
  /**
   * The person said yes: to a guarded change, or to secrets of other files at this path. Resolves when it is in the real tree.
   * @param path as in the report
   */
  allow(path: string, what: 'guarded' | 'secrets'): Promise<void>;
  /** Flushes, reconciles the whole tree once by a stat walk, stops watching, and tells what was done. */
  stop(): Promise<WritebackReport>;
}
