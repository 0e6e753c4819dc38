// One file, one pass: read, scan, redact, write. Runs in the worker threads, and in the main thread for a refresh.
// Whatever cannot be checked is withheld; nothing is ever copied unscanned unless a path rule trusts it.
import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { Policy } from '../policy/index.ts';
import { redactSettled } from '../redact/index.ts';
import type { ContentKind } from '../scan/index.ts';
import { copyLarge } from './copy-large.ts';
import { blobId, type ObjectFormat } from './git/objects.ts';
import { type Lookers, look } from './look.ts';
import { join } from './raw-path.ts';
import { readStable } from './read.ts';
import { hasStub, stubOf } from './stub.ts';
import type { SnapshotEntry, WithheldWhy } from './workspace.ts';
import { writeNew } from './write.ts';

export interface CopyJob {
  /** Raw path relative to the root. */
  path: string;
  /** A path rule trusts this file: it is copied unscanned. */
  trust: boolean;
  /** Where in the copy it goes, when not to its own path. */
  to?: string;
}

export interface CopyContext extends Lookers {
  /** Raw paths. */
  root: string;
  target: string;
  device: bigint;
  binaries: Policy['scan']['binaries'];
  /** Set where the ids that git has for clean files are wanted. */
  gitFormat?: ObjectFormat;
  /** Whether a file whose content would have to be scanned is left to another thread. */
  isForOthers?(path: string, real: string): boolean;
  /** The placeholder of a secret (Latin-1 text of its bytes). */
  place(rule: string, secret: string): string;
}

/** A secret that was replaced, in order; `secret` is Latin-1 text of its bytes. */
export interface Placed {
  rule: string;
  secret: string;
  placeholder: string;
}

export type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

export type Copied =
  | { path: string; entry: FileEntry; placed: readonly Placed[]; links: number; blob?: string }
  | Withheld
  | Undone;

/** Nothing was written: the file is gone, or left to another thread. */
export interface Undone {
  path: string;
  undone: 'gone' | 'left';
}

export interface Withheld {
  path: string;
  why: WithheldWhy;
  pattern: string;
  /** Rule id of the finding that decided, or ''. */
  rule: string;
}

/** What a real file becomes in the copy. */
export interface Redacted {
  bytes: Uint8Array;
  stat: BigIntStats;
  real: string;
  placed: readonly Placed[];
  /** The id that git has for these bytes, where they were scanned and nothing was found. */
  blob?: string;
}

/** Copies one file, redacted; throws only when the copy cannot be written. */
export function copyFile(job: CopyJob, context: CopyContext): Copied {
  const outcome = redactFile(job, context);
  const destination = join(context.target, job.to ?? job.path);
  if ('undone' in outcome) return outcome;
  if ('why' in outcome) {
    if (outcome.why === 'too-large' && job.trust) return copyLarge(job, context);
    if (hasStub(outcome.why)) writeStub(destination, outcome.why, job.path);
    return outcome;
  }
  writeNew(destination, outcome.bytes, timesOf(outcome.stat));
  return {
    path: job.path,
    entry: entryOf(outcome),
    placed: outcome.placed,
    links: Number(outcome.stat.nlink),
    ...(outcome.blob === undefined ? {} : { blob: outcome.blob }),
  };
}

/** Reads, scans and redacts one file without writing anything. `bytes` is valid until the next call. */
export function redactFile(job: CopyJob, context: CopyContext): Redacted | Withheld | Undone {
  const read = readStable(join(context.root, job.path), context.device);
  if ('gone' in read) return { path: job.path, undone: 'gone' };
  if ('why' in read) return { path: job.path, why: read.why, pattern: '', rule: '' };
  const { bytes, stat } = read;
  const real = hash('sha256', bytes);
  if (!job.trust && context.isForOthers?.(job.path, real)) return { path: job.path, undone: 'left' };
  const outcome = job.trust ? { bytes, placed: [] } : redactContent(job.path, bytes, context, real);
  if ('why' in outcome) return outcome;
  const { gitFormat } = context;
  const blob = gitFormat !== undefined && outcome.placed.length === 0 ? { blob: blobId(bytes, gitFormat) } : {};
  return { ...outcome, ...blob, stat, real };
}

/** Scans and redacts the content of one file; what cannot be checked is withheld. `identity` as in {@link look}. */
export function redactContent(
  path: string,
  bytes: Uint8Array,
  context: CopyContext,
  identity?: string,
): { bytes: Uint8Array; placed: readonly Placed[] } | Withheld {
  const placed: Placed[] = [];
  const place = (rule: string, secret: string) => {
    const placeholder = context.place(rule, secret);
    placed.push({ rule, secret, placeholder });
    return placeholder;
  };
  try {
    const { kind, findings } = look(bytes, path, context, identity);
    if (kind !== 'text') {
      const verdict = binaryVerdict(kind, findings[0]?.rule, context.binaries);
      return verdict === undefined ? { bytes, placed } : { path, ...verdict };
    }
    if (findings.length === 0) return { bytes, placed };
    const settled = { ...context, approved: context.scanner.approves(bytes) };
    const again = (now: Uint8Array) => (now === bytes ? findings : look(now, path, settled).findings);
    return { bytes: redactSettled(bytes, again, place), placed };
  } catch {
    // a scanner that gives up (a bound of its own, a bug) leaves the file unscanned, and so outside; the message could quote it
    return { path, why: 'unscanned', pattern: '', rule: '' };
  }
}

const KEYS = {
  image: 'images',
  archive: 'archives',
  database: 'databases',
  keystore: 'keystores',
  dump: 'dumps',
  other: 'other',
} as const;

/**
 * Replacing bytes inside a binary file breaks it, so one that holds a secret is withheld whole; under `trust` it passes.
 * @returns undefined when the file may be copied as it is
 */
export function binaryVerdict(
  kind: Exclude<ContentKind, 'text'>,
  rule: string | undefined,
  binaries: Policy['scan']['binaries'],
): { why: WithheldWhy; pattern: string; rule: string } | undefined {
  const key = KEYS[kind];
  const pattern = `scan.binaries.${key}`;
  if (binaries[key] === 'hide' || binaries[key] === 'ask') return { why: binaries[key], pattern, rule: rule ?? '' };
  if (binaries[key] === 'trust' || rule === undefined) return undefined;
  return { why: 'binary', pattern, rule };
}

/** Writes the text that stands for a withheld file. */
export function writeStub(destination: string, why: WithheldWhy | 'link', path: string, turn = 0): void {
  writeNew(destination, stubOf(why, path, turn), { mode: 0o444, atimeNs: 0n, mtimeNs: 0n });
}

/** What the snapshot keeps of a copied file. */
export function entryOf({ bytes, stat, real, placed }: Redacted): FileEntry {
  return {
    kind: 'file',
    mode: Number(stat.mode) & 0o777,
    real,
    copy: placed.length === 0 ? real : hash('sha256', bytes),
    size: Number(stat.size),
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
    ino: stat.ino,
    placeholders: placed.map((one) => one.placeholder),
  };
}

/** Mode and times of the copy. */
export function timesOf(stat: BigIntStats) {
  return { mode: Number(stat.mode) & 0o777, atimeNs: stat.atimeNs, mtimeNs: stat.mtimeNs };
}
