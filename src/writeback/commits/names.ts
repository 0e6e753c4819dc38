// Which branch the new commits stand on. A branch is moved only from the very commit it had when the session started; a rewritten
// one (amend, rebase) as well, because that is what was asked for inside, and the reflog keeps what it was.
import { posix } from 'node:path';
import type { Git, RebuiltGit } from '../../workspace/index.ts';
import { syncIndex } from './sync-index.ts';

/** A branch on which commits came back. */
export interface BroughtBranch {
  /** Its name inside, without `refs/heads/`. */
  branch: string;
  /** Where they stand now. */
  onto: string;
  commits: number;
}

export interface NamesInput {
  rebuilt: RebuiltGit;
  session: string;
  /** Full names and tips of the branches inside. */
  branches: readonly (readonly [string, string])[];
  /** New commits, id inside to id outside. */
  made: ReadonlyMap<string, string>;
  /** Commits inside that may not go straight onto the person's branch. */
  doubtful: ReadonlySet<string>;
}

/** Moves or makes the branches; `failed` when one could be put nowhere. */
export async function bringNames({
  rebuilt,
  session,
  branches,
  made,
  doubtful,
}: NamesInput): Promise<{ branches: BroughtBranch[]; failed?: boolean }> {
  const { git, format, branch: current } = rebuilt.repository;
  const nothing = '0'.repeat(format === 'sha1' ? 40 : 64);
  let failed = false;
  const brought: BroughtBranch[] = [];
  for (const [name, tip] of branches) {
    const before = rebuilt.branches.get(name);
    const commit = made.get(tip) ?? rebuilt.commits.get(tip);
    if (commit === undefined || before?.commit === commit) continue;
    const own = before?.name ?? name;
    const wanted = doubtful.has(tip) ? [] : [own];
    const aside = `refs/heads/sotto/${session}/${posix.relative('refs/heads', own)}`;
    const onto = await firstMoved(git, [...wanted, aside], (ref) => [
      commit,
      ref === own ? (before?.commit ?? nothing) : nothing,
    ]);
    if (onto === current) await syncIndex(rebuilt.repository, before?.commit, commit);
    if (onto === undefined) failed = true;
    else brought.push({ branch: short(name), onto: short(onto), commits: made.has(tip) ? made.size : 0 });
  }
  return { branches: brought, ...(failed ? { failed } : {}) };
}

/** The first ref that could be moved; none is when somebody moved it meanwhile. */
async function firstMoved(
  git: Git,
  refs: readonly string[],
  valuesOf: (ref: string) => readonly [to: string, from: string],
): Promise<string | undefined> {
  for (const ref of refs) {
    const moved = await git.run(['update-ref', '-m', 'sotto: commits made in a session', ref, ...valuesOf(ref)]);
    if (moved.exitCode === 0) return ref;
  }
  return undefined;
}

const short = (name: string): string => name.replace(/^refs\/heads\//, '');
