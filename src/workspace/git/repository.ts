// The project's own repository: found, and looked at with care. `.git` must be a real folder of the project; a repository that lies
// elsewhere (a work tree made by `git worktree`, a submodule) is taken only when it points back at this very folder, else a
// planted `.git` file could show the history of another project.
import { lstatSync } from 'node:fs';
import type { ObjectFormat } from './objects.ts';
import { type Git, openGit } from './run.ts';

export interface Repository {
  git: Git;
  workTree: string;
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
  const gitDir = `${workTree}/.git`;
  const stat = lstatSync(gitDir, { throwIfNoEntry: false });
  if (stat === undefined) return 'not-a-repository';
  if (!stat.isDirectory()) return 'elsewhere';
  const git = openGit({ gitDir, workTree });
  if (git === undefined) return 'no-git';
  const format = await line(git, ['rev-parse', '--show-object-format']);
  if (format !== 'sha1' && format !== 'sha256') return 'unreadable';
  const branch = await line(git, ['symbolic-ref', '-q', 'HEAD']);
  const head = await line(git, ['rev-parse', '-q', '--verify', 'HEAD^{commit}']);
  const upstream = branch && head ? await line(git, ['for-each-ref', '--format=%(upstream)', branch]) : undefined;
  const known = upstream ? await line(git, ['rev-parse', '-q', '--verify', `${upstream}^{commit}`]) : undefined;
  return { git, workTree, format, branch, head, upstream: known ? upstream : undefined };
}

/** The first line of what a command prints; undefined when it fails or prints nothing. */
export async function line(git: Git, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await git.run(args);
  const text = stdout.toString('utf8').split('\n')[0];
  return exitCode === 0 && text ? text : undefined;
}
