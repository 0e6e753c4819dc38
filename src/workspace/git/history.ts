// Which commits, branches and tags are carried over: the newest `depth` commits of the current branch and its upstream, and
// every branch and tag that points at one of them. The rest of the history does not exist inside.
import { createByteReader } from './bytes.ts';
import type { ObjectFormat } from './objects.ts';
import type { Repository } from './repository.ts';
import type { Git } from './run.ts';

/** The tree without files, which git knows without storing it. */
export const EMPTY_TREE: Record<ObjectFormat, string> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

export interface PlannedCommit {
  id: string;
  /** Parents that are carried over, in order; the first is what the changes are told against. */
  parents: readonly string[];
}

export interface PlannedRef {
  /** Full name. */
  name: string;
  commit: string;
  /** Object id of an annotated tag. */
  tag?: string;
}

export interface History {
  /** Oldest first: parents stand before their children. */
  commits: readonly PlannedCommit[];
  refs: readonly PlannedRef[];
}

/** One file that differs between a commit and its first parent. */
export interface PathChange {
  /** Raw path. */
  path: string;
  /** `000000` when removed. */
  mode: string;
  id: string;
  /** What stood there before; `000000` and zeros when nothing did. */
  oldMode: string;
  oldId: string;
}

/** Chooses what is carried over; empty before the first commit. */
export async function planHistory(repository: Repository, depth: number): Promise<History> {
  const { git, head, upstream } = repository;
  if (head === undefined) return { commits: [], refs: [] };
  const tips = upstream === undefined ? [head] : [head, upstream];
  const listed = await git.run([
    'rev-list',
    '--date-order',
    '--parents',
    `--max-count=${Math.max(1, depth)}`,
    ...tips,
    '--',
  ]);
  const lines = listed.stdout.toString('latin1').trim().split('\n').filter(Boolean);
  const taken = new Set(lines.map((line) => line.split(' ', 1)[0]));
  const commits = lines.map((line) => {
    const [id = '', ...parents] = line.split(' ');
    return { id, parents: parents.filter((parent) => taken.has(parent)) };
  });
  return { commits: commits.reverse(), refs: await planRefs(repository, taken) };
}

const FORMAT = '%(refname)%00%(objecttype)%00%(objectname)%00%(*objectname)';

async function planRefs({ git, upstream }: Repository, taken: ReadonlySet<string | undefined>): Promise<PlannedRef[]> {
  const patterns = ['refs/heads', 'refs/tags', ...(upstream === undefined ? [] : [upstream])];
  const { stdout } = await git.run(['for-each-ref', `--format=${FORMAT}`, ...patterns]);
  const refs: PlannedRef[] = [];
  for (const line of stdout.toString('latin1').split('\n')) {
    const [name = '', type, id = '', target = ''] = line.split('\0');
    const commit = type === 'tag' ? target : id;
    if (taken.has(commit)) refs.push({ name, commit, ...(type === 'tag' ? { tag: id } : {}) });
  }
  return refs;
}

const LINE = 0x0a;
const NUL = 0;
const COLON = 0x3a;

/** The changes between pairs of trees, in the order of the pairs; pairs must differ. */
export async function readChanges(git: Git, pairs: readonly (readonly [string, string])[]): Promise<PathChange[][]> {
  if (pairs.length === 0) return [];
  const { stdin, stdout, done } = git.pipe(['diff-tree', '--stdin', '-r', '-z', '--no-renames', '--no-ext-diff']);
  stdin.on('error', () => {}); // git ended early: its exit status tells
  stdin.end(pairs.map((pair) => `${pair.join(' ')}\n`).join(''));
  const reader = createByteReader(stdout);
  const all: PathChange[][] = [];
  for (let next = await reader.peek(); next !== undefined; next = await reader.peek()) {
    if (next !== COLON) {
      await reader.until(LINE);
      all.push([]);
      continue;
    }
    const [oldMode = '', mode = '', oldId = '', id = ''] = ((await reader.until(NUL)) ?? Buffer.alloc(0))
      .toString('latin1')
      .split(' ');
    const path = ((await reader.until(NUL)) ?? Buffer.alloc(0)).toString('latin1');
    all.at(-1)?.push({ path, mode, id, oldMode: oldMode.slice(1), oldId });
  }
  const { exitCode } = await done;
  if (exitCode !== 0 || all.length !== pairs.length) throw new Error('internal error: git did not tell all changes');
  return all;
}
