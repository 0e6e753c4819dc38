// The index as the person left it: what is staged, what is in conflict, which files are marked. Every entry passes through
// the same decisions as the history, so `git status` inside says what it says outside, without what is hidden.
import type { Blobs } from './blobs.ts';
import type { Git } from './run.ts';

export interface IndexEntry {
  /** Raw path. */
  path: string;
  mode: string;
  id: string;
  stage: string;
  skipWorktree: boolean;
  assumeUnchanged: boolean;
}

/** Reads the index; looks at no file of the work tree. */
export async function readIndex(git: Git): Promise<IndexEntry[]> {
  const { exitCode, stdout } = await git.run(['ls-files', '-s', '-v', '-z']);
  if (exitCode !== 0) throw new Error('internal error: git did not list the index');
  return stdout.toString('latin1').split('\0').filter(Boolean).map(parseEntry);
}

/** `H 100644 <id> 0\t<path>`; the letter is small for assume-unchanged, `S` for skip-worktree. */
function parseEntry(line: string): IndexEntry {
  const tab = line.indexOf('\t');
  const [letter = '', mode = '', id = '', stage = ''] = line.slice(0, tab).split(' ');
  const skipWorktree = letter.toUpperCase() === 'S';
  return { path: line.slice(tab + 1), mode, id, stage, skipWorktree, assumeUnchanged: letter !== letter.toUpperCase() };
}

/**
 * Files that a filter of the person's turns into something else in the work tree (Git LFS, git-crypt): the filter does not run
 * inside, so git there would call them all changed. They are marked as unchanged; their changes come back as files, not in commits.
 */
export async function markFiltered(
  git: Git,
  entries: readonly IndexEntry[],
  settings: ReadonlyMap<string, readonly string[]>,
): Promise<IndexEntry[]> {
  const isDriver = (name: string) => settings.has(`filter.${name}.clean`) || settings.has(`filter.${name}.process`);
  if (![...settings.keys()].some((key) => key.startsWith('filter.')) || entries.length === 0) return [...entries];
  const paths = Buffer.from(entries.map(({ path }) => `${path}\0`).join(''), 'latin1');
  const { stdout } = await git.run(['check-attr', '-z', '--stdin', 'filter'], paths);
  const told = stdout.toString('latin1').split('\0');
  const filtered = new Set<string>();
  for (let at = 0; at + 2 < told.length; at += 3)
    if (isDriver(told[at + 2] as string)) filtered.add(told[at] as string);
  return entries.map((entry) => (filtered.has(entry.path) ? { ...entry, assumeUnchanged: true } : entry));
}

/** Writes the entries into the new repository's index. */
export async function writeIndex(git: Git, entries: readonly IndexEntry[], blobs: Blobs): Promise<void> {
  const kept = entries.flatMap((entry) => {
    const carried = blobs.carried(entry.path, entry.mode, entry.id);
    return carried === undefined ? [] : [{ ...entry, ...carried }];
  });
  const lines = kept.map(({ mode, id, stage, path }) => `${mode} ${id} ${stage}\t${path}\0`).join('');
  await must(git, ['update-index', '-z', '--index-info'], lines);
  await mark(
    git,
    '--skip-worktree',
    kept.filter((entry) => entry.skipWorktree),
  );
  await mark(
    git,
    '--assume-unchanged',
    kept.filter((entry) => entry.assumeUnchanged),
  );
}

async function mark(git: Git, flag: string, entries: readonly IndexEntry[]): Promise<void> {
  if (entries.length > 0)
    await must(git, ['update-index', '-z', flag, '--stdin'], entries.map(({ path }) => `${path}\0`).join(''));
}

async function must(git: Git, args: readonly string[], input: string): Promise<void> {
  const { exitCode } = await git.run(args, Buffer.from(input, 'latin1'));
  if (exitCode !== 0) throw new Error(`internal error: git ${args[0]} failed`);
}
