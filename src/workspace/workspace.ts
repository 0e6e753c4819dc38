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
      why: 'hide' | 'ask' | 'special' | 'hard-link' | 'other-device' | 'unreadable';
      folder: boolean;
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
}

/** The redacted working copy of a session. */
export interface Workspace {
  /** Real path of the project. */
  readonly root: string;
  /** Path of the copy as the wrapper reaches it (through the sandbox's mount namespace, or a private folder on disk). */
  readonly path: string;
  readonly snapshot: Snapshot;
  readonly report: WorkspaceReport;
  /** Brings one real path in again (created, changed or removed outside), redacted; keeps the snapshot true. */
  refresh(relativePath: string): Promise<void>;
  dispose(): Promise<void>;
}
