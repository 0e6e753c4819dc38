// The copy's own `.git`: put together object by object from what may be seen. Objects that are clean are packed as they are; commits,
// folders, redacted files and stubs are made anew. What was not asked for explicitly does not exist inside: no other
// branch, no stash, no reflog, no hook, no loose object, no alternate.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join as joinText } from 'node:path';
import type { Policy } from '../../policy/index.ts';
import type { Vault } from '../../redact/index.ts';
import type { CopyContext } from '../copy.ts';
import type { Tree } from '../decide.ts';
import type { StandingSearch } from '../standing.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { personOf, writeConfig } from './config.ts';
import type { History } from './history.ts';
import { createImportWriter, IMPORT_REF } from './import.ts';
import { markFiltered, writeIndex } from './index-state.ts';
import type { Parsed } from './messages.ts';
import type { HistoryObjects, Outside } from './outside.ts';
import type { TextRedactor } from './people.ts';
import type { NoRepository, Repository } from './repository.ts';
import { type Git, openGit } from './run.ts';
import { makeScratch, removeScratch } from './scratch.ts';
import { createTextRedactor, lookThroughTexts, writeInfo } from './texts.ts';

export interface RebuildInput {
  /** The real repository, or why there is none to rebuild. */
  outside: Outside | NoRepository | 'failed';
  tree: Tree;
  context: CopyContext & { standing: StandingSearch };
  policy: Policy;
  vault: Vault;
  /** Whether this very object stood clean at this path in the work tree. */
  isClean(path: string, id: string): boolean;
  /** Whether a file of this path is another name of a hidden one. */
  isOtherName(path: string): boolean;
  /** Called once, when everything in the history was scanned that was not known to be clean; what is clean may change in it. */
  onScanned(): Promise<void>;
}

/** What of the history is inside, or why there is none. */
export type GitReport = { commits: number; refs: number; redacted: number } | { missing: NoRepository | 'failed' };

/** How the repository inside and the real one belong together, for the way back of new commits. */
export interface RebuiltGit {
  /** The real one. */
  repository: Repository;
  /** Commits that were carried over: id inside to id outside. */
  commits: ReadonlyMap<string, string>;
  /** Branches that were carried over, full name inside to full name and commit outside. */
  branches: ReadonlyMap<string, { name: string; commit: string }>;
  /** Tags that were carried over, full names inside. */
  tags: ReadonlySet<string>;
  /** `Name <email>` inside to the same outside (Latin-1). */
  people: ReadonlyMap<string, string>;
  /** `Name <email>` of the person who started the session, where git knows them (Latin-1). */
  person: string | undefined;
}

/** Builds the repository of the copy; a failure leaves the copy without one and says so. */
export async function rebuildGit(input: RebuildInput): Promise<{ report: GitReport; rebuilt?: RebuiltGit }> {
  const { outside } = input;
  if (typeof outside === 'string') {
    await input.onScanned();
    return { report: { missing: outside } };
  }
  const scratch = makeScratch();
  let searching: Promise<void> | undefined;
  const onScanned = () => {
    searching ??= input.onScanned();
    return searching;
  };
  try {
    const built = await rebuildIn(scratch, outside, { ...input, onScanned });
    moveInto(scratch, Buffer.from(input.tree.target, 'latin1').toString());
    return built;
  } catch {
    await onScanned(); // must have happened, and must not have failed
    return { report: { missing: 'failed' } }; // the message could quote a file
  } finally {
    removeScratch(scratch);
  }
}

async function rebuildIn(
  scratch: string,
  { repository, history, objects, index, settings }: Outside,
  input: RebuildInput,
): Promise<{ report: GitReport; rebuilt: RebuiltGit }> {
  const { tree, context, policy, vault } = input;
  const gitDir = joinText(scratch, '.git');
  const target = await initRepository(gitDir, repository);
  const contextFor = (path: string) => ({ ...context, place: placer(vault, path) });
  // The real repository's objects are read from the new one, which borrows them: nothing is written there, its configuration is not
  // read, and git does not try to fetch what a partial clone lacks.
  const borrowing = openGit({ gitDir, borrowed: repository.objects }) as Git;
  const blobs = createBlobs({
    git: borrowing,
    format: repository.format,
    tree,
    contextFor,
    standing: context.standing,
    isClean: input.isClean,
    isOtherName: input.isOtherName,
  });
  for (const changes of objects.changes)
    for (const { path, mode, id } of changes) if (mode !== '000000') blobs.want(path, mode, id);
  for (const { path, mode, id } of index) blobs.want(path, mode, id);
  await blobs.scan();
  lookThroughTexts(createTextRedactor(context, vault), history, objects);
  await input.onScanned();
  await blobs.settle();
  await packKept(borrowing, blobs);
  const redactor = createTextRedactor(context, vault);
  const people = new Map<string, string>();
  await importHistory(target, history, objects, blobs, redactor, input, people);
  const commits = importedCommits(gitDir, history);
  writeFileSync(joinText(gitDir, 'HEAD'), headOf(repository, commits, redactor), 'latin1');
  const config = writeConfig(settings, repository.format, policy.git.authors, vault.key, redactor);
  writeFileSync(joinText(gitDir, 'config'), config, 'latin1');
  writeInfo(gitDir, repository, settings, redactor);
  await writeIndex(target, await markFiltered(repository.git, index, settings), blobs);
  const report = { commits: history.commits.length, refs: history.refs.length, redacted: blobs.made.size };
  const heads = history.refs.filter(({ name }) => name.startsWith('refs/heads/'));
  const branches = new Map(heads.map(({ name, commit }) => [redactor.text(name, '.git'), { name, commit }]));
  const tagNames = history.refs.flatMap(({ name }) =>
    name.startsWith('refs/tags/') ? redactor.text(name, '.git') : [],
  );
  const tags = new Set(tagNames);
  return { report, rebuilt: { repository, commits, branches, tags, people, person: personOf(settings) } };
}

/** The placeholder of a secret that stood at this path in the history. */
const placer = (vault: Vault, path: string) => (rule: string, secret: string) => vault.place(rule, secret, path);

async function initRepository(gitDir: string, { format }: Repository): Promise<Git> {
  mkdirSync(gitDir);
  const git = openGit({ gitDir, indexFile: joinText(gitDir, 'index') }) as Git;
  await must(git, ['init', '-q', '--template=', `--object-format=${format}`]);
  return git;
}

/**
 * Packs the clean objects as the real repository has them compressed. Their ids are not computed anew (`index-pack --strict`), which
 * would cost more than all the rest: an object whose content is not what its id says can only have been laid there by
 * somebody who may read the project, and what stands in the history only is scanned by its content, never by its id.
 */
async function packKept(borrowing: Git, { kept }: Blobs): Promise<void> {
  if (kept.size === 0) return;
  const options = ['-c', 'pack.compression=1', 'pack-objects', '-q', '--window=0', '--delta-base-offset'];
  await must(borrowing, [...options, joinText(borrowing.folder, 'objects/pack/pack')], `${[...kept].join('\n')}\n`);
}

async function importHistory(
  git: Git,
  history: History,
  { commits, tags, changes }: HistoryObjects,
  blobs: Blobs,
  redactor: TextRedactor,
  { policy, vault }: RebuildInput,
  people: Map<string, string>,
): Promise<void> {
  const marks = joinText(git.folder, 'marks');
  const options = ['--quiet', '--date-format=raw-permissive', `--export-marks=${marks}`];
  const importing = git.pipe(['-c', 'fastimport.unpackLimit=1', '-c', 'core.compression=1', 'fast-import', ...options]);
  importing.stdout.resume();
  importing.stdin.on('error', () => {}); // its exit status tells
  const { stdin } = importing;
  const writer = createImportWriter({ stdin, blobs, redactor, authors: policy.git.authors, key: vault.key, people });
  for (const bytes of blobs.made.values()) writer.blob(bytes);
  for (const [at, commit] of history.commits.entries()) {
    writer.commit(commit, commits.get(commit.id) as Parsed, changes[at] ?? []);
  }
  for (const ref of history.refs) writer.ref(ref, ref.tag === undefined ? undefined : tags.get(ref.tag));
  writer.end();
  const { exitCode } = await importing.done;
  if (exitCode !== 0) throw new Error('internal error: git could not import the history');
  await git.run(['update-ref', '-d', IMPORT_REF]);
}

/** Ids inside to ids outside; marks count the commits in their order. */
function importedCommits(gitDir: string, { commits }: History): Map<string, string> {
  const imported = new Map<string, string>();
  if (commits.length === 0) return imported;
  for (const line of readFileSync(joinText(gitDir, 'marks'), 'latin1').split('\n')) {
    const [, mark, id] = /^:(\d+) ([0-9a-f]+)$/.exec(line) ?? [];
    const commit = commits[Number(mark) - 1];
    if (id !== undefined && commit !== undefined) imported.set(id, commit.id);
  }
  return imported;
}

function headOf({ branch, head }: Repository, commits: ReadonlyMap<string, string>, redactor: TextRedactor): string {
  if (branch !== undefined) return `ref: ${redactor.text(Buffer.from(branch).toString('latin1'), '.git')}\n`;
  for (const [inside, outside] of commits) if (outside === head) return `${inside}\n`;
  throw new Error('internal error: the current commit was not imported');
}

/** Copies the finished repository into the copy, without what only the building needed. */
function moveInto(scratch: string, target: string): void {
  const from = joinText(scratch, '.git');
  rmSync(joinText(from, 'marks'), { force: true });
  rmSync(joinText(from, 'refs/sotto'), { recursive: true, force: true });
  const to = joinText(target, '.git');
  cpSync(from, to, { recursive: true, preserveTimestamps: true, errorOnExist: true, force: false });
  chmodSync(to, 0o755);
}

async function must(git: Git, args: readonly string[], input?: string): Promise<void> {
  const { exitCode } = await git.run(args, input);
  if (exitCode !== 0) throw new Error('internal error: git failed while the repository was made');
}
