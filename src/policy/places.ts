// Where policy files stand.
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { LayerPlace } from './layers.ts';
import type { PathDecision } from './policy.ts';

export interface LoadInput {
  /** The project folder. */
  root: string;
  home: string;
  /** `XDG_CONFIG_HOME` and `SOTTO_UPSTREAM` are looked at. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where the organisation's policy and Claude Code's managed settings stand; `/etc` when absent. */
  systemFolder?: string;
  /** Claude Code settings that the organisation manages on the server, as JSON: their deny rules count like those of files. */
  serverSettings?: string;
  /** Decided for this session only, on top of what was decided for good. */
  decisions?: readonly PathDecision[];
}

/** The name of a project's policy file. */
export const PROJECT_FILE = '.sotto.yaml';

/** The folder of a user's own policy and approvals. */
export function userFolder({ home, env }: Pick<LoadInput, 'home' | 'env'>): string {
  const configured = env.XDG_CONFIG_HOME;
  return join(configured?.startsWith('/') === true ? configured : join(home, '.config'), 'sotto');
}

export function organisationPlace(input: LoadInput): LayerPlace {
  const path = join(input.systemFolder ?? '/etc', 'sotto', 'policy.yaml');
  return { path, name: path, mayLoosen: true, mayLock: true };
}

export function userPlace(input: LoadInput): LayerPlace {
  const path = join(userFolder(input), 'policy.yaml');
  const name = path.startsWith(`${input.home}/`) ? `~${path.slice(input.home.length)}` : path;
  return { path, name, mayLoosen: true, mayLock: false };
}

/**
 * Where the project's own policy stands: in its folder, and, when that is a part of a git work tree, in the folders above up
 * to the top of the tree, so that a session in `packages/web` obeys what stands at the top. Outermost first.
 * @param root real path of the project
 */
export function projectPlaces(root: string): LayerPlace[] {
  return foldersUpToTop(root).map((folder) => ({
    path: join(folder, PROJECT_FILE),
    name: join(relative(root, folder), PROJECT_FILE),
    mayLoosen: false,
    mayLock: false,
    within: folder,
    ...(folder === root ? {} : { above: Buffer.from(relative(folder, root)).toString('latin1') }),
  }));
}

function foldersUpToTop(root: string): string[] {
  const folders = [root];
  for (let folder = root; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    if (folder === dirname(folder)) return [root];
    folders.unshift(dirname(folder));
  }
  return folders;
}
