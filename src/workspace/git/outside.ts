// All that is read of the real repository besides file contents. It asks nothing of the working copy, so it goes on while that
// is made.
import type { Policy } from '../../policy/index.ts';
import { readSettings, type Settings } from './config.ts';
import { EMPTY_TREE, type History, type PathChange, planHistory, readChanges } from './history.ts';
import { type IndexEntry, readIndex } from './index-state.ts';
import { type Parsed, parseObject } from './messages.ts';
import { readObjects } from './objects.ts';
import { type NoRepository, openRepository, type Repository } from './repository.ts';
import type { Git } from './run.ts';

/** The real repository, as it was when it was read. */
export interface Outside {
  repository: Repository;
  history: History;
  objects: HistoryObjects;
  index: readonly IndexEntry[];
  settings: Settings;
}

/** Reads the repository of a folder (real path, as text); never throws for the state of it. */
export async function readOutside(workTree: string, policy: Policy): Promise<Outside | NoRepository | 'failed'> {
  try {
    const repository = await openRepository(workTree);
    if (typeof repository === 'string') return repository;
    const [past, index, settings] = await Promise.all([
      readPast(repository, policy.git.depth),
      readIndex(repository.git, repository.format),
      readSettings(repository),
    ]);
    return { repository, ...past, index, settings };
  } catch {
    return 'failed'; // the message could quote a file
  }
}

async function readPast(repository: Repository, depth: number): Promise<Pick<Outside, 'history' | 'objects'>> {
  const history = await planHistory(repository, depth);
  return { history, objects: await readHistory(repository, history) };
}

/** What the commits and tags that are carried over hold. */
export interface HistoryObjects {
  commits: ReadonlyMap<string, Parsed>;
  tags: ReadonlyMap<string, Parsed>;
  /** In the order of the plan's commits. */
  changes: readonly (readonly PathChange[])[];
}

async function readHistory(repository: Repository, { commits, refs }: History): Promise<HistoryObjects> {
  const parsed = await parseAll(
    repository.git,
    commits.map((commit) => commit.id),
  );
  const tags = await parseAll(
    repository.git,
    refs.flatMap(({ tag }) => tag ?? []),
  );
  const treeOf = (commit: string | undefined) =>
    commit === undefined ? EMPTY_TREE[repository.format] : (parsed.get(commit)?.header('tree') ?? '');
  const pairs = commits.map(({ id, parents }) => [treeOf(parents[0]), treeOf(id)] as const);
  const differing = await readChanges(
    repository.git,
    pairs.filter(([before, after]) => before !== after),
  );
  const rest = differing[Symbol.iterator]();
  const changes = pairs.map(([before, after]) => (before === after ? [] : (rest.next().value as PathChange[])));
  return { commits: parsed, tags, changes };
}

async function parseAll(git: Git, ids: readonly string[]): Promise<Map<string, Parsed>> {
  const parsed = new Map<string, Parsed>();
  for await (const { id, bytes } of readObjects(git, ids)) parsed.set(id, parseObject(bytes));
  return parsed;
}
