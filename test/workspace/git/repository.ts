// Small real repositories, and all that git can show of one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type Opened, project } from '../project.ts';

const PERSON = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};
const ENV = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C', ...PERSON };

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] }).toString('latin1');
}

export function commit(root: string, message: string, files: Record<string, string | undefined> = {}): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    if (text === undefined) rmSync(join(root, name));
    else writeFileSync(join(root, name), text);
  }
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '-m', message);
}

export function repository(files: Record<string, string> = {}): string {
  const root = project({});
  git(root, 'init', '-q', '-b', 'main');
  commit(root, 'first', files);
  return root;
}

/** Everything that git can show of a repository, packed or not, reachable or not. */
export function everything(copy: string): string {
  const ids = git(copy, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)').trim().split('\n');
  const objects = execFileSync('git', ['cat-file', '--batch', '--buffer'], {
    cwd: copy,
    env: ENV,
    input: `${ids.join('\n')}\n`,
  });
  const files = readdirSync(join(copy, '.git'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  return (
    objects.toString('latin1') +
    files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n')
  );
}

export const status = (folder: string) => git(folder, 'status', '--porcelain=v1', '--branch', '--untracked-files=all');

export function expectSound({ copy }: Opened): void {
  expect(git(copy, 'fsck', '--strict', '--no-dangling')).toBe('');
}
