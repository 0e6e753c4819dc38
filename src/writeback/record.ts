import { textOf } from './scope.ts';
import type { Change, Conflict, Problem } from './writeback.ts';

/** Something that was just done or could not be done, for the status line and the ledger. */
export type WritebackEvent =
  | ({ event: 'change' } & Change)
  | ({ event: 'conflict' } & Conflict)
  | ({ event: 'problem' } & Problem)
  | { event: 'held'; path: string; why: string };

/** Collects what is told at the end, and tells it at once. Paths come in raw and go out as text. */
export interface Record {
  change(path: string, kind: Change['kind']): void;
  conflict(path: string, kept: string): void;
  problem(path: string, code: string, more?: { line?: number; hint?: string }): void;
  /** The path was looked at afresh: what was a problem before is none now; `lines` also what was said of its content. */
  clear(path: string, lines: boolean): void;
  readonly changes: readonly Change[];
  readonly conflicts: readonly Conflict[];
  problems(): Problem[];
  /** Whether the system refused what was tried last at this path. */
  hasFailed(path: string): boolean;
}

export function createRecord(onEvent: (event: WritebackEvent) => void = () => {}): Record {
  const changes = new Map<string, Change>();
  const conflicts: Conflict[] = [];
  const problems = new Map<string, Problem[]>();
  const told = new Set<string>();
  return {
    change(path, kind) {
      const change = { path: textOf(path), kind };
      changes.set(`${kind} ${path}`, change);
      onEvent({ event: 'change', ...change });
    },
    conflict(path, kept) {
      const conflict = { path: textOf(path), kept: textOf(kept) };
      conflicts.push(conflict);
      onEvent({ event: 'conflict', ...conflict });
    },
    problem(path, code, more = {}) {
      const problem = { path: textOf(path), code, ...more };
      const key = JSON.stringify(problem);
      const others = (problems.get(path) ?? []).filter((one) => JSON.stringify(one) !== key);
      problems.set(path, [...others, problem]);
      // Each look at the path finds it again; it is news once.
      if (!told.has(key)) onEvent({ event: 'problem', ...problem });
      told.add(key);
    },
    clear(path, lines) {
      const kept = lines ? [] : (problems.get(path) ?? []).filter(({ line }) => line !== undefined);
      if (kept.length > 0) problems.set(path, kept);
      else problems.delete(path);
    },
    get changes() {
      return [...changes.values()];
    },
    conflicts,
    problems: () => [...problems.values()].flat(),
    hasFailed: (path) => problems.get(path)?.some(({ code }) => code === 'writeback.failed') ?? false,
  };
}
