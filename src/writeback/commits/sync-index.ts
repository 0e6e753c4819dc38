// After the current branch has moved, the real index still holds what stood before. Entries that were as the old commit had them
// follow to the new one; what the person staged meanwhile stays staged.
import { EMPTY_TREE, type RebuiltGit, readChanges } from '../../workspace/index.ts';

/** Moves the entries of the real index from one commit to the next; looks at no file. */
export async function syncIndex(
  { git, format }: RebuiltGit['repository'],
  from: string | undefined,
  to: string,
): Promise<void> {
  const [before, after] = await Promise.all([treeOf(from), treeOf(to)]);
  if (before === after) return;
  const [changes = []] = await readChanges(git, [[before, after]]);
  const listed = await git.run(['ls-files', '-s', '-z']);
  const entries = new Map<string, string>();
  for (const line of listed.stdout.toString('latin1').split('\0').filter(Boolean)) {
    entries.set(line.slice(line.indexOf('\t') + 1), line.slice(0, line.indexOf('\t')));
  }
  const lines = changes.flatMap(({ path, mode, id, oldMode, oldId }) => {
    const expected = oldMode === '000000' ? undefined : `${oldMode} ${oldId} 0`;
    if (entries.get(path) !== expected) return [];
    return mode === '000000' ? [`0 ${'0'.repeat(id.length)} 0\t${path}\0`] : [`${mode} ${id} 0\t${path}\0`];
  });
  if (lines.length > 0) await git.run(['update-index', '-z', '--index-info'], Buffer.from(lines.join(''), 'latin1'));

  async function treeOf(commit: string | undefined): Promise<string> {
    if (commit === undefined) return EMPTY_TREE[format];
    const { stdout, exitCode } = await git.run(['rev-parse', '-q', '--verify', `${commit}^{tree}`]);
    return exitCode === 0 ? stdout.toString('latin1').trim() : EMPTY_TREE[format];
  }
}
