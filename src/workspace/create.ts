// Makes the redacted working copy: the main thread walks, the threads copy, and what they could not know (a secret that has
// its placeholder from another rule, another name of a hidden file) is put right here before anybody sees the copy.
import { type BigIntStats, chmodSync, lstatSync, readdirSync, realpathSync, unlinkSync, utimesSync } from 'node:fs';
import { Refusal } from '../errors/index.ts';
import { createPathRules, type Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import { createScanner, type PreparedScanner } from '../scan/index.ts';
import { type CleanStore, openCleanStore } from './clean/store.ts';
import { createClean } from './clean/table.ts';
import { type Copied, type CopyContext, copyFile } from './copy.ts';
import { createCrew } from './crew.ts';
import type { Tree } from './decide.ts';
import { disposeCopy } from './dispose.ts';
import { readOutside } from './git/outside.ts';
import { rebuildGit } from './git/rebuild.ts';
import { withdrawHardLinks } from './hard-links.ts';
import { mountsBelow } from './mounts.ts';
import { findOverlays } from './overlays.ts';
import { fsPath, join, rawOf } from './raw-path.ts';
import { createRefresh } from './refresh.ts';
import { createTally } from './report.ts';
import { createStandingSearch } from './standing.ts';
import { walk } from './walk.ts';
import type { Snapshot, SnapshotEntry, Workspace } from './workspace.ts';

export interface CreateWorkspaceInput {
  /** The project's folder. */
  root: string;
  /** An empty folder that the copy fills: on a tmpfs of the session, or a private folder on disk. */
  target: string;
  policy: Policy;
  prepared: PreparedScanner;
  vault: Vault;
  onProgress?: (done: { files: number; bytes: number }) => void;
  /** Private folder of the user's own where it is kept which files proved clean; nothing is kept when absent. */
  remember?: string;
  /** Threads that copy beside the main thread in a tree that is not small; by the number of cores when absent. */
  threads?: number;
}

/**
 * Makes the working copy of a project, complete and redacted.
 * @throws Refusal `workspace.root`, `workspace.target`, `workspace.hidden`, `workspace.write`
 */
export async function createWorkspace(input: CreateWorkspaceInput): Promise<Workspace> {
  const { vault, policy } = input;
  const { context, tree, store } = await survey(input);
  const snapshot: Snapshot = new Map();
  const tally = createTally(policy);
  const again = new Set<string>();
  const folders: { path: string; stat: BigIntStats }[] = [];
  const linked: string[] = [];
  const clean = new Map<string, string>();
  const { scanner: _, place: __, ...given } = context;
  const remembered = store && createClean(store.table);
  const known = store && { known: store.table };
  const crew = createCrew({ ...given, ...known, key: vault.key, prepared: input.prepared }, input.threads, take);
  const standing = createStandingSearch();
  const thorough = { ...context, standing };
  const outside = readOutside(Buffer.from(tree.root, 'latin1').toString(), policy);
  try {
    await walk(tree, {
      file: crew.add,
      made: (path, stat) => folders.push({ path, stat }),
      entry: (path, entry) => snapshot.set(path, entry),
    });
    await crew.copied();
    for (const path of again) redo(path, context);
    withdrawHardLinks(linked, snapshot, tree);
    standing.add(vault.entries());
    const isClean = (path: string, id: string) => clean.get(path) === id;
    const isOtherName = (path: string) => isHardLink(snapshot.get(path));
    const git = await rebuildGit({
      outside: await outside,
      tree,
      context: { ...thorough, ...(remembered && { clean: remembered }) },
      policy,
      vault,
      isClean,
      isOtherName,
      onScanned: searchAgain,
    });
    for (const { path, stat } of folders.reverse()) finishFolder(join(context.target, path), stat);
    if (remembered) store.save([...crew.learnt, remembered.takeLearnt()]);
    return {
      root: realpathSync(input.root),
      path: input.target,
      snapshot,
      report: { ...tally.report(snapshot, [...tree.overlays]), git: git.report },
      ...createRefresh({ context: thorough, tree, snapshot, vault, standing, origins: policy.origins }),
      ...(git.rebuilt === undefined ? {} : { git: git.rebuilt }),
      dispose: () => disposeCopy(input.target),
    };
  } finally {
    await crew.stop();
  }

  function take(copied: Copied): void {
    if ('undone' in copied) return;
    if ('why' in copied) {
      snapshot.set(copied.path, tally.withheld(copied));
      return;
    }
    const { path, entry, placed } = copied;
    const differing = placed.filter((one) => vault.place(one.rule, one.secret, path) !== one.placeholder);
    if (differing.length > 0) {
      again.add(path);
      return;
    }
    if (copied.links > 1) linked.push(path);
    if (copied.blob === undefined) clean.delete(path);
    else clean.set(path, copied.blob);
    snapshot.set(path, entry);
    tally.file(copied);
    input.onProgress?.(tally.done);
  }

  /** The vault decides on a placeholder; a thread only guesses it. Redone here, the guess is the vault's. */
  function redo(path: string, how: CopyContext): void {
    unlinkSync(fsPath(join(context.target, path)));
    const placeFor = (rule: string, secret: string) => vault.place(rule, secret, path);
    const trust = tree.rules.decide(path, false).decision === 'trust';
    take(copyFile({ path, trust }, { ...how, place: placeFor }));
  }

  /** Everything was scanned once, history included: now look where else the secrets stand that were found. */
  async function searchAgain(): Promise<void> {
    const secrets = [...vault.entries()].map(({ rule, secret }) => ({ rule, secret }));
    standing.add(secrets);
    const files = [...snapshot]
      .filter(([path, entry]) => entry.kind === 'file' && !isTrusted(path))
      .map(([path]) => path);
    const holding = secrets.length === 0 ? [] : await crew.search(files, secrets);
    for (const path of holding) redo(path, thorough);
  }

  function isTrusted(path: string): boolean {
    return tree.rules.decide(path, false).decision === 'trust';
  }
}

const isHardLink = (entry: SnapshotEntry | undefined) => entry?.kind === 'withheld' && entry.why === 'hard-link';

/** What is known before the first file is read. */
export interface Place {
  context: CopyContext;
  tree: Tree;
  store: CleanStore | undefined;
}

async function survey({ root, target, policy, prepared, vault, remember }: CreateWorkspaceInput): Promise<Place> {
  const real = realRoot(root);
  const rules = createPathRules(policy);
  if (rules.decide('', true).decision === 'hide') throw new Refusal('workspace.hidden', { path: root });
  if (!isEmptyFolder(target)) throw new Refusal('workspace.target', { path: target });
  const { dev: device } = lstatSync(fsPath(real), { bigint: true });
  const place = (rule: string, secret: string) => vault.place(rule, secret, '');
  const scanner = createScanner(prepared);
  const mounts = mountsBelow(real);
  const overlays = new Set(await findOverlays(real, policy));
  const hasGit = lstatSync(fsPath(join(real, '.git')), { throwIfNoEntry: false }) !== undefined;
  const { binaries } = policy.scan;
  const today = new Date().toISOString().slice(0, 10);
  const store = remember === undefined ? undefined : openCleanStore({ folder: remember, root: real, prepared, today });
  // a repository of the other format only loses the shortcut for clean files
  const gitFormat = hasGit ? { gitFormat: 'sha1' as const } : {};
  return {
    context: { root: real, target: rawOf(target), device, scanner, binaries, place, ...gitFormat },
    tree: { root: real, target: rawOf(target), device, rules, mounts, overlays, admitted: new Set(), turns: new Map() },
    store,
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

function finishFolder(path: string, stat: BigIntStats): void {
  utimesSync(fsPath(path), Number(stat.atimeNs) / 1e9, Number(stat.mtimeNs) / 1e9);
  chmodSync(fsPath(path), Number(stat.mode) & 0o777);
}
