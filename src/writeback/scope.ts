// Which paths the write-back looks at at all. Plain data, so that the watcher's thread can decide the same.
import type { Policy } from '../policy/index.ts';
import { TEMP_PREFIX, type Workspace } from '../workspace/index.ts';

export interface Scope {
  /** Folders laid in as overlays; what happens there is thrown away. */
  readonly overlays: readonly string[];
  /** Folders that stay inside when they are made there (`node_modules`, `vendor/bundle`). */
  readonly bulky: readonly string[];
  /** Folders with a bulky name that belong to the project. */
  readonly kept: readonly string[];
}

export function scopeOf(workspace: Pick<Workspace, 'snapshot' | 'report'>, policy: Pick<Policy, 'workspace'>): Scope {
  const bulky = policy.workspace.overlays.map(rawOf);
  const overlays = workspace.report.overlays.map(rawOf);
  const kept = [...workspace.snapshot.keys()].filter((path) => isOneOf(path, bulky));
  return { overlays, bulky, kept };
}

/**
 * Whether a path is no concern of the write-back: git comes back as commits, `.sotto` and files on their way are ours,
 * overlays and bulky folders made inside are thrown away with the copy.
 */
export function isExcluded(scope: Scope, path: string, isFolder: boolean): boolean {
  return prefixesOf(path).some((prefix) => {
    const name = nameOf(prefix);
    if (name.toLowerCase() === '.git' || prefix === '.sotto' || name.startsWith(TEMP_PREFIX)) return true;
    if (scope.overlays.includes(prefix)) return true;
    return (prefix !== path || isFolder) && isOneOf(prefix, scope.bulky) && !scope.kept.includes(prefix);
  });
}

function isOneOf(path: string, names: readonly string[]): boolean {
  return names.some((name) => path === name || path.endsWith(`/${name}`));
}

/** `a/b/c` gives `a`, `a/b`, `a/b/c`. */
export function prefixesOf(path: string): string[] {
  const prefixes: string[] = [];
  for (let cut = path.indexOf('/'); cut >= 0; cut = path.indexOf('/', cut + 1)) prefixes.push(path.slice(0, cut));
  return [...prefixes, path];
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder a path stands in; '' for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path as people read it: the snapshot's keys are the Latin-1 text of its raw bytes. */
export function textOf(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** The snapshot's key of a path as people write it. */
export function rawOf(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}
