// The project's own repository: found, and looked at with care. `.git` must be a real folder of the project; a repository that lies
// elsewhere (a work tree made by `git worktree`, a submodule) is taken only when it points back at this very folder, else a
// planted `.git` file could show the history of another project.
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ObjectFormat } from './objects.ts';
import { type Git, openGit } from './run.ts';

export interface Repository {
  git: Git;
  workTree: string;
  /** Folder of its objects: that of the main work tree, where this is a linked one. */
  objects: string;
  format: ObjectFormat;
  /** Full ref name of the current branch, undefined when HEAD is detached. */
  branch: string | undefined;
  /** Undefined before the first commit. */
  head: string | undefined;
  /** Full ref name of the branch's upstream, when it is known here. */
  upstream: string | undefined;
}

/** Why there is no git inside: no program, no repository, or one that is not taken. */
export type NoRepository = 'no-git' | 'not-a-repository' | 'elsewhere' | 'unreadable';

/** Opens the repository of a folder (real path, as text). */
export async function openRepository(workTree: string): Promise<Repository | NoRepository> {
  const found = await findGitFolder(workTree);
  if ('missing' in found) return found.missing;
  const git = openGit({ gitDir: found.gitDir, workTree });
  if (git === undefined) return 'no-git';
  const asked = await git.run(['rev-parse', '--show-object-format', '--git-path', 'objects']);
  const [, format, objects = ''] = /^(\w+)\n([\s\S]+)\n$/.exec(asked.stdout.toString()) ?? [];
  if (format !== 'sha1' && format !== 'sha256') return 'unreadable';
  const [branch, head] = await Promise.all([
    line(git, ['symbolic-ref', '-q', 'HEAD']),
    line(git, ['rev-parse', '-q', '--verify', 'HEAD^{commit}']),
  ]);
  const upstream = branch && head ? await line(git, ['for-each-ref', '--format=%(upstream)', branch]) : undefined;
  const known = upstream ? await line(git, ['rev-parse', '-q', '--verify', `${upstream}^{commit}`]) : undefined;
  return {
    git,
    workTree,
    objects: resolve(workTree, objects),
    format,
    branch,
    head,
    upstream: known ? upstream : undefined,
  };
}

/** The folder that git keeps for a work tree: its own `.git`, or one elsewhere that belongs to this very work tree. */
export async function findGitFolder(workTree: string): Promise<{ gitDir: string } | { missing: NoRepository }> {
  const path = `${workTree}/.git`;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { missing: 'not-a-repository' };
  if (stat.isDirectory()) return { gitDir: path };
  const pointer =
    stat.isFile() && stat.size < 10_000 ? /^gitdir: ([^\n]+)\n?$/.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  const gitDir = pointer === undefined ? undefined : realFolder(resolve(workTree, pointer));
  if (gitDir === undefined) return { missing: 'elsewhere' };
  const isOwn = pointsBack(gitDir, workTree) || (await isSubmodule(gitDir, workTree));
  return isOwn ? { gitDir } : { missing: 'elsewhere' };
}

/** A linked work tree: its git folder names the `.git` file that it belongs to. */
function pointsBack(gitDir: string, workTree: string): boolean {
  try {
    const named = readFileSync(`${gitDir}/gitdir`, 'utf8').trim();
    return realFolder(dirname(resolve(gitDir, named))) === workTree;
  } catch {
    return false; // no linked work tree
  }
}

/** A submodule: the configuration of its git folder names the work tree. */
async function isSubmodule(gitDir: string, workTree: string): Promise<boolean> {
  const git = openGit({ gitDir });
  const named = git && (await line(git, ['config', '--file', `${gitDir}/config`, '--no-includes', 'core.worktree']));
  return named !== undefined && realFolder(resolve(gitDir, named)) === workTree;
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** The first line of what a command prints; undefined when it fails or prints nothing. */
export async function line(git: Git, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await git.run(args);
  const text = stdout.toString('utf8').split('\n')[0];
  return exitCode === 0 && text ? text : undefined;
}
