import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import type { HostEnvironment } from '../host/index.ts';

/** Folders that hold whole systems or many people's things, never one project. */
const TOO_WIDE = [
  '/',
  '/home',
  '/root',
  '/tmp',
  '/var',
  '/var/tmp',
  '/usr',
  '/etc',
  '/opt',
  '/srv',
  '/mnt',
  '/media',
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/bin',
  '/lib',
  '/boot',
];

/**
 * The project of a working folder: the top of its git work tree (never the person's home, even when that is a
 * repository of dotfiles), else the folder itself. Throws `session.root-too-wide` for `/`, a home and the like.
 */
export function findRoot(host: Pick<HostEnvironment, 'cwd' | 'home'>): string {
  const cwd = real(host.cwd);
  const home = existsSync(host.home) ? real(host.home) : host.home;
  const root = topOfWorkTree(cwd, home) ?? cwd;
  if (TOO_WIDE.includes(root) || root === home || home.startsWith(`${root}/`)) {
    throw new Refusal('session.root-too-wide', { root });
  }
  return root;
}

function topOfWorkTree(cwd: string, home: string): string | undefined {
  for (let folder = cwd; folder !== home && !TOO_WIDE.includes(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
  }
  return undefined;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new Refusal('session.folder-gone', {}, { cause });
  }
}
