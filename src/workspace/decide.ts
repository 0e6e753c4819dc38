// What becomes of one path of the real tree, told by its name and its kind; files are then decided by their content as well.
// The same for the walk at the start and for a refresh later.
import { type BigIntStats, existsSync, lstatSync, readlinkSync } from 'node:fs';
import type { PathRules, PathVerdict } from '../policy/index.ts';
import { staysInside } from './links.ts';
import { fsPath, join } from './raw-path.ts';
import { hasStub } from './stub.ts';
import type { SnapshotEntry, WithheldWhy } from './workspace.ts';

/** The project and what is known of its paths before any is opened. All paths are raw. */
export interface Tree {
  /** Real path of the project. */
  root: string;
  /** Path of the copy. */
  target: string;
  device: bigint;
  rules: PathRules;
  /** Relative paths of mount points. */
  mounts: ReadonlySet<string>;
  /** Folders laid in as overlays: an empty folder stands for them in the copy. */
  overlays: ReadonlySet<string>;
  /** Paths under *ask* that the person allowed. */
  admitted: Set<string>;
  /** How often a path was withheld again after it had been allowed. */
  turns: Map<string, number>;
}

export type WithheldEntry = Extract<SnapshotEntry, { kind: 'withheld' }>;

export type Step =
  | { to: 'copy'; trust: boolean }
  | { to: 'link'; target: string; stub: boolean }
  | { to: 'folder'; stat: BigIntStats; enter: boolean }
  | { to: 'withhold'; entry: WithheldEntry }
  | { to: 'nothing' };

/** `Dirent` and `Stats` both tell what kind of thing stands at a path. */
export interface Kind {
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** Decides on one path; reads the target of a link and the stat of a folder, opens nothing. */
export function decide(path: string, kind: Kind, tree: Tree): Step {
  const folder = kind.isDirectory();
  if (isGit(path, folder, tree.root)) return withhold('hide', folder, GIT);
  const verdict = tree.rules.decide(path, folder);
  if (verdict.decision === 'hide') return withhold('hide', folder, verdict);
  if (tree.mounts.has(path) && !tree.overlays.has(path)) return withhold('other-device', folder);
  if (folder) return decideFolder(path, tree);
  if (verdict.decision === 'ask' && !tree.admitted.has(path)) return withhold('ask', false, verdict);
  if (kind.isSymbolicLink()) return decideLink(path, tree);
  return kind.isFile() ? { to: 'copy', trust: verdict.decision === 'trust' } : withhold('special', false);
}

const GIT = { decision: 'hide', pattern: '.git', source: 'built-in' } as const;

/** Git keeps every version of every file, packed: the folder itself, that of a nested repository, and a bare repository. */
function isGit(path: string, folder: boolean, root: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.toLowerCase() === '.git') return true;
  return folder && ['HEAD', 'objects', 'refs'].every((part) => existsSync(fsPath(join(join(root, path), part))));
}

function decideFolder(path: string, { root, device, overlays }: Tree): Step {
  const stat = lstatSync(fsPath(join(root, path)), { bigint: true, throwIfNoEntry: false });
  if (!stat?.isDirectory()) return { to: 'nothing' }; // gone or replaced meanwhile: a refresh brings in what stands there now
  const enter = !overlays.has(path);
  return stat.dev === device || !enter ? { to: 'folder', stat, enter } : withhold('other-device', true);
}

function decideLink(path: string, { root }: Tree): Step {
  try {
    const target = readlinkSync(fsPath(join(root, path)), 'latin1');
    return { to: 'link', target, stub: !staysInside(root, path, target) };
  } catch {
    return { to: 'nothing' }; // gone or replaced meanwhile
  }
}

/** A step that keeps a path out. */
export function withhold(why: WithheldWhy, folder: boolean, verdict?: PathVerdict): Extract<Step, { to: 'withhold' }> {
  const { pattern = '', source = '' } = verdict ?? {};
  return { to: 'withhold', entry: { kind: 'withheld', why, folder, stub: !folder && hasStub(why), pattern, source } };
}
