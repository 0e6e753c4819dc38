// Repositories that are not in the usual state: each works inside, or the report says why there is none.
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, open, project, secret } from '../project.ts';
import { commit, everything, expectSound, git, repository, status } from './repository.ts';

/** Two commits, the second with a secret. */
function twoCommits(): string {
  const root = repository({ a: 'one\n', 'd/b': 'b\n' });
  commit(root, 'second', { a: 'two\n', key: `${secret()}\n` });
  return root;
}

const fails = (root: string, ...args: string[]) => expect(() => git(root, ...args)).toThrow();

/** Work that git has under way. */
const UNDER_WAY = [
  {
    description: 'a merge',
    state: 'MERGE_HEAD',
    begin: (root: string) => fails(root, 'merge', 'side'),
  },
  {
    description: 'a rebase',
    state: 'rebase-merge',
    begin: (root: string) => fails(root, 'rebase', 'side'),
  },
  {
    description: 'a cherry-pick',
    state: 'CHERRY_PICK_HEAD',
    begin: (root: string) => fails(root, 'cherry-pick', 'side'),
  },
  {
    description: 'a bisection',
    state: 'BISECT_LOG',
    begin: (root: string) => git(root, 'bisect', 'start', 'HEAD', 'HEAD~1'),
  },
];

describe('a repository in the middle of something', () => {
  it.each(
    UNDER_WAY,
  )('shows what stands in the tree and the index during $description, and nothing of its notes', async (given) => {
    const root = twoCommits();
    git(root, 'checkout', '-q', '-b', 'side', 'HEAD~1');
    commit(root, `side SIDE-MESSAGE ${secret(2)}`, { a: 'side\n' });
    git(root, 'checkout', '-q', 'main');
    given.begin(root);
    expect(existsSync(join(root, '.git', given.state))).toBe(true);
    const opened = await open(root);
    expect(opened.workspace.report.git).toMatchObject({ commits: expect.any(Number) });
    const files = (folder: string) => git(folder, 'status', '--porcelain=v1', '--untracked-files=all');
    expect(files(opened.copy)).toBe(files(root));
    expect(git(opened.copy, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(git(root, 'rev-parse', '--abbrev-ref', 'HEAD'));
    expect(existsSync(join(opened.copy, '.git', given.state))).toBe(false);
    for (const part of [secret(), secret(2)]) expect(everything(opened.copy)).not.toContain(part);
    expectSound(opened);
  });
});

/** Places of git's own where a secret or a hidden path may stand besides objects, refs and reflogs. */
const CORNERS: Record<string, (root: string, text: string) => void> = {
  COMMIT_EDITMSG: (root, text) => writeFileSync(join(root, '.git/COMMIT_EDITMSG'), text),
  ORIG_HEAD: (root) => git(root, 'update-ref', 'ORIG_HEAD', 'HEAD'),
  FETCH_HEAD: (root, text) => writeFileSync(join(root, '.git/FETCH_HEAD'), `\t\t'${text}' of ${text}\n`),
  notes: (root, text) => git(root, 'notes', 'add', '-m', text),
  'a commit graph with paths': (root) => git(root, 'commit-graph', 'write', '--reachable', '--changed-paths'),
  'packed refs': (root) => git(root, 'pack-refs', '--all'),
  description: (root, text) => writeFileSync(join(root, '.git/description'), text),
  'info/sparse-checkout': (root, text) => writeFileSync(join(root, '.git/info/sparse-checkout'), `/*\n!${text}\n`),
  'a replaced commit': (root, text) => {
    const other = git(root, 'commit-tree', '-m', text, 'HEAD^{tree}').trim();
    git(root, 'replace', 'HEAD', other);
  },
  'a section of the configuration': (root, text) => git(root, 'config', `x.${text}.y`, text),
  'a branch description': (root, text) => git(root, 'config', 'branch.main.description', text),
  'a worktree of another branch': (root, text) => git(root, 'worktree', 'add', '-q', '-b', text, join(folder(), 'w')),
};

it('holds nothing of what git keeps in its corners', async () => {
  for (const [name, fill] of Object.entries(CORNERS)) {
    const root = twoCommits();
    fill(root, `corner-${secret(3)}`);
    const { copy, workspace } = await open(root);
    expect([name, workspace.report.git]).toMatchObject([name, { commits: 2 }]);
    const all = everything(copy);
    for (const part of [secret(), secret(3)]) expect(all.includes(part), name).toBe(false);
    const known = new Set([
      'HEAD',
      'config',
      'index',
      'info',
      'objects',
      'refs',
      'packed-refs',
      'logs',
      'branches',
      'hooks',
    ]);
    expect(
      readdirSync(join(copy, '.git')).filter((one) => !known.has(one)),
      name,
    ).toEqual([]);
  }
});

describe('a repository of another make', () => {
  it('works with SHA-256 ids', async () => {
    const root = project({ a: 'one\n' });
    git(root, 'init', '-q', '-b', 'main', '--object-format=sha256');
    commit(root, 'first', { key: `${secret()}\n` });
    const opened = await open(root);
    expect(git(opened.copy, 'log', '--format=%s')).toBe('first\n');
    expect(git(opened.copy, 'rev-parse', 'HEAD:a')).toBe(git(root, 'rev-parse', 'HEAD:a'));
    expect(status(opened.copy)).toBe(status(root));
    expect(everything(opened.copy)).not.toContain(secret());
    expectSound(opened);
  });

  it('works with objects that it borrows, and with history that was grafted', async () => {
    const lender = twoCommits();
    const root = join(folder(), 'clone');
    git(lender, 'clone', '-q', '--shared', lender, root);
    writeFileSync(join(root, '.git/info/grafts'), git(root, 'rev-parse', 'HEAD'));
    const opened = await open(root);
    expect(git(opened.copy, 'log', '--format=%s')).toBe('second\nfirst\n');
    expect(existsSync(join(opened.copy, '.git/objects/info/alternates'))).toBe(false);
    rmSync(lender, { recursive: true });
    expect(git(opened.copy, 'show', 'HEAD:d/b')).toBe('b\n');
    expectSound(opened);
  });

  it('works without the files that a partial clone has not fetched, and fetches none', async () => {
    const main = twoCommits();
    git(main, 'config', 'uploadpack.allowFilter', 'true');
    const root = join(folder(), 'partial');
    git(main, 'clone', '-q', '--filter=blob:none', `file://${main}`, root);
    const missing = git(main, 'rev-parse', 'HEAD~1:a').trim();
    const objects = () => readdirSync(join(root, '.git/objects'), { recursive: true });
    const before = objects();
    const { copy, workspace } = await open(root);
    expect(workspace.report.git).toMatchObject({ commits: 2 });
    expect(git(copy, 'show', 'HEAD:a')).toBe('two\n');
    expect(() => git(copy, 'cat-file', '-e', missing)).toThrow();
    expect(objects()).toEqual(before);
  });

  it('keeps a sparse checkout sparse', async () => {
    const root = twoCommits();
    git(root, 'sparse-checkout', 'set', '--cone', 'nothing');
    expect(existsSync(join(root, 'd/b'))).toBe(false);
    const opened = await open(root);
    expect(status(opened.copy)).toBe(status(root));
    expect(existsSync(join(opened.copy, 'd'))).toBe(false);
    expect(git(opened.copy, 'show', 'HEAD:d/b')).toBe('b\n');
  });

  it('is not led elsewhere by `core.worktree`', async () => {
    const [root, other] = [twoCommits(), project({ stolen: 'STOLEN\n' })];
    git(root, 'config', 'core.worktree', other);
    const opened = await open(root);
    expect(git(opened.copy, 'log', '--format=%s')).toBe('second\nfirst\n');
    expect(git(opened.copy, 'status', '--porcelain')).toBe('');
    expect(everything(opened.copy)).not.toContain(other);
  });

  it('keeps entries that were only intended, a split index and an index of version 4', async () => {
    for (const prepare of [
      ['update-index', '--split-index'],
      ['update-index', '--index-version', '4'],
    ]) {
      const root = twoCommits();
      writeFileSync(join(root, 'intended'), 'new\n');
      git(root, 'add', '--intent-to-add', 'intended');
      git(root, ...prepare);
      const opened = await open(root);
      expect(status(opened.copy)).toBe(status(root));
      expect(git(opened.copy, 'diff', '--', 'intended')).toBe(git(root, 'diff', '--', 'intended'));
      expectSound(opened);
    }
  });

  it.runIf(process.getuid?.() === 0)('works where the folder belongs to somebody else', async () => {
    const root = twoCommits();
    chownSync(root, 12_345, 12_345);
    chownSync(join(root, '.git'), 12_345, 12_345);
    expect((await open(root)).workspace.report.git).toMatchObject({ commits: 2 });
  });

  it('carries pointers of Git LFS as the files that they are', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;
    const root = repository({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'x.bin': pointer });
    const opened = await open(root);
    expect(git(opened.copy, 'show', 'HEAD:x.bin')).toBe(pointer);
    expect(readFileSync(join(opened.copy, 'x.bin'), 'utf8')).toBe(pointer);
    expect(status(opened.copy)).toBe(status(root));
  });

  it('is none where git cannot read it: a format of tomorrow, an index that is damaged', async () => {
    const formats = twoCommits();
    git(formats, 'config', 'core.repositoryformatversion', '1');
    git(formats, 'config', 'extensions.refStorage', 'tomorrow');
    expect((await open(formats)).workspace.report.git).toEqual({ missing: 'unreadable' });
    const damaged = twoCommits();
    writeFileSync(join(damaged, '.git/index'), 'DIRC and no more');
    const { copy, workspace } = await open(damaged);
    expect(workspace.report.git).toEqual({ missing: 'failed' });
    expect(existsSync(join(copy, '.git'))).toBe(false);
    expect(readFileSync(join(copy, 'key'), 'utf8')).toMatch(/^REDACTED_/);
  });

  it('scans what an object of the history holds, whatever its id says', async () => {
    const root = repository({ a: 'one\n' });
    commit(root, 'second', { a: 'two\n' });
    const loose = (id: string) => join(root, '.git/objects', id.slice(0, 2), id.slice(2));
    writeFileSync(join(root, 'evil'), `${secret()}\n`);
    const evil = git(root, 'hash-object', '-w', 'evil').trim();
    rmSync(join(root, 'evil'));
    renameSync(loose(evil), loose(git(root, 'rev-parse', 'HEAD~1:a').trim()));
    const { copy } = await open(root);
    expect(git(copy, 'show', 'HEAD~1:a')).toMatch(/^REDACTED_/);
    expect(everything(copy)).not.toContain(secret());
  });

  it('keeps the repositories inside it out: a submodule, a bare one, one beside', async () => {
    const root = twoCommits();
    mkdirSync(join(root, 'inner'));
    git(join(root, 'inner'), 'init', '-q');
    writeFileSync(join(root, 'inner/f'), 'f\n');
    git(root, 'clone', '-q', '--bare', root, join(root, 'bare'));
    const { copy } = await open(root);
    expect(existsSync(join(copy, 'inner/f'))).toBe(true);
    expect([existsSync(join(copy, 'inner/.git')), existsSync(join(copy, 'bare'))]).toEqual([false, false]);
  });
});
