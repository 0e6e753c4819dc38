// What each file of the history becomes: the same rules as for the work tree, by path and by content. An answer belongs to a
// path and an object, because a rule may look at the path; an object that is clean everywhere is carried over as it is.
import { hash } from 'node:crypto';
import { type CopyContext, redactContent } from '../copy.ts';
import type { Tree } from '../decide.ts';
import { staysInside } from '../links.ts';
import { SCAN_LIMIT } from '../read.ts';
import type { StandingSearch } from '../standing.ts';
import { hasStub, stubOf } from '../stub.ts';
import type { WithheldWhy } from '../workspace.ts';
import { blobId, type ObjectFormat, readObjects, sizesOf } from './objects.ts';
import type { Git } from './run.ts';

/** A file as it stands in the rebuilt history; undefined when it is not there. */
export type Carried = { mode: string; id: string } | undefined;

export interface BlobsInput {
  /** Reads the objects of the real repository, and asks nobody for those that it lacks. */
  git: Git;
  format: ObjectFormat;
  tree: Tree;
  contextFor(path: string): CopyContext;
  /** Secrets that are looked for wherever they stand; grows between `scan` and `settle`. */
  standing: StandingSearch;
  /** Whether this very object stood clean at this path in the work tree, and so need not be scanned again. */
  isClean(path: string, id: string): boolean;
  /** Whether a file of this path is another name of a hidden one. */
  isOtherName(path: string): boolean;
}

export interface Blobs {
  /** Announces a file of the history. */
  want(path: string, mode: string, id: string): void;
  /** Scans everything announced that is not known to be clean. */
  scan(): Promise<void>;
  /** Decides on the rest. */
  settle(): Promise<void>;
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
  /** Carried over as it is. */
  trust: boolean;
  decided: boolean;
  /** What the scan made of it: the same bytes, or others; it is decided when all secrets are known. */
  scanned?: 'same' | Buffer;
}

/** Collects the files of a history and decides on them. */
export function createBlobs({ git, format, tree, contextFor, standing, isClean, isOtherName }: BlobsInput): Blobs {
  const answers = new Map<string, Carried>();
  const waiting = new Map<string, Wanted[]>();
  const made = new Map<string, Buffer>();
  const kept = new Set<string>();
  const sizes = new Map<string, number>();
  /** Secrets that were known when the scan began. */
  let knownBefore = 0;
  return { want, scan, settle, carried: (path, mode, id) => answers.get(keyOf(path, mode, id)), made, kept };

  function want(path: string, mode: string, id: string): void {
    const key = keyOf(path, mode, id);
    if (answers.has(key)) return;
    answers.set(key, undefined);
    if (path.split('/').some((name) => name.toLowerCase() === '.git')) return;
    const { decision } = tree.rules.decide(path, false);
    if (decision === 'hide') return;
    if (mode === SUBMODULE) answers.set(key, { mode, id });
    else if (decision === 'ask') withhold({ path, mode, trust: false, decided: false }, id, 'ask');
    else if (isOtherName(path)) withhold({ path, mode, trust: false, decided: false }, id, 'hard-link');
    else {
      const trust = mode !== LINK && decision === 'trust';
      waiting.set(id, [...(waiting.get(id) ?? []), { path, mode, trust, decided: false }]);
    }
  }

  async function scan(): Promise<void> {
    knownBefore = standing.size;
    await decideAll((one, id) => !one.trust && !isClean(one.path, id), scanContent);
  }

  async function settle(): Promise<void> {
    for (const [id, wanted] of waiting) for (const one of wanted) if (!one.decided) settleScanned(one, id);
    await decideAll(() => true, decideContent);
    waiting.clear();
  }

  /** What was scanned stays as the scan left it, unless a secret came up since that may stand in it. */
  function settleScanned(one: Wanted, id: string): void {
    const { scanned } = one;
    if (scanned === 'same' && standing.size === knownBefore) keep(one, id);
    else if (scanned instanceof Buffer && !standing.stands(scanned)) make(one, id, scanned, one.mode);
  }

  /** Decides on what is waiting and asked for; the rest waits on. */
  async function decideAll(isAsked: (one: Wanted, id: string) => boolean, act: Act): Promise<void> {
    const unknown = [...waiting.keys()].filter((id) => !sizes.has(id));
    for (const [id, size] of await sizesOf(git, unknown)) sizes.set(id, size);
    const open: string[] = [];
    for (const [id, wanted] of waiting) {
      const size = sizes.get(id);
      if (size === undefined) continue; // not here (a partial clone): such a file is not in the history inside
      for (const one of wanted) {
        if (one.decided || !isAsked(one, id)) continue;
        if (one.trust || (one.mode !== LINK && isClean(one.path, id))) keep(one, id);
        else if (size > SCAN_LIMIT) withhold(one, id, 'too-large');
        else if (open.at(-1) !== id) open.push(id);
      }
    }
    for await (const { id, bytes } of readObjects(git, open)) {
      for (const one of waiting.get(id) ?? []) if (!one.decided && isAsked(one, id)) act(one, id, bytes);
    }
  }

  function scanContent(one: Wanted, id: string, bytes: Buffer): void {
    if (one.mode === LINK) decideLink(one, id, bytes);
    else {
      const outcome = redactContent(one.path, bytes, contextFor(one.path), hash('sha256', bytes));
      if ('why' in outcome) withhold(one, id, outcome.why);
      else one.scanned = outcome.placed.length === 0 ? 'same' : Buffer.from(outcome.bytes);
    }
  }

  /** At this point every secret is known. */
  function decideContent(one: Wanted, id: string, bytes: Buffer): void {
    if (one.scanned === 'same' && !standing.stands(bytes)) keep(one, id);
    else scanContent(one, id, bytes);
    if (one.decided) return;
    if (one.scanned === 'same') keep(one, id);
    else make(one, id, one.scanned as Buffer, one.mode);
  }

  function decideLink(one: Wanted, id: string, bytes: Buffer): void {
    if (staysInside(tree.root, one.path, bytes.toString('latin1'))) keep(one, id);
    else withhold(one, id, 'link');
  }

  function keep(one: Wanted, id: string): void {
    one.decided = true;
    const { path, mode } = one;
    kept.add(id);
    answers.set(keyOf(path, mode, id), { mode, id });
  }

  function withhold(one: Wanted, id: string, why: WithheldWhy | 'link'): void {
    one.decided = true;
    if (why === 'link' || hasStub(why)) make(one, id, stubOf(why, one.path), '100644');
  }

  function make(one: Wanted, id: string, bytes: Buffer, newMode: string): void {
    one.decided = true;
    const { path, mode } = one;
    const newId = blobId(bytes, format);
    made.set(newId, bytes);
    answers.set(keyOf(path, mode, id), { mode: newMode, id: newId });
  }
}

type Act = (one: Wanted, id: string, bytes: Buffer) => void;

const keyOf = (path: string, mode: string, id: string): string => `${mode} ${id} ${path}`;
