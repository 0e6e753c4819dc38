// A real project with a history, our own, in a sandbox: what people do with git inside, and what of it comes back.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, readEnvironment } from '../../src/host/index.ts';
import { createVault } from '../../src/redact/index.ts';
import { openSandbox, type Profile, probeSandbox, type Sandbox, systemMounts } from '../../src/sandbox/index.ts';
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts';
import { startWriteback } from '../../src/writeback/index.ts';
import { policyOf, scannerOf } from '../workspace/project.ts';
import { folder, read, rules, secret } from './session.ts';

const PERSON = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
const COMMITTER = { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' };
const ENV = {
  PATH: '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  LC_ALL: 'C',
  ...PERSON,
  ...COMMITTER,
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: ENV, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).toString(
    'latin1',
  );
}

/** Built here, because this very file is part of the history that is looked at. */
const HIDDEN = ['not', 'to', 'be', 'seen\n'].join('-');

let sandbox: Sandbox;
let root: string;
let workspace: Workspace;
let writeback: Awaited<ReturnType<typeof startWriteback>>;

/** Runs a script inside; what it printed. */
function inside(script: string): string {
  const profile: Profile = {
    mounts: [...systemMounts(), { kind: 'writable', source: `${sandbox.inside}/tree`, target: '/project' }],
    env: { PATH: '/usr/bin:/bin', HOME: '/tmp', ...PERSON, ...COMMITTER },
    uid: 1000,
    gid: 1000,
    cwd: '/project',
    newSession: true,
  };
  const { file, args, env } = sandbox.wrap(profile, ['sh', '-ec', script]);
  const done = spawnSync(file, [...args], { env, encoding: 'latin1', timeout: 60_000, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${script}: ${done.stderr}`);
  return done.stdout;
}

/** The newest commits of our own, and two with secrets: one that stands, one that was taken back. */
function ownProject(): string {
  const clone = join(folder(), 'project');
  git('/', 'clone', '-q', '--depth=10', '--no-tags', `file://${packageRoot()}`, clone);
  git(clone, 'checkout', '-q', '-B', 'main');
  git(clone, 'config', 'user.name', 'Ada');
  git(clone, 'config', 'user.email', 'ada@example.com');
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(clone, name), text);
    git(clone, 'add', '-f', '--', ...Object.keys(files));
  };
  mkdirSync(join(clone, 'config'));
  write({
    'config/live.txt': `key = ${secret(1)}\nport = 1\n`,
    'config/old.txt': `key = ${secret(2)}\n`,
    '.env': HIDDEN,
  });
  git(clone, 'commit', '-q', '-m', 'add configuration');
  write({ 'config/old.txt': 'key = none\n' });
  git(clone, 'commit', '-q', '-m', `take back ${secret(2)}`);
  return clone;
}

describe.runIf(existsSync(join(packageRoot(), '.git')))('a real project with a history', () => {
  beforeAll(async () => {
    root = ownProject();
    const policy = policyOf(root, { hide: ['.env'] }, { writeback: rules() });
    const host = readEnvironment();
    sandbox = await openSandbox(host, await probeSandbox(host), ['/usr', host.home]);
    const vault = createVault();
    const target = join(sandbox.path, 'tree');
    workspace = await createWorkspace({ root, target, policy, prepared: await scannerOf(policy), vault });
    writeback = await startWriteback({ workspace, policy, vault, journal: folder() });
  }, 120_000);
  afterAll(() => sandbox?.dispose());

  it('shows its whole log without a secret or a hidden path', () => {
    const log = inside('git log -p --all --format="%H %s %an"');
    for (const part of [secret(1), secret(2), HIDDEN]) expect(log.includes(part)).toBe(false);
    expect(inside('git log --all --name-only --format=').split('\n')).not.toContain('.env');
    expect(log).toContain('take back REDACTED_acme_key_');
    const subjects = (text: string) => text.replace(/REDACTED_\w+/g, secret(2)).split('\n').length;
    expect(subjects(inside('git log --format=%s'))).toBe(subjects(git(root, 'log', '--format=%s')));
    expect(inside('git status --porcelain')).toBe('');
  });

  it('blames as outside', () => {
    const blame = (text: string) => text.replace(/^\^?[0-9a-f]+ /gm, '');
    const asked = 'blame --line-porcelain package.json';
    const people = (text: string) =>
      blame(text)
        .split('\n')
        .filter((line) => /^(author|author-time|summary|\t)/.test(line));
    expect(people(inside(`git ${asked}`))).toEqual(people(git(root, ...asked.split(' '))));
  });

  it('stashes and takes out again', async () => {
    const shown = inside(
      'sed -i s/port/door/ config/live.txt; git stash -q; cat config/live.txt; git stash pop -q; cat config/live.txt; git stash list',
    );
    expect(shown).toMatch(/^key = REDACTED_\w+\nport = 1\nkey = REDACTED_\w+\ndoor = 1\n$/);
    await writeback.flush();
    expect(read(root, 'config/live.txt')).toBe(`key = ${secret(1)}\ndoor = 1\n`);
  });

  it('commits and rebases interactively; what was meant comes back, and nothing else', async () => {
    const before = git(root, 'rev-parse', 'HEAD').trim();
    inside(`
      git commit -qam 'a door'
      for n in 1 2 3; do echo $n > docs/n$n; git add docs; git commit -qm "n$n"; done
      git branch topic HEAD~1
      GIT_SEQUENCE_EDITOR="sed -i -e '1s/pick/reword/;2s/pick/drop/;3s/pick/fixup/'" GIT_EDITOR="sed -i 's/a door/the door/'" git rebase -q -i HEAD~4`);
    const log = ['log', '--format=%s%n%b', '--name-status', '-2'];
    const meant = inside(`git ${log.join(' ')}`);
    const report = await writeback.stop();
    expect(report.commits).toMatchObject({
      branches: expect.arrayContaining([{ branch: 'main', onto: 'main', commits: expect.any(Number) }]),
      doubts: [],
    });
    expect(git(root, ...log, 'main')).toBe(meant);
    expect(git(root, 'log', '--format=%s', `${before}..main`)).toBe('n3\nthe door\n');
    expect(git(root, 'log', '--format=%s', `${before}..topic`)).toBe('n2\nn1\na door\n');
    expect(git(root, 'show', 'main:config/live.txt')).toBe(`key = ${secret(1)}\ndoor = 1\n`);
    expect(git(root, 'show', 'main:.env')).toBe(HIDDEN);
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(git(root, 'log', '-p', `${before}..main`, `${before}..topic`).includes('REDACTED_')).toBe(false);
    expect(git(root, 'fsck', '--strict', '--no-dangling')).toBe('');
  });
});
