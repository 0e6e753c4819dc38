// Files that run code on the host later: a change of one waits for a yes. Besides the patterns of policy: the scripts of a
// package.json, a file that becomes executable, and a link that would give a folder with guarded files in it another content.
import { createPatternList } from '../policy/index.ts';
import { nameOf } from './scope.ts';

export interface Guard {
  /** Why a change at this path waits, or undefined. */
  path(path: string, isFolder: boolean): string | undefined;
  /** Why a symbolic link here waits. */
  link(path: string): string | undefined;
}

/** @param patterns gitignore patterns of policy `writeback.guard` */
export function createGuard(patterns: readonly string[]): Guard {
  const list = createPatternList(patterns.filter((pattern) => nameOf(pattern) !== 'package.json'));
  const folders = new Set(patterns.flatMap(foldersOf).map((name) => name.toLowerCase()));
  return {
    path: (path, isFolder) => list.match(path, isFolder),
    link: (path) =>
      list.match(path, true) ??
      list.match(path, false) ??
      (folders.has(nameOf(path).toLowerCase()) ? 'link' : undefined),
  };
}

/** Names of folders that patterns lead through: `.vscode` of `.vscode/tasks.json`. */
function foldersOf(pattern: string): string[] {
  return pattern
    .split('/')
    .slice(0, -1)
    .filter((name) => name !== '' && !/[*?[!]/.test(name));
}

/** Whether what a package.json makes others run differs. */
export function scriptsDiffer(before: Buffer | undefined, after: Buffer): boolean {
  return scriptsOf(before) !== scriptsOf(after);
}

/** Fields with commands in them, or with the name of a program that is fetched and run. */
const RUN = ['scripts', 'husky', 'lint-staged', 'simple-git-hooks', 'gypfile', 'packageManager'] as const;

function scriptsOf(bytes: Buffer | undefined): string {
  // npm reads over a byte order mark.
  const text = (bytes?.toString('utf8') ?? '{}').replace(/^\ufeff/, '');
  try {
    const said: unknown = JSON.parse(text);
    const fields: Partial<Record<string, unknown>> = typeof said === 'object' && said !== null ? { ...said } : {};
    return JSON.stringify(RUN.map((name) => fields[name] ?? {}));
  } catch {
    return text; // other programs read what is no strict JSON: comments, commas at the end
  }
}

/** Execute bits that stand in `after` where `before` had none at all. */
export function newlyExecutable(before: number | undefined, after: number): boolean {
  return (after & 0o111) !== 0 && ((before ?? 0) & 0o111) === 0;
}
