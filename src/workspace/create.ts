// Makes the redacted working copy: the main thread walks, the threads copy, and what they could not know (a secret that has
// its placeholder from another rule, another name of a hidden file) is put right here before anybody sees the copy.
import { type BigIntStats, chmodSync, lstatSync, readdirSync, realpathSync, unlinkSync, utimesSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Refusal } from '../errors/index.ts';
import { createPathRules, type Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import { createScanner, type PreparedScanner } from '../scan/index.ts';
import { type Copied, type CopyContext, type CopyJob, copyFile } from './copy.ts';
import type { Tree } from './decide.ts';
import { disposeCopy } from './dispose.ts';
import { rebuildGit } from './git/rebuild.ts';
import { withdrawHardLinks } from './hard-links.ts';
import { mountsBelow } from './mounts.ts';
import { findOverlays } from './overlays.ts';
import { type CopyPool, createCopyPool } from './pool.ts';
import { fsPath, join, rawOf } from './raw-path.ts';
import { createRefresh } from './refresh.ts';
import { createTally } from './report.ts';
import { walk } from './walk.ts';
import type { Snapshot, Workspace } from './workspace.ts';

export interface CreateWorkspaceInput {
  /** The project's folder. */
  root: string;
  /** An empty folder that the copy fills: on a tmpfs of the session, or a private folder on disk. */
  target: string;
  policy: Policy;
  prepared: PreparedScanner;
  vault: Vault;
  onProgress?: (done: { files: number; bytes: number }) => void;
  /** Threads that copy beside the main thread; by the number of cores when absent. */
  threads?: number;
}

/** Up to this many files the main thread copies alone: starting threads would take longer. */
const ALONE = 400;

/**
 * Makes the working copy of a project, complete and redacted.
 * @throws Refusal `workspace.root`, `workspace.target`, `workspace.hidden`, `workspace.write`
 */
export async function createWorkspace(input: CreateWorkspaceInput): Promise<Workspace> {
  const place = await survey(input);
  const { context, tree } = place;
  const snapshot: Snapshot = new Map();
  const tally = createTally(input.policy);
  const again: CopyJob[] = [];
  const folders: { path: string; stat: BigIntStats }[] = [];
  const linked: string[] = [];
  const clean = new Map<string, string>();
  const crew = createCrew(input, place, take);
  try {
    await walk(tree, {
      file: crew.add,
      made: (path, stat) => folders.push({ path, stat }),
      entry: (path, entry) => snapshot.set(path, entry),
    });
    await crew.finish();
  } finally {
    await crew.stop();
  }
  for (const job of again) redo(job);
  withdrawHardLinks(linked, snapshot, tree);
  for (const { path, stat } of folders.reverse()) finishFolder(join(context.target, path), stat);
  const isClean = (path: string, id: string) => clean.get(path) === id;
  const { report: git, rebuilt } = await rebuildGit({
    tree,
    context,
    policy: input.policy,
    vault: input.vault,
    isClean,
  });
  return {
    root: realpathSync(input.root),
    path: input.target,
    snapshot,
    report: { ...tally.report(snapshot, [...tree.overlays]), git },
    ...createRefresh({ context, tree, snapshot, vault: input.vault, origins: input.policy.origins }),
    ...(rebuilt === undefined ? {} : { git: rebuilt }),
    dispose: () => disposeCopy(input.target),
  };

  function take(copied: Copied, job?: CopyJob): void {
    if ('gone' in copied) return;
    if ('why' in copied) {
      snapshot.set(copied.path, tally.withheld(copied));
      return;
    }
    const { path, entry, placed } = copied;
    const differs =
      placed.filter((one) => input.vault.place(one.rule, one.secret, path) !== one.placeholder).length > 0;
    if (differs && job === undefined) {
      again.push({ path, trust: false });
      return;
    }
    if (copied.links > 1) linked.push(path);
    if (copied.blob !== undefined) clean.set(path, copied.blob);
    snapshot.set(path, entry);
    tally.file(copied);
    input.onProgress?.(tally.done);
  }

  /** The vault decides on a placeholder; a thread only guesses it. Redone here, the guess is the vault's. */
  function redo(job: CopyJob): void {
    unlinkSync(fsPath(join(context.target, job.path)));
    const placeFor = (rule: string, secret: string) => input.vault.place(rule, secret, job.path);
    take(copyFile(job, { ...context, place: placeFor }), job);
  }
}

/** What is known before the first file is read. */
export interface Place {
  context: CopyContext;
  tree: Tree;
}

async function survey({ root, target, policy, prepared, vault }: CreateWorkspaceInput): Promise<Place> {
  const real = realRoot(root);
  const rules = createPathRules(policy);
  if (rules.decide('', true).decision === 'hide') throw new Refusal('workspace.hidden', { path: root });
  if (!isEmptyFolder(target)) throw new Refusal('workspace.target', { path: target });
  const { dev: device } = lstatSync(fsPath(real), { bigint: true });
  const place = (rule: string, secret: string) => vault.place(rule, secret, '');
  const scanner = createScanner(prepared);
  const mounts = mountsBelow(real);
  const overlays = new Set(await findOverlays(real, policy));
  const hasGit = lstatSync(fsPath(join(real, '.git')), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const { binaries } = policy.scan;
  // a repository of the other format only loses the shortcut for clean files
  const gitFormat = hasGit ? { gitFormat: 'sha1' as const } : {};
  return {
    context: { root: real, target: rawOf(target), device, scanner, binaries, place, ...gitFormat },
    tree: { root: real, target: rawOf(target), device, rules, mounts, overlays, admitted: new Set() },
  };
}

function realRoot(root: string): string {
  try {
    const real = realpathSync.native(root, 'latin1');
    readdirSync(fsPath(real));
    if (real !== '/') return real;
  } catch (error) {
    throw new Refusal('workspace.root', { path: root }, { cause: error });
  }
  throw new Refusal('workspace.root', { path: root });
}

function isEmptyFolder(target: string): boolean {
  try {
    return readdirSync(target).length === 0;
  } catch {
    return false;
  }
}

/** The main thread alone for a small tree; threads as soon as it proves to be larger. */
function createCrew(input: CreateWorkspaceInput, { context }: Place, onCopied: (copied: Copied) => void) {
  const waiting: CopyJob[] = [];
  let pool: CopyPool | undefined;
  const copyHere = (job: CopyJob) => {
    const place = (rule: string, secret: string) => input.vault.place(rule, secret, job.path);
    onCopied(copyAlone(job, { ...context, place }));
  };
  const start = () => {
    const { scanner: _, place: __, ...given } = context;
    const shared = { ...given, key: input.vault.key, prepared: input.prepared };
    pool = createCopyPool({ shared, threads: input.threads ?? threadsHere(), copyHere, onCopied });
    for (const job of waiting) pool.add(job);
  };
  return {
    add(job: CopyJob): void {
      if (pool !== undefined) pool.add(job);
      else if (waiting.push(job) > ALONE) start();
    },
    async finish(): Promise<void> {
      if (pool !== undefined) return pool.finish();
      for (const job of waiting) copyHere(job);
    },
    stop: async () => pool?.stop(),
  };
}

/** The main thread copies too, so one core is its own; more than four only fight over the file system. */
function threadsHere(): number {
  return Math.min(4, Math.max(1, availableParallelism() - 1));
}

function copyAlone(job: CopyJob, context: CopyContext): Copied {
  try {
    return copyFile(job, context);
  } catch (error) {
    throw writeRefusal(job.path, error);
  }
}

function writeRefusal(path: string, error: unknown): Refusal {
  return new Refusal('workspace.write', { path, code: (error as NodeJS.ErrnoException).code ?? 'unknown' });
}

function finishFolder(path: string, stat: BigIntStats): void {
  utimesSync(fsPath(path), Number(stat.atimeNs) / 1e9, Number(stat.mtimeNs) / 1e9);
  chmodSync(fsPath(path), Number(stat.mode) & 0o777);
}
