// Bulky folders that policy names (`node_modules`, `target`, ...) are not copied: the sandbox lays the real folder in, below a
// throw-away upper layer. That is trust: nothing in them is scanned or hidden. So a folder qualifies only when git ignores it
// and holds none of its files; without git none does, and they are copied and scanned like everything else.
import type { Policy } from '../policy/index.ts';
import { findGitFolder } from './git/repository.ts';
import { openGit } from './git/run.ts';
import { join, rawOf } from './raw-path.ts';
import { listFolder } from './walk.ts';

/** Raw relative paths of the folders to lay in. */
export async function findOverlays(root: string, policy: Policy): Promise<string[]> {
  const names = policy.workspace.overlays.map(rawOf);
  const candidates = names.length > 0 ? findCandidates(root, names) : [];
  return candidates.length > 0 ? await ignoredByGit(root, candidates) : [];
}

/** Folders of such a name, none inside another; hidden and nested repositories' folders are passed by. */
function findCandidates(root: string, names: readonly string[]): string[] {
  const found: string[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const child of listFolder(join(root, folder)) ?? []) {
      if (!child.isDirectory() || child.name === '.git') continue;
      const path = join(folder, child.name);
      if (names.some((name) => path === name || path.endsWith(`/${name}`))) found.push(path);
      else open.push(path);
    }
  }
  return found;
}

async function ignoredByGit(root: string, candidates: readonly string[]): Promise<string[]> {
  const workTree = Buffer.from(root, 'latin1').toString();
  const found = await findGitFolder(workTree);
  const git = 'gitDir' in found ? openGit({ gitDir: found.gitDir, workTree }) : undefined;
  if (git === undefined) return [];
  const asked = Buffer.from(candidates.map((path) => `${path}/\0`).join(''), 'latin1');
  const ignored = await git.run(['check-ignore', '-z', '--stdin'], asked);
  const folders = split(ignored.stdout).map((path) => path.replace(/\/$/, ''));
  if (ignored.exitCode !== 0 || folders.length === 0) return [];
  const tracked = await git.run([
    '--literal-pathspecs',
    'ls-files',
    '-z',
    '--',
    ...folders.map((path) => Buffer.from(path, 'latin1').toString()),
  ]);
  if (tracked.exitCode !== 0) return [];
  const files = split(tracked.stdout);
  return folders.filter((folder) => !files.some((file) => file.startsWith(`${folder}/`)));
}

const split = (bytes: Buffer) => bytes.toString('latin1').split('\0').filter(Boolean);
