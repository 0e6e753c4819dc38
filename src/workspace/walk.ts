// The walk over the real tree. It decides by path alone, makes folders and links in the copy, and hands files to the pool;
// it opens no file. Types come from the folder listing, so that only folders cost a stat.
import { type BigIntStats, type Dirent, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { PathRules, PathVerdict } from '../policy/index.ts';
import { type CopyJob, writeStub } from './copy.ts';
import { staysInside } from './links.ts';
import { fsPath, join } from './raw-path.ts';
import { hasStub } from './stub.ts';
import type { SnapshotEntry, WithheldWhy } from './workspace.ts';

export interface WalkInput {
  /** Raw real path of the project and of the copy. */
  root: string;
  target: string;
  device: bigint;
  rules: PathRules;
  /** Raw relative paths of mount points. */
  mounts: ReadonlySet<string>;
  /** Folders laid in as overlays: an empty folder stands for them in the copy. */
  overlays: ReadonlySet<string>;
}

export interface WalkOutput {
  file(job: CopyJob): void;
  entry(path: string, entry: SnapshotEntry): void;
  /** A folder that was made; its mode and times are set when everything is in it. */
  made(path: string, stat: BigIntStats): void;
}

/** Between two breaths the walk reads this many folders, so that results of the threads are taken in meanwhile. */
const BREATH = 40;

/** Walks the whole tree below the root; the copy's top folder must exist and be empty. */
export async function walk(input: WalkInput, output: WalkOutput): Promise<void> {
  const open = [''];
  for (let count = 1; open.length > 0; count++) {
    visitFolder(open.pop() as string, input, output, open);
    if (count % BREATH === 0) await setImmediate();
  }
}

function visitFolder(folder: string, input: WalkInput, output: WalkOutput, open: string[]): void {
  const children = list(join(input.root, folder));
  if (children === undefined) return withhold(folder, 'unreadable', undefined, true, input, output);
  for (const child of children) {
    const path = join(folder, child.name);
    if (path !== '.git') visit(path, child, input, output, open);
  }
}

function list(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(fsPath(folder), { withFileTypes: true, encoding: 'latin1' });
  } catch {
    return undefined; // no right to read it, or gone meanwhile
  }
}

/** Visits one path: the walk's own step, and that of a refresh. Folders to go on with are added to `open`. */
export function visit(path: string, child: Dirent, input: WalkInput, output: WalkOutput, open: string[]): void {
  const folder = child.isDirectory();
  const verdict = input.rules.decide(path, folder);
  if (verdict.decision === 'hide') return withhold(path, 'hide', verdict, folder, input, output);
  if (input.mounts.has(path) && !input.overlays.has(path)) {
    return withhold(path, 'other-device', undefined, folder, input, output);
  }
  if (folder) return enter(path, input, output, open);
  if (verdict.decision === 'ask') return withhold(path, 'ask', verdict, false, input, output);
  if (child.isSymbolicLink()) return link(path, input, output);
  if (!child.isFile()) return withhold(path, 'special', undefined, false, input, output);
  output.file({ path, trust: verdict.decision === 'trust' });
}

function enter(path: string, input: WalkInput, output: WalkOutput, open: string[]): void {
  const stat = lstatSync(fsPath(join(input.root, path)), { bigint: true, throwIfNoEntry: false });
  if (!stat?.isDirectory()) return; // gone or replaced meanwhile: a refresh brings in what stands there now
  const overlay = input.overlays.has(path);
  if (stat.dev !== input.device && !overlay) return withhold(path, 'other-device', undefined, true, input, output);
  mkdirSync(fsPath(join(input.target, path)), { mode: 0o700 });
  output.made(path, stat);
  output.entry(path, { kind: 'folder', mode: Number(stat.mode) & 0o777 });
  if (!overlay) open.push(path);
}

function link(path: string, input: WalkInput, output: WalkOutput): void {
  const target = readlinkSync(fsPath(join(input.root, path)), 'latin1');
  const stub = !staysInside(input.root, path, target);
  const destination = join(input.target, path);
  if (stub) writeStub(destination, 'link');
  else symlinkSync(fsPath(target), fsPath(destination));
  output.entry(path, { kind: 'link', target, stub });
}

function withhold(
  path: string,
  why: WithheldWhy,
  verdict: PathVerdict | undefined,
  folder: boolean,
  input: WalkInput,
  output: WalkOutput,
): void {
  const stub = !folder && hasStub(why);
  if (stub) writeStub(join(input.target, path), why);
  output.entry(path, {
    kind: 'withheld',
    why,
    folder,
    stub,
    pattern: verdict?.pattern ?? '',
    source: verdict?.source ?? '',
  });
}
