// Toolchains that PATH names are lent read-only. A folder of PATH inside the person's home is lent as narrowly as its
// kind allows: the version folder of nvm, not ~/.nvm; the bin folder of cargo, not ~/.cargo with its registry token.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { Mount } from './profile.ts';

export interface Toolchains {
  mounts: readonly Mount[];
  /** The PATH inside: the folders of the person's PATH that exist there, in their order. */
  path: string;
}

/** What a folder of PATH under home needs beside itself, by the shape of its path relative to home. */
const NEEDS: readonly { bin: RegExp; lend: (match: RegExpMatchArray) => readonly string[] }[] = [
  { bin: /^(\.nvm\/versions\/node\/[^/]+)\/bin$/, lend: (m) => [m[1]!] },
  { bin: /^(\.(?:fnm|local\/share\/fnm)\/node-versions\/[^/]+\/installation)\/bin$/, lend: (m) => [m[1]!] },
  { bin: /^\.pyenv\/(?:shims|bin)$/, lend: () => ['.pyenv'] },
  { bin: /^\.rbenv\/(?:shims|bin)$/, lend: () => ['.rbenv'] },
  { bin: /^\.asdf\/(?:shims|bin)$/, lend: () => ['.asdf'] },
  { bin: /^\.local\/share\/mise\/(?:shims|installs\/.+)$/, lend: () => ['.local/share/mise'] },
  { bin: /^\.cargo\/bin$/, lend: () => ['.cargo/bin', '.rustup/toolchains', '.rustup/settings.toml'] },
  { bin: /^\.volta\/bin$/, lend: () => ['.volta/bin', '.volta/tools', '.volta/log'] },
  { bin: /^\.sdkman\/candidates\/.+$/, lend: () => ['.sdkman/candidates'] },
  { bin: /^\.(bun|deno)\/bin$/, lend: (m) => [`.${m[1]}/bin`] },
  {
    bin: /^\.local\/bin$/,
    lend: () => [
      '.local/bin',
      '.local/pipx/venvs',
      '.local/share/pipx/venvs',
      '.local/share/uv/tools',
      '.local/share/uv/python',
    ],
  },
  { bin: /^(?:go|\.local\/go|sdk\/[^/]+)\/bin$/, lend: (m) => [m[0]] },
  { bin: /^(\.(?:linuxbrew|nix-profile))\/s?bin$/, lend: (m) => [m[1]!] },
];

/** Folders that the system mounts bring anyway. */
const SYSTEM = ['/usr/', '/bin', '/sbin', '/opt/', '/nix/store/', '/gnu/store/'];

/** Decides which folders of PATH are lent. */
export function lendToolchains(path: string, home: string): Toolchains {
  const folders = [...new Set(path.split(':').map((entry) => normalize(entry).replace(/\/$/, '')))];
  const seen = folders.filter((folder) => isAbsolute(folder) && existsSync(folder));
  const lent = new Map<string, string[]>(seen.map((folder) => [folder, lendsFor(folder, home)]));
  const usable = seen.filter((folder) => isSystem(folder) || (lent.get(folder)?.length ?? 0) > 0);
  const targets = new Set(usable.flatMap((folder) => lent.get(folder) ?? []));
  return {
    mounts: [...targets].map((target) => ({ kind: 'read-only', source: realpathSync(target), target })),
    path: usable.join(':'),
  };
}

function lendsFor(folder: string, home: string): string[] {
  if (isSystem(folder)) return [];
  if (folder.startsWith(`${home}/`)) return underHome(folder.slice(home.length + 1), home);
  if (/^\/home\/linuxbrew\/\.linuxbrew\/s?bin$/.test(folder)) return ['/home/linuxbrew/.linuxbrew'];
  // Elsewhere (/snap/bin, /var/lib/..., another home): the folder of programs alone, and never a whole tree or home.
  return folder.split('/').length > 2 && dirname(home) !== dirname(folder) ? [folder] : [];
}

function underHome(relative: string, home: string): string[] {
  for (const { bin, lend } of NEEDS) {
    const match = relative.match(bin);
    if (match !== null)
      return lend(match)
        .map((path) => join(home, path))
        .filter((path) => existsSync(path));
  }
  return /(^|\/)(bin|sbin|shims)$/.test(relative) ? [join(home, relative)] : [];
}

function isSystem(folder: string): boolean {
  return SYSTEM.some((prefix) => folder === prefix.replace(/\/$/, '') || folder.startsWith(prefix));
}
