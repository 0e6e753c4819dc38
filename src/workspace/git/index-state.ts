// The index as the person left it: what is staged, what is in conflict, which files are marked. Every entry passes through
// the same decisions as the history, so `git status` inside says what it says outside, without what is hidden.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join as joinText } from 'node:path';
import { fsPath, join, parentOf, rawOf } from '../raw-path.ts';
import type { Blobs } from './blobs.ts';
import { EMPTY_TREE } from './history.ts';
import { blobId, type ObjectFormat } from './objects.ts';
import { type Git, openGit } from './run.ts';
import { makeScratch, removeScratch } from './scratch.ts';

export interface IndexEntry {
  /** Raw path. */
  path: string;
  mode: string;
  id: string;
  stage: string;
  skipWorktree: boolean;
  assumeUnchanged: boolean;
  /** `git add --intent-to-add`: announced, nothing staged yet. */
  intended: boolean;
}

/** Reads the index; looks at no file of the work tree. */
export async function readIndex(git: Git, format: ObjectFormat): Promise<IndexEntry[]> {
  const entries = lines(await must(git, ['ls-files', '-s', '-v', '-z'])).map(parseEntry);
  const empty = blobId(new Uint8Array(), format);
  if (!entries.some(({ id }) => id === empty)) return entries;
  const intended = await readIntended(git, format);
  return entries.map((entry) => (intended.has(entry.path) ? { ...entry, intended: true } : entry));
}

/** An entry that is only intended looks like one of an empty file, except to a comparison that is told to pass it by. */
async function readIntended(git: Git, format: ObjectFormat): Promise<Set<string>> {
  const added = async (how: string) =>
    lines(await must(git, ['diff-index', '--cached', '--name-only', '-z', how, EMPTY_TREE[format], '--']));
  const staged = new Set(await added('--ita-invisible-in-index'));
  return new Set((await added('--ita-visible-in-index')).filter((path) => !staged.has(path)));
}

const lines = (text: string): string[] => text.split('\0').filter(Boolean);

/** `H 100644 <id> 0\t<path>`; the letter is small for assume-unchanged, `S` for skip-worktree. */
function parseEntry(line: string): IndexEntry {
  const tab = line.indexOf('\t');
  const [letter = '', mode = '', id = '', stage = ''] = line.slice(0, tab).split(' ');
  const skipWorktree = letter.toUpperCase() === 'S';
  const assumeUnchanged = letter !== letter.toUpperCase();
  return { path: line.slice(tab + 1), mode, id, stage, skipWorktree, assumeUnchanged, intended: false };
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
  const staged = kept.filter((entry) => !entry.intended);
  const info = staged.map(({ mode, id, stage, path }) => `${mode} ${id} ${stage}\t${path}\0`).join('');
  await must(git, ['update-index', '-z', '--index-info'], info);
  await writeIntended(
    git.folder,
    kept.filter((entry) => entry.intended),
  );
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

/** Git intends to add only what it sees in a work tree: a passing one with files of these names. */
async function writeIntended(gitDir: string, entries: readonly IndexEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const workTree = makeScratch();
  try {
    for (const { path, mode } of entries) {
      mkdirSync(fsPath(join(rawOf(workTree), parentOf(path))), { recursive: true });
      writeFileSync(fsPath(join(rawOf(workTree), path)), '', { mode: mode === '100755' ? 0o755 : 0o644 });
    }
    const git = openGit({ gitDir, workTree, indexFile: joinText(gitDir, 'index') }) as Git;
    const options = ['--intent-to-add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'];
    const paths = entries.map(({ path }) => `${path}\0`).join('');
    await must(git, ['--literal-pathspecs', '-c', 'core.bare=false', 'add', ...options], paths);
  } finally {
    removeScratch(workTree);
  }
}

/** Latin-1 in and out. */
async function must(git: Git, args: readonly string[], input = ''): Promise<string> {
  const { exitCode, stdout } = await git.run(args, Buffer.from(input, 'latin1'));
  if (exitCode !== 0) throw new Error(`internal error: git ${args[0]} failed`);
  return stdout.toString('latin1');
}
