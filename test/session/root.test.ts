import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findRoot } from '../../src/session/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-root-'));
const home = join(folder, 'home');
for (const path of ['home/plain', 'home/repo/.git', 'home/repo/deep/er', 'home/.git'])
  mkdirSync(join(folder, path), { recursive: true });
symlinkSync(join(home, 'repo'), join(folder, 'link'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('findRoot', () => {
  it.each([
    { description: 'a folder that is no repository', cwd: 'home/plain', root: 'home/plain' },
    { description: 'the top of a work tree', cwd: 'home/repo', root: 'home/repo' },
    { description: 'the top from below', cwd: 'home/repo/deep/er', root: 'home/repo' },
    { description: 'the real path behind a link', cwd: 'link/deep', root: 'home/repo' },
  ])('is $description', ({ cwd, root }) => {
    expect(findRoot({ cwd: join(folder, cwd), home })).toBe(join(folder, root));
  });

  it.each([
    { description: 'the root of the disk', cwd: '/' },
    { description: 'a home, even one that is a repository of dotfiles', cwd: home },
    { description: 'a folder above the home', cwd: folder },
    { description: 'a folder of the system', cwd: '/usr' },
  ])('refuses $description', ({ cwd }) => {
    expect(() => findRoot({ cwd, home })).toThrowError(expect.objectContaining({ code: 'session.root-too-wide' }));
  });

  it('refuses a folder that is gone', () => {
    expect(() => findRoot({ cwd: join(folder, 'gone'), home })).toThrowError(
      expect.objectContaining({ code: 'session.folder-gone' }),
    );
  });
});
