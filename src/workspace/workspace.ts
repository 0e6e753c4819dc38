import type { GitReport, RebuiltGit } from './git/rebuild.ts';

/**
 * Why a path is not in the copy as it is: a path rule (`hide`, `ask`), a pipe, socket or device (`special`), another name of a
 * hidden file (`hard-link`), a mount point (`other-device`), no right to read it or never the same twice (`unreadable`), or
 * content that cannot be checked (`too-large`, `unscanned`) or is a binary file in which a secret was found (`binary`).
 */
export type WithheldWhy =
  | 'hide'
  | 'ask'
  | 'special'
  | 'hard-link'
  | 'other-device'
  | 'unreadable'
  | 'too-large'
  | 'unscanned'
  | 'binary';

/** What stands at a path in the real tree and in the copy, when they were last the same. */
export type SnapshotEntry =
  | { kind: 'folder'; mode: number }
  | { kind: 'link'; target: string /** the link points out of the tree, the copy holds a stub */; stub: boolean }
  | {
      kind: 'file';
      mode: number;
      /** SHA-256 (hex) of the real file's bytes and of the copy's; equal where nothing was redacted. */
      real: string;
      copy: string;
      /** Identity of the real file when read: size in bytes, mtime and ctime in ns, inode. */
      size: number;
      mtimeNs: bigint;
      ctimeNs: bigint;
      ino: bigint;
      /** Placeholders that stand in the copy, in order. */
      placeholders: readonly string[];
    }
  /** Kept out of the copy: hidden, asked for (the copy holds a stub), or not copyable. */
  | {
      kind: 'withheld';
      why: WithheldWhy;
      folder: boolean;
      /** The copy holds a short text at this path that says why; nothing stands there when false. */
      stub: boolean;
      pattern: string;
      source: string;
    };

/** Path relative to the project root (`/`-separated, Latin-1 text of the raw bytes) to what stands there. */
export type Snapshot = Map<string, SnapshotEntry>;

export interface WorkspaceReport {
  files: number;
  bytes: number;
  hidden: readonly { path: string; pattern: string; source: string }[];
  asked: readonly { path: string; pattern: string; source: string; rule: string }[];
  /** Findings by rule id. */
  redacted: Readonly<Record<string, number>>;
  redactedFiles: readonly string[];
  skipped: readonly { path: string; why: string }[];
  overlays: readonly string[];
  git: GitReport;
}

/** What a refresh did: nothing to do, brought in, or left alone because the copy was edited inside. */
export type Refreshed = 'same' | 'updated' | 'edited';

/** Names of files on their way into the copy or the real tree begin so; no watcher takes them for a change. */
export const TEMP_PREFIX = '.sotto-tmp-';

/** What is known of a withheld file before the person decides on it. */
export interface Considered {
  bytes: number;
  /** SHA-256 (hex) of the real content. */
  content: string;
  /** What would be let in; absent for what is no text or cannot be redacted. */
  text?: { /** By rule id. */ findings: Readonly<Record<string, number>>; redacted: Uint8Array };
}

/** The redacted working copy of a session. */
export interface Workspace {
  /** Real path of the project. */
  readonly root: string;
  /** Path of the copy as the wrapper reaches it (through the sandbox's mount namespace, or a private folder on disk). */
  readonly path: string;
  readonly snapshot: Snapshot;
  readonly report: WorkspaceReport;
  /** How the repository inside belongs to the real one; undefined when there is none inside. */
  readonly git?: RebuiltGit;
  /**
   * Brings one real path in again (created, changed or removed outside), redacted; keeps the snapshot true: the entry is set
   * before the new content is swapped in, so a watcher that looks at the copy afterwards sees no difference.
   * Never overwrites what was edited inside since: then it does nothing and says `edited`.
   * @param relativePath Latin-1 text of the raw bytes, as the snapshot's keys
   */
  refresh(relativePath: string): Promise<Refreshed>;
  /** What `refresh` would bring in for a real file, without touching copy or snapshot; for merges. Undefined when withheld or not a file. */
  preview(relativePath: string): Promise<Uint8Array | undefined>;
  /** What `admit` would let in, for the question whether to; its secrets are known to the vault from then on. */
  consider(relativePath: string): Considered | undefined;
  /** The person allowed a path under *ask*: its content comes in, scanned and redacted. */
  admit(relativePath: string): Promise<Refreshed>;
  /** The permission ends: the stub stands there again, under a new number. */
  withdraw(relativePath: string): Promise<Refreshed>;
  /** The path under *ask* whose stub has this number, see `STUB_SENTENCE`. */
  withheldAs(number: string): string | undefined;
  dispose(): Promise<void>;
}
