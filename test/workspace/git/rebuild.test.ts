import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, open, project, secret } from '../project.ts';
import { commit, everything, expectSound, git, repository, status } from './repository.ts';

describe('the git repository of the copy', () => {
  it('keeps ids, log and content of a history without secrets', async () => {
    const root = repository({ a: 'one\n', 'd/b': 'two\n' });
    commit(root, 'second', { a: 'changed\n', 'd/b': undefined, c: 'x\n' });
    const opened = await open(root);
    expect(git(opened.copy, 'log', '-p', '--all')).toBe(git(root, 'log', '-p', '--all'));
    expect(git(opened.copy, 'rev-parse', 'HEAD')).toBe(git(root, 'rev-parse', 'HEAD'));
    expect(status(opened.copy)).toBe(status(root));
    expect(opened.workspace.report.git).toEqual({ commits: 2, refs: 1, redacted: 0 });
    expectSound(opened);
  });

  it('holds no secret of the history in any object, message, name or ref', async () => {
    const root = repository({ 'config.txt': `key = ${secret(1)}\n`, 'x.txt': 'x\n' });
    commit(root, `remove ${secret(2)}`, { 'config.txt': 'key = none\n' });
    git(root, 'branch', `leak-${secret(3)}`);
    git(root, 'tag', '-a', '-m', `tagged ${secret(4)}`, 'v1');
    git(
      root,
      '-c',
      `user.name=N ${secret(5)}`,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
      `--author=A ${secret(6)} <a@b>`,
    );
    git(root, 'remote', 'add', 'origin', `https://me:${secret(7)}@example.com/x.git`);
    writeFileSync(join(root, '.git/info/exclude'), `# ${secret(8)}\n`);
    const opened = await open(root);
    for (let n = 1; n <= 8; n++) expect(everything(opened.copy), `secret ${n}`).not.toContain(secret(n));
    expect(git(opened.copy, 'show', 'HEAD~2:config.txt')).toBe(`key = ${opened.vault.find(secret(1))?.placeholder}\n`);
    expect(git(opened.copy, 'remote', 'get-url', 'origin')).toBe('https://example.com/x.git\n');
    expectSound(opened);
  });

  it('holds no hidden path and a stub for one asked for, in no commit', async () => {
    const root = repository({
      '.env': 'HIDDEN-CONTENT\n',
      'keys/k': 'HIDDEN-TOO\n',
      'data.csv': 'ASKED-FOR\n',
      a: 'x\n',
    });
    commit(root, 'second', { '.env': undefined, 'keys/k': undefined });
    commit(root, 'third', { 'sub/.env': 'HIDDEN-CONTENT\n' });
    const opened = await open(root, { hide: ['.env', 'keys/'], ask: ['*.csv'] });
    const all = everything(opened.copy);
    for (const text of ['HIDDEN-CONTENT', 'HIDDEN-TOO', 'ASKED-FOR', '.env', 'keys']) expect(all).not.toContain(text);
    expect(git(opened.copy, 'ls-tree', '-r', '--name-only', 'HEAD')).toBe('a\ndata.csv\n');
    expect(git(opened.copy, 'show', 'HEAD:data.csv')).toMatch(/^sotto: /);
    expect(status(opened.copy)).toBe('## main\n');
    expectSound(opened);
  });

  it('carries over neither stash, reflog, hook, other branch nor loose object', async () => {
    const root = repository({ a: 'x\n' });
    commit(root, 'GONE-COMMIT', { b: 'GONE-FILE\n' });
    git(root, 'reset', '-q', '--hard', 'HEAD~1');
    git(root, 'checkout', '-q', '-b', 'other');
    commit(root, 'OTHER-BRANCH', { c: 'x\n' });
    git(root, 'checkout', '-q', 'main');
    writeFileSync(join(root, 'a'), 'STASHED\n');
    git(root, 'stash', '-q');
    writeFileSync(join(root, '.git/hooks/post-checkout'), '#!/bin/sh\necho HOOK\n');
    const { copy } = await open(root);
    for (const text of ['GONE', 'OTHER', 'STASHED', 'HOOK']) expect(everything(copy)).not.toContain(text);
    expect(git(copy, 'branch', '--list', '--format=%(refname)')).toBe('refs/heads/main\n');
    expect(existsSync(join(copy, '.git/hooks'))).toBe(false);
  });

  it('shows the same status: staged, unstaged, untracked, ignored, renamed, in conflict', async () => {
    const root = repository({
      staged: '1\n',
      unstaged: '1\n',
      gone: '1\n',
      old: 'a\nb\nc\n',
      both: '1\n',
      '.gitignore': '*.log\n',
    });
    git(root, 'checkout', '-q', '-b', 'other');
    commit(root, 'theirs', { both: 'theirs\n' });
    git(root, 'checkout', '-q', 'main');
    commit(root, 'ours', { both: 'ours\n' });
    expect(() => git(root, 'merge', '-q', 'other')).toThrow();
    writeFileSync(join(root, 'staged'), `2 ${secret()}\n`);
    git(root, 'mv', 'old', 'new');
    git(root, 'add', 'staged');
    appendFileSync(join(root, 'staged'), 'and more\n');
    writeFileSync(join(root, 'unstaged'), '2\n');
    rmSync(join(root, 'gone'));
    writeFileSync(join(root, 'untracked'), 'x');
    writeFileSync(join(root, 'ignored.log'), 'x');
    const opened = await open(root);
    expect(status(opened.copy)).toBe(status(root));
    expect(status(opened.copy)).toContain('UU both');
    expect(git(opened.copy, 'diff', '--cached', 'staged')).toContain(`+2 ${opened.vault.find(secret())?.placeholder}`);
  });

  it('goes as deep as policy says, merges at the edge included', async () => {
    const root = repository({ base: 'x\n', removed: 'x\n' });
    for (let n = 0; n < 5; n++) commit(root, `main ${n}`, { [`m${n}`]: `${n}\n` });
    git(root, 'checkout', '-q', '-b', 'side', 'HEAD~4');
    commit(root, 'side', { side: 'x\n', removed: undefined });
    git(root, 'checkout', '-q', 'main');
    git(root, 'merge', '-q', '--no-ff', '-m', 'merged', 'side');
    for (const depth of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const opened = await open(root, {}, { git: { depth, authors: 'keep' } });
      expect(git(opened.copy, 'rev-list', '--count', 'HEAD').trim()).toBe(String(depth));
      expect(git(opened.copy, 'rev-parse', 'HEAD^{tree}')).toBe(git(root, 'rev-parse', 'HEAD^{tree}'));
      expect(status(opened.copy)).toBe('## main\n');
      expectSound(opened);
    }
  });

  it('gives every person a pseudonym where policy says so', async () => {
    const root = repository({ a: 'x\n' });
    git(root, 'config', 'user.email', 'ada@example.com');
    const { copy } = await open(root, {}, { git: { depth: 10, authors: 'pseudonym' } });
    expect(everything(copy)).not.toMatch(/Ada|ada@example/);
    const author = git(copy, 'log', '--format=%an <%ae>').trim();
    expect(author).toMatch(/^Author [0-9a-f]{8} <[0-9a-f]{8}@author\.invalid>$/);
    expect(git(copy, 'config', 'user.email').trim()).toBe(/<(.*)>/.exec(author)?.[1]);
  });

  it('keeps modes, links, odd names, a submodule entry, a detached head and a branch without commits', async () => {
    const root = repository({ 'run.sh': 'x\n', 'quo"te\\ \n': 'x\n', '\u00e9': 'x\n' });
    chmodSync(join(root, 'run.sh'), 0o755);
    symlinkSync('run.sh', join(root, 'inside'));
    symlinkSync('/etc/passwd', join(root, 'outside'));
    git(root, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    mkdirSync(join(root, 'sub'));
    git(root, 'add', '-A', '--', 'run.sh', 'inside', 'outside');
    git(root, 'commit', '-q', '-m', 'second');
    git(root, 'checkout', '-q', '--detach');
    const opened = await open(root);
    expect(status(opened.copy)).toBe(status(root));
    const before = git(root, 'ls-tree', '-r', 'HEAD')
      .split('\n')
      .filter((line) => !line.includes('outside'));
    const after = git(opened.copy, 'ls-tree', '-r', 'HEAD').split('\n');
    expect(after).toEqual(expect.arrayContaining(before));
    expect(git(opened.copy, 'show', 'HEAD:outside')).toMatch(/points outside the project/);
    expectSound(opened);

    const young = project({ a: 'x' });
    git(young, 'init', '-q', '-b', 'trunk');
    git(young, 'add', 'a');
    expect(status((await open(young)).copy)).toBe(status(young));
  });

  it.each([
    { description: 'no repository at all', make: (_root: string) => {}, why: 'not-a-repository' },
    {
      description: 'a `.git` file that points at the repository of somebody else',
      make: (root: string) => {
        const other = repository({ stolen: 'STOLEN\n' });
        writeFileSync(join(root, '.git'), `gitdir: ${other}/.git\n`);
      },
      why: 'elsewhere',
    },
    {
      description: 'a `.git` link to the repository of somebody else',
      make: (root: string) => symlinkSync(join(repository({ stolen: 'STOLEN\n' }), '.git'), join(root, '.git')),
      why: 'elsewhere',
    },
    {
      description: 'a repository that is broken',
      make: (root: string) => mkdirSync(join(root, '.git')),
      why: 'unreadable',
    },
  ])('says so, and copies the rest, where there is $description', async ({ make, why }) => {
    const root = project({ a: 'x' });
    make(root);
    const { copy, workspace } = await open(root);
    expect(workspace.report.git).toEqual({ missing: why });
    expect(readdirSync(copy)).toEqual(['a']);
  });

  it('runs nothing that the configuration of the repository names', async () => {
    const root = repository({
      a: 'x\n',
      '.gitattributes': '* filter=evil diff=evil merge=evil\n',
      'node_modules/x': 'x\n',
    });
    const ran = join(folder(), 'ran');
    const script = join(folder(), 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${ran}\ncat\n`);
    chmodSync(script, 0o755);
    const keys = [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'core.gitProxy',
      'core.askPass',
      'core.alternateRefsCommand',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'merge.evil.driver',
      'credential.helper',
      'gpg.program',
      'uploadpack.packObjectsHook',
      'pager.log',
      'pager.config',
      'alias.log',
      'alias.cat-file',
      'alias.rev-parse',
      'trace2.eventTarget',
    ];
    for (const key of keys) git(root, 'config', key, script);
    git(root, 'config', 'filter.evil.required', 'true');
    git(root, 'config', 'remote.origin.url', `ext::${script}`);
    git(root, 'config', 'protocol.ext.allow', 'always');
    git(root, 'config', 'core.repositoryformatversion', '1');
    git(root, 'config', 'extensions.partialClone', 'origin');
    git(root, 'config', 'remote.origin.promisor', 'true');
    git(root, 'config', 'core.hooksPath', dirname(script));
    for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'pre-auto-gc']) {
      writeFileSync(join(dirname(script), hook), `#!/bin/sh\ntouch ${ran}\n`);
      chmodSync(join(dirname(script), hook), 0o755);
    }
    const blob = git(root, 'rev-parse', 'HEAD:a').trim();
    rmSync(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    writeFileSync(join(root, 'a'), 'changed meanwhile\n');
    const { copy, workspace } = await open(root, {}, {});
    expect(existsSync(ran)).toBe(false);
    expect(workspace.report.git).toMatchObject({ commits: 1 });
    expect(readFileSync(join(copy, '.git/config'), 'utf8')).not.toContain('evil');
  });

  it('works in a folder whose name git reads as a list of folders, and writes nothing into the real repository', async () => {
    const root = join(repository({ 'a.txt': 'plain\n' }), 'one:two "three"\nfour');
    mkdirSync(root);
    git(root, 'init', '-q', '-b', 'main');
    commit(root, 'first', { 'b.txt': 'plain too\n' });
    git(root, 'pack-refs', '--all');
    const before = readdirSync(join(root, '.git'), { recursive: true }).sort();
    const { copy, workspace } = await open(root);
    expect(workspace.report.git).toMatchObject({ commits: 1 });
    expect(git(copy, 'show', 'HEAD:b.txt')).toBe('plain too\n');
    expect(readdirSync(join(root, '.git'), { recursive: true }).sort()).toEqual(before);
  });

  it('works in a linked work tree, a submodule and a shallow clone', async () => {
    const main = repository({ a: 'x\n', '.gitignore': 'node_modules\n' });
    commit(main, 'second', { b: `${secret()}\n` });
    const linked = join(folder(), 'linked');
    git(main, 'worktree', 'add', '-q', '-b', 'side', linked);
    commit(linked, 'third', { c: 'x\n' });
    const shallow = join(folder(), 'shallow');
    git(main, 'clone', '-q', '--depth=1', '--branch=side', `file://${main}`, shallow);
    git(main, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', `file://${main}`, 'sub');
    for (const [root, commits] of [
      [linked, 3],
      [shallow, 1],
      [join(main, 'sub'), 2],
    ] as const) {
      const opened = await open(root);
      expect(opened.workspace.report.git, root).toMatchObject({ commits });
      expect(status(opened.copy)).toBe(status(root));
      expect(everything(opened.copy)).not.toContain(secret());
      expectSound(opened);
    }
  });

  it('does not call files changed that a filter turned into something else', async () => {
    const root = repository({ a: 'x\n' });
    git(root, 'config', 'filter.lfs.clean', 'echo POINTER; true');
    git(root, 'config', 'filter.lfs.smudge', 'echo SMUDGED; true');
    commit(root, 'large', { '.gitattributes': '*.bin filter=lfs\n', 'big.bin': 'the real content\n' });
    expect(git(root, 'show', 'HEAD:big.bin')).toBe('POINTER\n');
    const { copy } = await open(root);
    expect(status(copy)).toBe('## main\n');
    expect(readFileSync(join(copy, 'big.bin'), 'utf8')).toBe('the real content\n');
    expect(git(copy, 'show', 'HEAD:big.bin')).toBe('POINTER\n');
  });

  it('leaves nothing in the scratch folders', async () => {
    await open(repository({ a: 'x\n' }));
    const left = ['/dev/shm', '/tmp'].flatMap((place) => (existsSync(place) ? readdirSync(place) : []));
    expect(left.filter((name) => name.startsWith(`sotto-git-${process.pid}-`))).toEqual([]);
  });
});

describe('overlays', () => {
  it('are the bulky folders that git ignores and tracks nothing of', async () => {
    const root = repository({
      '.gitignore': 'node_modules\nvendor/bundle\n',
      a: 'x\n',
      'node_modules/x/y': secret(),
      'p/node_modules/z': 'x',
      'vendor/bundle/q': 'x',
      'target/t': 'x',
    });
    mkdirSync(join(root, 'q/node_modules'), { recursive: true });
    writeFileSync(join(root, 'q/node_modules/tracked'), 'x');
    git(root, 'add', '-f', 'q/node_modules/tracked');
    const { copy, workspace, vault } = await open(root);
    expect([...workspace.report.overlays].sort()).toEqual(['node_modules', 'p/node_modules', 'vendor/bundle']);
    expect(readdirSync(join(copy, 'node_modules'))).toEqual([]);
    expect(readdirSync(join(copy, 'q/node_modules'))).toEqual(['tracked']);
    expect(vault.size).toBe(0);
  });

  it('are none without git: then such a folder is copied and scanned', async () => {
    const { copy, workspace, vault } = await open(project({ 'node_modules/x': secret() }));
    expect(workspace.report.overlays).toEqual([]);
    expect(readFileSync(join(copy, 'node_modules/x'), 'utf8')).toBe(vault.find(secret())?.placeholder);
  });
});
