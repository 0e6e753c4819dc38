import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPathRules, type Policy } from '../../../src/policy/index.ts';
import { bringCommits } from '../../../src/writeback/commits/bring.ts';
import { createGuard } from '../../../src/writeback/guard.ts';
import { startWriteback } from '../../../src/writeback/index.ts';
import { folder, type Opened, open, policyOf, project, secret } from '../../workspace/project.ts';

const identity = (name: string) => ({
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: `${name}@team`,
  GIT_COMMITTER_NAME: name,
  GIT_COMMITTER_EMAIL: `${name}@team`,
});
const ENV = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };

function gitAs(name: string, cwd: string, ...args: string[]): string {
  const env = { ...ENV, ...identity(name), GIT_EDITOR: 'true' };
  return execFileSync('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }).toString('latin1');
}

const git = (cwd: string, ...args: string[]) => gitAs('eve', cwd, ...args);

function write(root: string, files: Record<string, string | undefined>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    if (text === undefined) rmSync(join(root, name));
    else writeFileSync(join(root, name), text);
  }
}

function commit(root: string, message: string, files: Record<string, string | undefined>): void {
  write(root, files);
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', message);
}

function repository(files: Record<string, string>): string {
  const root = project({});
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'config', 'user.name', 'Ada');
  git(root, 'config', 'user.email', 'ada@outside');
  write(root, files);
  git(root, 'add', '-A');
  gitAs('olga', root, 'commit', '-q', '-m', 'first');
  return root;
}

const WRITEBACK = {
  fsync: false,
  guarded: 'hold',
  foreign: 'leave',
  guard: ['.github/workflows/', 'Makefile'],
} as const;
const HIDE = { hide: ['.env'], ask: ['*.csv'] };

function bring({ root, copy, workspace, vault }: Opened) {
  const policy = policyOf(root, HIDE, { writeback: WRITEBACK } as Partial<Policy>);
  const rules = createPathRules(policy);
  return bringCommits({
    rebuilt: workspace.git as NonNullable<typeof workspace.git>,
    inside: join(copy, '.git'),
    session: 's1',
    vault,
    policy,
    closed: (path) => ['hide', 'ask'].includes(rules.decide(path, false).decision),
    guard: createGuard(WRITEBACK.guard),
  });
}

const show = (root: string, what: string) => git(root, 'show', what);

describe('bringCommits', () => {
  it('brings commits onto the branch, with secrets restored, hidden files kept and the person as author', async () => {
    const root = repository({ config: `key = ${secret()}\nport = 1\n`, '.env': 'HIDDEN\n', a: 'a\n' });
    const opened = await open(root, HIDE);
    const placeholder = opened.vault.find(secret())?.placeholder;
    commit(opened.copy, 'change the port', {
      config: `key = ${placeholder}\nport = 2\n`,
      a: undefined,
      'new/file': 'n\n',
    });
    commit(opened.copy, 'and more', { b: 'b\n' });
    write(root, { config: `key = ${secret()}\nport = 2\n`, a: undefined, 'new/file': 'n\n', b: 'b\n' });
    expect(await bring(opened)).toEqual({
      branches: [{ branch: 'main', onto: 'main', commits: 2 }],
      tags: [],
      doubts: [],
    });
    expect(git(root, 'log', '--format=%s %an %ae %cn %ce')).toBe(
      'and more Ada ada@outside Ada ada@outside\nchange the port Ada ada@outside Ada ada@outside\nfirst olga olga@team olga olga@team\n',
    );
    expect(show(root, 'HEAD:config')).toBe(`key = ${secret()}\nport = 2\n`);
    expect(show(root, 'HEAD:.env')).toBe('HIDDEN\n');
    expect(git(root, 'ls-tree', '-r', '--name-only', 'HEAD')).toBe('.env\nb\nconfig\nnew/file\n');
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(git(root, 'fsck', '--strict', '--no-dangling')).toBe('');
    expect(git(root, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\n');
  });

  it('does nothing where nothing was committed', async () => {
    const root = repository({ a: 'a\n' });
    const before = git(root, 'rev-parse', 'HEAD');
    expect(await bring(await open(root))).toEqual({ branches: [], tags: [], doubts: [] });
    expect(git(root, 'rev-parse', 'HEAD')).toBe(before);
  });

  it('brings amended, rebased and merged commits and new branches', async () => {
    const root = repository({ a: '1\n', b: '1\n' });
    commit(root, 'second', { a: '2\n' });
    const opened = await open(root);
    const { copy } = opened;
    git(copy, 'checkout', '-q', '-b', 'topic', 'HEAD~1');
    commit(copy, 'topic', { c: 'c\n' });
    git(copy, 'rebase', '-q', 'main');
    git(copy, 'checkout', '-q', 'main');
    write(copy, { b: '2\n' });
    git(copy, 'commit', '-q', '-a', '--amend', '-m', 'second, amended');
    git(copy, 'merge', '-q', '--no-ff', '-m', 'merged', 'topic');
    const { branches, doubts } = await bring(opened);
    expect(doubts).toEqual([]);
    expect(branches.map(({ onto }) => onto).sort()).toEqual(['main', 'topic']);
    expect(git(root, 'log', '--format=%s', '--date-order', 'main').split('\n')).toContain('second, amended');
    expect(git(root, 'rev-parse', 'main^{tree}')).toBe(git(copy, 'rev-parse', 'main^{tree}'));
    expect(git(root, 'rev-parse', 'topic~1')).toBe(git(root, 'rev-parse', 'main@{1}'));
  });

  it('brings new tags, and moves none that the person has', async () => {
    const root = repository({ a: '1\n' });
    git(root, 'tag', 'old');
    const opened = await open(root, HIDE);
    const { copy, vault } = opened;
    git(copy, 'tag', 'first');
    commit(copy, 'second', { a: '2\n', key: `key = ${secret()}\n` });
    git(copy, 'tag', '-a', '-m', 'the second\n\nwith words', 'v2');
    git(copy, 'tag', '-f', 'old');
    git(root, 'tag', 'taken');
    git(copy, 'tag', 'taken');
    git(copy, 'tag', 'tree', 'HEAD^{tree}');
    git(copy, 'pack-refs', '--all');
    const result = await bring(opened);
    expect(result).toMatchObject({
      branches: [{ onto: 'main' }],
      tags: [
        { tag: 'first', as: 'first' },
        { tag: 'v2', as: 'v2' },
      ],
    });
    expect(
      git(root, 'for-each-ref', '--format=%(refname:short) %(objecttype) %(*subject)%(subject)', 'refs/tags'),
    ).toBe('first commit first\nold commit first\ntaken commit first\nv2 tag secondthe second\n');
    expect(git(root, 'rev-parse', 'v2^{commit}')).toBe(git(root, 'rev-parse', 'main'));
    expect(git(root, 'for-each-ref', '--format=%(taggername) %(taggeremail)', 'refs/tags/v2')).toBe(
      'Ada <ada@outside>\n',
    );
    expect(vault.find(secret())).toBeUndefined();
    expect(git(root, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('lays a tag on a doubtful commit beside', async () => {
    const root = repository({ a: '1\n' });
    const opened = await open(root, HIDE);
    commit(opened.copy, 'second', { Makefile: 'all: ; true\n' });
    git(opened.copy, 'tag', 'v2');
    const result = await bring(opened);
    expect(result.tags).toEqual([{ tag: 'v2', as: 'sotto/s1/v2' }]);
    expect(git(root, 'tag')).toBe('sotto/s1/v2\n');
  });

  it('lays them beside a branch that was moved meanwhile', async () => {
    const root = repository({ a: '1\n' });
    const opened = await open(root);
    commit(opened.copy, 'inside', { a: '2\n' });
    commit(root, 'outside', { b: '1\n' });
    expect((await bring(opened)).branches).toEqual([{ branch: 'main', onto: 'sotto/s1/main', commits: 1 }]);
    expect(git(root, 'log', '--format=%s', 'main')).toBe('outside\nfirst\n');
    expect(git(root, 'log', '--format=%s', 'sotto/s1/main')).toBe('inside\nfirst\n');
  });

  it.each([
    {
      description: 'a placeholder moved to another file',
      files: { b: 'PLACEHOLDER\n' },
      code: 'placeholder',
      path: 'b',
    },
    {
      description: 'a placeholder that was invented',
      files: { a: 'REDACTED_acme_key_00000000\n' },
      code: 'placeholder',
      path: 'a',
    },
    { description: 'a file at a hidden path', files: { '.env': 'MINE\n', c: 'c\n' }, code: 'withheld', path: '.env' },
    { description: 'a stub that was written over', files: { 'x.csv': 'MINE\n' }, code: 'withheld', path: 'x.csv' },
    { description: 'a stub that was removed', files: { 'x.csv': undefined }, code: 'withheld', path: 'x.csv' },
    {
      description: 'a workflow',
      files: { '.github/workflows/ci.yml': 'x\n' },
      code: 'guarded',
      path: '.github/workflows/ci.yml',
    },
    {
      description: 'scripts of a package.json',
      files: { 'package.json': '{"scripts":{"x":"y"}}' },
      code: 'guarded',
      path: 'package.json',
    },
  ])('lays them beside the branch, and says why, where one holds $description', async ({ files, code, path }) => {
    const root = repository({ a: `${secret()}\n`, '.env': 'HIDDEN\n', 'x.csv': 'ASKED\n', 'package.json': '{}' });
    const opened = await open(root, HIDE);
    const placeholder = opened.vault.find(secret())?.placeholder as string;
    const own = Object.entries(files).map(([name, text]) => [name, text?.replace('PLACEHOLDER', placeholder)]);
    for (const [name] of own)
      if (existsSync(join(opened.copy, name as string))) chmodSync(join(opened.copy, name as string), 0o644);
    commit(opened.copy, 'doubtful', Object.fromEntries(own));
    const { branches, doubts } = await bring(opened);
    expect(branches).toEqual([{ branch: 'main', onto: 'sotto/s1/main', commits: 1 }]);
    expect(doubts[0]).toMatchObject({ path, code: `writeback.${code}` });
    expect(git(root, 'log', '--format=%s', 'main')).toBe('first\n');
    expect(show(root, 'sotto/s1/main:.env')).toBe('HIDDEN\n');
    expect(show(root, 'sotto/s1/main:x.csv')).toBe('ASKED\n');
    if (path === 'b') expect(show(root, 'sotto/s1/main:b')).toBe(`${placeholder}\n`);
  });

  it('lets a file that is renamed take its secrets along', async () => {
    const root = repository({ a: `x\n${secret()}\n` });
    const opened = await open(root);
    git(opened.copy, 'mv', 'a', 'z');
    git(opened.copy, 'commit', '-q', '-m', 'moved');
    expect((await bring(opened)).doubts).toEqual([]);
    expect(show(root, 'main:z')).toBe(`x\n${secret()}\n`);
  });

  it('runs nothing and follows nothing of the repository inside, and no hook of the real one', async () => {
    const root = repository({ a: '1\n' });
    const ran = join(folder(), 'ran');
    const script = join(folder(), 'evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${ran}\n`);
    chmodSync(script, 0o755);
    for (const hook of ['reference-transaction', 'post-commit', 'post-index-change', 'update', 'post-update']) {
      symlinkSync(script, join(root, '.git/hooks', hook));
    }
    git(root, 'config', 'core.fsmonitor', 'false');
    const opened = await open(root);
    commit(opened.copy, 'inside', { a: '2\n' });
    rmSync(ran, { force: true });
    const inner = join(opened.copy, '.git');
    appendFileSync(
      join(inner, 'config'),
      `[core]\n\tfsmonitor = ${script}\n\tsshCommand = ${script}\n\thooksPath = ${dirname(script)}\n`,
    );
    mkdirSync(join(inner, 'objects/info'), { recursive: true });
    const other = repository({ stolen: 'STOLEN\n' });
    writeFileSync(join(inner, 'objects/info/alternates'), `${other}/.git/objects\n`);
    writeFileSync(join(inner, 'refs/heads/stolen'), git(other, 'rev-parse', 'HEAD'));
    symlinkSync(join(other, '.git/refs/heads/main'), join(inner, 'refs/heads/linked'));
    const brought = await bring(opened);
    expect(existsSync(ran)).toBe(false);
    expect(git(root, 'for-each-ref', '--format=%(refname)')).not.toMatch(/stolen|linked/);
    expect(brought.failed ?? brought.branches.length > 0).toBe(true);
  });

  it('is done when a session ends, together with the files', async () => {
    const root = repository({ config: `key = ${secret()}\n` });
    const policy = policyOf(root, {}, { writeback: WRITEBACK } as Partial<Policy>);
    const opened = await open(root);
    const { workspace, vault, copy } = opened;
    const journal = join(folder(), 'session-7');
    const writeback = await startWriteback({ workspace, policy, vault, journal });
    commit(copy, 'inside', { config: `key = ${vault.find(secret())?.placeholder}\nport = 2\n` });
    const report = await writeback.stop();
    expect(report.commits?.branches).toEqual([{ branch: 'main', onto: 'main', commits: 1 }]);
    expect(show(root, 'HEAD:config')).toBe(`key = ${secret()}\nport = 2\n`);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  it('keeps what the person staged meanwhile', async () => {
    const root = repository({ a: '1\n', b: '1\n' });
    const opened = await open(root);
    commit(opened.copy, 'inside', { a: '2\n' });
    write(root, { b: 'staged\n', a: '2\n' });
    git(root, 'add', 'b');
    await bring(opened);
    expect(git(root, 'status', '--porcelain')).toBe('M  b\n');
  });

  it('makes the first commit of a repository that had none', async () => {
    const root = project({ a: 'x\n' });
    git(root, 'init', '-q', '-b', 'main');
    const opened = await open(root);
    commit(opened.copy, 'the first', {});
    expect((await bring(opened)).branches).toEqual([{ branch: 'main', onto: 'main', commits: 1 }]);
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('x\n');
  });
});
