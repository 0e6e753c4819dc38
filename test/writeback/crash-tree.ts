// A turn that does everything at once, and what the real tree may look like after a writer was stopped somewhere in it.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { recover } from '../../src/writeback/index.ts';
import { type Ready, secret } from './session.ts';

export const FILES = {
  secret: `key = ${secret()}\nport = 1\n`,
  removed: 'removed\n',
  renamed: 'renamed\n',
  mode: 'mode\n',
  becomes: 'a folder\n',
  link: 'link\n',
  both: 'both\n',
  broken: `key = ${secret(2)}\nport = 1\n`,
  'dir/.env': 'hidden',
  'dir/a': 'in dir\n',
};

/** The agent's and the person's edits. */
export function edit({ copy, root }: Ready): void {
  const at = (name: string) => join(copy, name);
  writeFileSync(at('secret'), readFileSync(at('secret'), 'utf8').replace('port = 1', 'port = 2'));
  rmSync(at('removed'));
  renameSync(at('renamed'), at('new-name'));
  chmodSync(at('mode'), 0o600);
  rmSync(at('becomes'));
  mkdirSync(at('becomes'));
  writeFileSync(at('becomes/in'), 'in it\n');
  rmSync(at('link'));
  symlinkSync('mode', at('link'));
  mkdirSync(at('x/y'), { recursive: true });
  writeFileSync(at('x/y/made'), 'made\n');
  rmSync(at('dir'), { recursive: true });
  writeFileSync(at('both'), 'agent\n');
  writeFileSync(join(root, 'both'), 'person\n');
  writeFileSync(at('broken'), readFileSync(at('broken'), 'utf8').replace(/[0-9a-f]\nport = 1/, 'x\nport = 2'));
}

/** Content of every file by path; temporary files under one name. */
export function treeOf(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true }).map(String)) {
    const stats = lstatSync(join(root, path));
    if (stats.isFile()) found[path] = readFileSync(join(root, path), 'utf8');
    if (stats.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(root, path))}`;
  }
  return found;
}

export const isTemp = (path: string) => path.includes('.sotto-tmp-');

/** What it looks like when all is done. */
export const AFTER: Record<string, string> = {
  '.sotto/.gitignore': '*\n',
  '.sotto/conflicts/both': 'agent\n',
  'becomes/in': 'in it\n',
  both: 'person\n',
  broken: `key = ${secret(2)}\nport = 2\n`,
  'dir/.env': 'hidden',
  link: '-> mode',
  mode: 'mode\n',
  'new-name': 'renamed\n',
  secret: `key = ${secret()}\nport = 2\n`,
  'x/y/made': 'made\n',
};

/** Every file is whole, before or after its change, and nothing is gone that was not meant to go. */
export function checkWhole(root: string, told: string): void {
  const tree = treeOf(root);
  for (const [path, content] of Object.entries(tree).filter(([path]) => !isTemp(path))) {
    if (path.startsWith('.sotto/')) continue;
    const before = path === 'both' ? 'person\n' : FILES[path as keyof typeof FILES];
    expect([before, AFTER[path]], `${told}: ${path}`).toContain(content);
  }
  expect(tree['dir/.env'], told).toBe('hidden');
  const meant = ['removed', 'renamed', 'becomes', 'dir/a'];
  expect(
    Object.keys(FILES).filter((path) => tree[path] === undefined && !meant.includes(path)),
    told,
  ).toEqual([]);
  expect([tree.renamed, tree['new-name']], told).toContain('renamed\n');
}

/** The next start: it tidies up, and nothing is left of the session. */
export function checkRecovers(root: string, sessions: string, told: string): void {
  recover(sessions);
  expect(Object.keys(treeOf(root)).filter(isTemp), told).toEqual([]);
  expect(existsSync(join(sessions, 'one/under-way.json')), told).toBe(false);
}
