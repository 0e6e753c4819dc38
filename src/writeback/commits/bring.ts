// Commits made inside come back as commits: their changes are laid onto the real parent, so that hidden files stay where
// they are, with secrets restored and the person's own name. They go onto the branch they were made on when it has not moved
// and nothing is in doubt, else beside it as `sotto/<session>/<branch>`; the person's hooks do not run for them.
import type { Policy } from '../../policy/index.ts';
import { restoreText, type Vault } from '../../redact/index.ts';
import {
  EMPTY_TREE,
  type Git,
  makeScratch,
  nameAndEmail,
  type Parsed,
  type PathChange,
  parseObject,
  quote,
  type RebuiltGit,
  readChanges,
  readObjects,
  removeScratch,
} from '../../workspace/index.ts';
import type { Guard } from '../guard.ts';
import { type ChangeRules, type Doubt, type Outside, outsideOf, placeholdersIn } from './change.ts';
import { type BroughtBranch, bringNames } from './names.ts';
import { type BroughtTag, bringTags } from './tags.ts';
import { takeRepository } from './take.ts';

export interface BringCommitsInput {
  rebuilt: RebuiltGit;
  /** The repository folder inside, as this process reaches it. */
  inside: string;
  session: string;
  vault: Vault;
  policy: Pick<Policy, 'writeback'>;
  closed(path: string): boolean;
  guard: Guard;
}

export interface BroughtCommits {
  branches: BroughtBranch[];
  tags: BroughtTag[];
  doubts: Doubt[];
  /** Git could not do it: the commits are lost with the copy, their changes are in the work tree all the same. */
  failed?: boolean;
}

interface NewCommit {
  id: string;
  parents: string[];
  parsed: Parsed;
  changes: PathChange[];
}

const NONE: BroughtCommits = { branches: [], tags: [], doubts: [] };

/** Brings every new commit on a branch inside into the real repository. Never throws for what stands inside. */
export async function bringCommits(input: BringCommitsInput): Promise<BroughtCommits> {
  const scratch = makeScratch();
  try {
    const { format } = input.rebuilt.repository;
    const taken = await takeRepository(input.inside, scratch, format);
    if (taken === undefined) return NONE;
    return await bring(input, taken);
  } catch {
    return { ...NONE, failed: true };
  } finally {
    removeScratch(scratch);
  }
}

type Taken = NonNullable<Awaited<ReturnType<typeof takeRepository>>>;

async function bring(input: BringCommitsInput, { git, branches, tags }: Taken): Promise<BroughtCommits> {
  const { rebuilt, vault } = input;
  const moved = [...branches].filter(([, tip]) => !rebuilt.commits.has(tip));
  const { made, doubtful, doubts } = await bringMoved(input, git, moved);
  const named = await bringNames({ ...input, branches: [...branches], made, doubtful });
  const text = (latin1: string) => restoreMessage(latin1, vault);
  return { ...named, tags: await bringTags({ ...input, taken: git, tags, made, doubtful, text }), doubts };
}

async function bringMoved(input: BringCommitsInput, git: Git, moved: (readonly [string, string])[]) {
  const { rebuilt } = input;
  const doubts: Doubt[] = [];
  const doubtful = new Set<string>();
  if (moved.length === 0) return { made: new Map<string, string>(), doubtful, doubts };
  const commits = await newCommits(
    git,
    moved.map(([, tip]) => tip),
    rebuilt,
  );
  const stream: (string | Buffer)[] = [];
  const marks = new Map(commits.map(({ id }, at) => [id, at + 1]));
  for (const commit of commits) {
    const found = await writeCommit(commit, git, marks, stream, input);
    doubts.push(...found);
    if (found.length > 0 || commit.parents.some((parent) => doubtful.has(parent))) doubtful.add(commit.id);
  }
  return { made: await importCommits(rebuilt.repository.git, stream, marks), doubtful, doubts };
}

/** Oldest first. */
async function newCommits(git: Git, tips: readonly string[], rebuilt: RebuiltGit): Promise<NewCommit[]> {
  const known = [...rebuilt.commits.keys()].map((id) => `^${id}`);
  const listed = await git.run(
    ['rev-list', '--topo-order', '--reverse', '--parents', '--stdin'],
    `${[...tips, ...known].join('\n')}\n`,
  );
  if (listed.exitCode !== 0) throw new Error('internal error: git cannot read the commits made inside');
  const lines = listed.stdout
    .toString('latin1')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const wanted = new Set(lines.flat());
  const parsed = new Map<string, Parsed>();
  for await (const { id, bytes } of readObjects(git, [...wanted])) parsed.set(id, parseObject(bytes));
  const treeOf = (id: string | undefined) =>
    id === undefined ? EMPTY_TREE[rebuilt.repository.format] : (parsed.get(id)?.header('tree') ?? '');
  const pairs = lines.map(([id, parent]) => [treeOf(parent), treeOf(id)] as const);
  const changes = (
    await readChanges(
      git,
      pairs.filter(([before, after]) => before !== after),
    )
  )[Symbol.iterator]();
  return lines.map(([id = '', ...parents], at) => {
    const [before, after] = pairs[at] as readonly [string, string];
    const own = before === after ? [] : (changes.next().value as PathChange[]);
    return { id, parents, parsed: parsed.get(id) as Parsed, changes: own };
  });
}

/** Writes one commit for `git fast-import`; tells what is in doubt about it. */
async function writeCommit(
  { id, parents, parsed, changes }: NewCommit,
  git: Git,
  marks: ReadonlyMap<string, number>,
  stream: (string | Buffer)[],
  input: BringCommitsInput,
): Promise<Doubt[]> {
  const { rebuilt, vault } = input;
  const outsideParents = parents.flatMap((parent) => {
    const mark = marks.get(parent);
    return mark === undefined ? (rebuilt.commits.get(parent) ?? []) : `:${mark}`;
  });
  const text = (latin1: string) => restoreMessage(latin1, vault);
  const message = text(parsed.message);
  if (outsideParents.length === 0) stream.push(`reset ${IMPORT_REF}\n\n`);
  stream.push(`commit ${IMPORT_REF}\nmark :${marks.get(id)}\n`);
  for (const role of ['author', 'committer'] as const)
    stream.push(`${role} ${personFor(role, parsed, rebuilt, text)}\n`);
  stream.push(`data ${message.length}\n${message}\n`);
  for (const [at, parent] of outsideParents.entries()) stream.push(`${at === 0 ? 'from' : 'merge'} ${parent}\n`);
  const doubts = await writeChanges(changes, git, stream, input);
  stream.push('\n');
  return doubts;
}

const IMPORT_REF = 'refs/sotto/import';

async function writeChanges(
  changes: readonly PathChange[],
  git: Git,
  stream: (string | Buffer)[],
  { rebuilt, vault, policy, closed, guard }: BringCommitsInput,
): Promise<Doubt[]> {
  const contents = new Map<string, Buffer>();
  const ids = changes.flatMap(({ id, oldId, mode, oldMode }) => [
    ...(isBlob(mode) ? [id] : []),
    ...(isBlob(oldMode) ? [oldId] : []),
  ]);
  for await (const { id, bytes } of readObjects(git, [...new Set(ids)])) contents.set(id, bytes);
  const root = Buffer.from(rebuilt.repository.workTree).toString('latin1');
  const rules: ChangeRules = { root, vault, foreign: policy.writeback.foreign, closed, guard };
  const gone = new Set(changes.filter(({ mode }) => !isBlob(mode)).map(({ oldId }) => oldId));
  const doubts: Doubt[] = [];
  const kept: (string | Buffer)[] = [];
  for (const change of changes) {
    const [before, after] = [contents.get(change.oldId), contents.get(change.id)];
    // a file that was only moved takes its secrets along
    const held = new Set(placeholdersIn(gone.has(change.id) ? after : before));
    const decided = outsideOf(change, before, after, held, rules);
    doubts.push(...decided.doubts);
    if (decided.outside === 'remove') stream.push(Buffer.from(`D ${quote(change.path)}\n`, 'latin1'));
    else if (decided.outside !== 'leave') kept.push(...modify(change.path, decided.outside));
  }
  stream.push(...kept);
  return doubts;
}

const isBlob = (mode: string): boolean => mode !== '000000' && mode !== '160000';

function modify(path: string, outside: Exclude<Outside, string>): (string | Buffer)[] {
  if ('id' in outside) return [Buffer.from(`M ${outside.mode} ${outside.id} ${quote(path)}\n`, 'latin1')];
  const head = Buffer.from(`M ${outside.mode} inline ${quote(path)}\ndata ${outside.bytes.length}\n`, 'latin1');
  return [head, outside.bytes, '\n'];
}

/** Only what stood in the history's own texts, or was typed by the person, comes back in one. Latin-1 in and out. */
function restoreMessage(latin1: string, vault: Vault): string {
  const mayReturn = (placeholder: string) => {
    const entry = vault.lookup(placeholder);
    return entry?.origins.has('.git') || entry?.origins.has('prompt') ? entry : undefined;
  };
  return Buffer.from(restoreText(Buffer.from(latin1, 'latin1').toString('utf8'), mayReturn).text).toString('latin1');
}

/** The committer is the person; so is the author, unless the commit was made from one that somebody else wrote. */
function personFor(
  role: 'author' | 'committer',
  parsed: Parsed,
  { people, person }: RebuiltGit,
  text: (latin1: string) => string,
): string {
  const line = parsed.header(role) ?? '';
  const inside = nameAndEmail(line);
  const time = /(\d+ [+-]\d{4})$/.exec(line)?.[1] ?? '0 +0000';
  const known = role === 'author' ? people.get(inside) : undefined;
  return `${known ?? person ?? text(inside)} ${time}`;
}

async function importCommits(
  git: Git,
  stream: readonly (string | Buffer)[],
  marks: ReadonlyMap<string, number>,
): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  const byMark = new Map([...marks].map(([id, mark]) => [String(mark), id]));
  const asked = [...marks.values()].map((mark) => `get-mark :${mark}\n`);
  const input = Buffer.concat(
    [...stream, ...asked].map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const imported = await git.run(['fast-import', '--quiet', '--date-format=raw-permissive', '--force'], input);
  await git.run(['update-ref', '-d', IMPORT_REF]);
  if (imported.exitCode !== 0) throw new Error('internal error: git could not take the commits');
  const ids = imported.stdout.toString('latin1').trim().split('\n');
  for (const [at, mark] of [...byMark.keys()].entries()) made.set(byMark.get(mark) as string, ids[at] ?? '');
  return made;
}
