// What each file of the history becomes: the same rules as for the work tree, by path and by content. An answer belongs to a
// path and an object, because a rule may look at the path; an object that is clean everywhere is carried over as it is.
import { type CopyContext, redactContent } from '../copy.ts';
import type { Tree } from '../decide.ts';
import { staysInside } from '../links.ts';
import { SCAN_LIMIT } from '../read.ts';
import { hasStub, stubOf } from '../stub.ts';
import type { WithheldWhy } from '../workspace.ts';
import { blobId, type ObjectFormat, readObjects, sizesOf } from './objects.ts';
import type { Git } from './run.ts';

/** A file as it stands in the rebuilt history; undefined when it is not there. */
export type Carried = { mode: string; id: string } | undefined;

export interface BlobsInput {
  git: Git;
  format: ObjectFormat;
  tree: Tree;
  contextFor(path: string): CopyContext;
  /** Whether this very object stood clean at this path in the work tree, and so need not be scanned again. */
  isClean(path: string, id: string): boolean;
}

export interface Blobs {
  /** Announces a file of the history. */
  want(path: string, mode: string, id: string): void;
  /** Reads and decides on everything that was announced since. */
  resolve(): Promise<void>;
  /** What an announced file becomes. */
  carried(path: string, mode: string, id: string): Carried;
  /** New contents by object id: redacted files and stubs. */
  readonly made: ReadonlyMap<string, Buffer>;
  /** Objects that are carried over as they are. */
  readonly kept: ReadonlySet<string>;
}

const LINK = '120000';
const SUBMODULE = '160000';

interface Wanted {
  path: string;
  mode: string;
  /** Carried over as it is: trusted, or known to be clean. */
  pass: boolean;
}

/** Collects the files of a history and decides on them. */
export function createBlobs({ git, format, tree, contextFor, isClean }: BlobsInput): Blobs {
  const answers = new Map<string, Carried>();
  const waiting = new Map<string, Wanted[]>();
  const made = new Map<string, Buffer>();
  const kept = new Set<string>();
  return { want, resolve, carried: (path, mode, id) => answers.get(keyOf(path, mode, id)), made, kept };

  function want(path: string, mode: string, id: string): void {
    const key = keyOf(path, mode, id);
    if (answers.has(key)) return;
    answers.set(key, undefined);
    if (path.split('/').some((name) => name.toLowerCase() === '.git')) return;
    const { decision } = tree.rules.decide(path, false);
    if (decision === 'hide') return;
    if (mode === SUBMODULE) answers.set(key, { mode, id });
    else if (decision === 'ask') withhold({ path, mode, pass: false }, id, 'ask');
    else {
      const pass = mode !== LINK && (decision === 'trust' || isClean(path, id));
      waiting.set(id, [...(waiting.get(id) ?? []), { path, mode, pass }]);
    }
  }

  async function resolve(): Promise<void> {
    const sizes = await sizesOf(git, [...waiting.keys()]);
    const open: string[] = [];
    for (const [id, wanted] of waiting) {
      const size = sizes.get(id);
      if (size === undefined) continue; // not here (a partial clone): such a file is not in the history inside
      for (const one of wanted) {
        if (one.pass) keep(one, id);
        else if (size > SCAN_LIMIT) withhold(one, id, 'too-large');
        else if (open.at(-1) !== id) open.push(id);
      }
    }
    for await (const { id, bytes } of readObjects(git, open)) {
      for (const one of waiting.get(id) ?? []) if (!one.pass) decideContent(one, id, bytes);
    }
    waiting.clear();
  }

  function decideContent(one: Wanted, id: string, bytes: Buffer): void {
    if (one.mode === LINK) {
      if (staysInside(tree.root, one.path, bytes.toString('latin1'))) keep(one, id);
      else withhold(one, id, 'link');
      return;
    }
    const outcome = redactContent(one.path, bytes, contextFor(one.path));
    if ('why' in outcome) withhold(one, id, outcome.why);
    else if (outcome.placed.length === 0) keep(one, id);
    else make(one, id, Buffer.from(outcome.bytes), one.mode);
  }

  function keep({ path, mode }: Wanted, id: string): void {
    kept.add(id);
    answers.set(keyOf(path, mode, id), { mode, id });
  }

  function withhold(one: Wanted, id: string, why: WithheldWhy | 'link'): void {
    if (why === 'link' || hasStub(why)) make(one, id, stubOf(why), '100644');
  }

  function make({ path, mode }: Wanted, id: string, bytes: Buffer, newMode: string): void {
    const newId = blobId(bytes, format);
    made.set(newId, bytes);
    answers.set(keyOf(path, mode, id), { mode: newMode, id: newId });
  }
}

const keyOf = (path: string, mode: string, id: string): string => `${mode} ${id} ${path}`;
