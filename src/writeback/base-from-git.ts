// A file that nobody has touched in this session has no base in memory, but git may still have it as it was.
import { hash } from 'node:crypto';
import { runBytes, toolPath } from '../host/index.ts';
import type { Ground } from './ground.ts';
import { textOf } from './scope.ts';

/** Git waits for nothing here; a repository on a dead network drive must not stop the write-back. */
const TIMEOUT_MS = 2000;

/**
 * Looks for the content that both sides last had in common in the commit and the index of the real repository. Only what has
 * the very hash counts. Asked at most once for each state of a file.
 * @returns true when it was found and remembered just now: time has passed, so look again
 */
export async function fetchBase(ground: Ground, path: string): Promise<boolean> {
  const entry = ground.workspace.snapshot.get(path);
  if (entry?.kind !== 'file' || ground.bases.recall(path) !== undefined || asked.get(ground)?.has(entry.real))
    return false;
  asked.set(ground, (asked.get(ground) ?? new Set()).add(entry.real));
  for (const revision of ['HEAD', '']) {
    const bytes = await blob(ground.workspace.root, `${revision}:./${textOf(path)}`);
    if (bytes === undefined || hash('sha256', bytes) !== entry.real) continue;
    ground.bases.remember(path, bytes);
    return true;
  }
  return false;
}

const asked = new WeakMap<Ground, Set<string>>();

/** `cat-file` runs no hook and no filter, and touches no index. */
async function blob(root: string, name: string): Promise<Buffer | undefined> {
  const env = { PATH: toolPath(undefined), GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' };
  const { exitCode, stdout } = await runBytes('git', ['cat-file', 'blob', name], {
    cwd: root,
    env,
    timeoutMs: TIMEOUT_MS,
  });
  return exitCode === 0 ? Buffer.from(stdout) : undefined;
}
