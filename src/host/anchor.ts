// A folder held open by descriptor, and file operations on paths beneath it. Rules:
// 1. No symbolic link is ever followed, not even in the middle of a path: each folder on the way is opened with
//    O_NOFOLLOW from the one above it (through /proc/self/fd, Node has no openat). A folder that was swapped for a link
//    makes the operation fail instead of landing somewhere else.
// 2. Paths are relative, `/`-separated, Latin-1 text of the raw bytes, so that any name survives.
// 3. An anchor outlives what it stands on: a tmpfs stays readable through it after the namespace that mounted it is gone.
// 4. All operations are synchronous: looking again and writing then stand side by side with nothing in between.
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { child, descend, descendTo, folderOfPath } from './held-folder.ts';
import { awaitFolder, keepOwner, names, readRegular, setMode, sync, syncFolder, writeAll } from './open-file.ts';

/** One step that touches the disk; the name of the system call, more or less. */
export type AnchorStep =
  | 'create'
  | 'write'
  | 'chmod'
  | 'chown'
  | 'fsync'
  | 'rename'
  | 'unlink'
  | 'rmdir'
  | 'mkdir'
  | 'symlink'
  | 'link';

export interface AnchorOptions {
  /** Called before each step that changes the disk; a test that throws here stops the writer at that very step. */
  beforeStep?: (step: AnchorStep, path: string) => void;
}

export interface NewFile {
  bytes: Uint8Array;
  mode: number;
  /** Kept where the right to do so is there. */
  owner?: { uid: number; gid: number };
  fsync: boolean;
}

/** A file whose bytes are written, but maybe not on the disk yet. */
export interface OpenFile {
  /** Waits for the disk, while others wait too. */
  sync(): Promise<void>;
  close(): void;
}

/** File operations beneath one folder; all throw Node's system errors. */
export interface Anchor {
  /** The folder through its descriptor, for watchers; good while the anchor is open. */
  readonly base: string;
  /** What stands at the path itself; undefined when nothing does, or when a folder on the way is missing, a file or a link. */
  look(path: string): BigIntStats | undefined;
  /** A regular file's bytes with what was seen at the open file before and after reading; undefined when it is not a regular file. */
  read(path: string): { bytes: Buffer; stats: BigIntStats } | undefined;
  /** Whether a folder stands there; costs nothing right after work in it. */
  isFolder(path: string): boolean;
  /** Names in a folder; undefined when it is not one. */
  list(path: string): string[] | undefined;
  linkTarget(path: string): string;
  /** Writes a file that must not exist yet. */
  create(path: string, file: NewFile): void;
  /** The same, and it stays open so that many of them can wait for the disk together. */
  createOpen(path: string, file: Omit<NewFile, 'fsync'>): OpenFile;
  rename(from: string, to: string): void;
  /** A second name for a file; fails where the name is taken. */
  link(from: string, to: string): void;
  symlink(target: string, path: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  mkdir(path: string, mode: number): void;
  chmod(path: string, mode: number): void;
  /** Makes renames in this folder last a power loss. */
  syncFolder(path: string): void;
  /** The same, while others wait for the disk too. */
  awaitFolder(path: string): Promise<void>;
  /** Lets go of folders remembered from the last operations; call between turns of the event loop. */
  forget(): void;
  close(): void;
}

/**
 * Opens a folder for work beneath it. Linux only: it needs /proc/self/fd.
 * @param folder absolute path; may itself lead through another process's root (`/proc/<pid>/root/...`)
 */
export function openAnchor(folder: string, options: AnchorOptions = {}): Anchor {
  const root = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  let last: { path: string; fd: number } | undefined;
  const before = options.beforeStep ?? (() => {});

  /** The folder's descriptor, opened link-free; the last one is kept, since work comes in runs on one folder. */
  function folderOf(path: string): number {
    if (path === '') return root;
    if (last?.path === path) return last.fd;
    const fd = descend(root, path.split('/'));
    forget();
    last = { path, fd };
    return fd;
  }

  function forget(): void {
    if (last !== undefined) closeSync(last.fd);
    last = undefined;
  }

  function at(path: string): Buffer {
    return child(folderOf(folderOfPath(path)), path.slice(path.lastIndexOf('/') + 1));
  }

  /** Only one folder is remembered, so the source of a move between two is opened apart. */
  function withBoth(from: string, to: string, act: (from: Buffer, to: Buffer) => void): void {
    if (folderOfPath(from) === folderOfPath(to)) {
      act(at(from), at(to));
      return;
    }
    const source = descendTo(root, from);
    try {
      act(source.place, at(to));
    } finally {
      source.close();
    }
  }

  function step<T>(name: AnchorStep, path: string, act: () => T): T {
    before(name, path);
    return act();
  }

  /** @returns its descriptor */
  function make(path: string, file: Omit<NewFile, 'fsync'>): number {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const fd = step('create', path, () => openSync(at(path), flags, 0o600));
    try {
      step('write', path, () => writeAll(fd, file.bytes));
      step('chown', path, () => keepOwner(fd, file.owner));
      step('chmod', path, () => fchmodSync(fd, file.mode));
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  function create(path: string, file: NewFile): void {
    const fd = make(path, file);
    try {
      if (file.fsync) step('fsync', path, () => fsyncSync(fd));
    } finally {
      closeSync(fd);
    }
  }

  function createOpen(path: string, file: Omit<NewFile, 'fsync'>): OpenFile {
    let fd: number | undefined = make(path, file);
    return {
      sync: async () => step('fsync', path, () => (fd === undefined ? undefined : sync(fd))),
      close: () => {
        if (fd !== undefined) closeSync(fd);
        fd = undefined;
      },
    };
  }

  return {
    base: `/proc/self/fd/${root}`,
    look: (path) => unlessMissing(() => (path === '' ? fstatSync(root, { bigint: true }) : lstat(at(path)))),
    read: (path) => unlessMissing(() => readRegular(at(path))),
    isFolder: (path) => unlessMissing(() => folderOf(path)) !== undefined,
    list: (path) => unlessMissing(() => names(folderOf(path))),
    linkTarget: (path) => readlinkSync(at(path), 'buffer').toString('latin1'),
    create,
    createOpen,
    rename: (from, to) => step('rename', to, () => withBoth(from, to, renameSync)),
    link: (from, to) => step('link', to, () => withBoth(from, to, linkSync)),
    symlink: (target, path) => step('symlink', path, () => symlinkSync(Buffer.from(target, 'latin1'), at(path))),
    unlink: (path) => step('unlink', path, () => unlinkSync(at(path))),
    rmdir: (path) => {
      if (last?.path === path) forget();
      step('rmdir', path, () => rmdirSync(at(path)));
    },
    mkdir: (path, mode) =>
      step('mkdir', path, () => {
        mkdirSync(at(path), 0o700);
        setMode(at(path), mode);
      }),
    chmod: (path, mode) => step('chmod', path, () => setMode(at(path), mode)),
    syncFolder: (path) => step('fsync', path, () => syncFolder(folderOf(path))),
    awaitFolder: async (path) => step('fsync', path, () => awaitFolder(folderOf(path))),
    forget,
    close: () => {
      forget();
      closeSync(root);
    },
  };
}

/** An exception for each of ten thousand removed files would cost more than the look itself. */
function lstat(place: Buffer): BigIntStats | undefined {
  return lstatSync(place, { bigint: true, throwIfNoEntry: false });
}

function unlessMissing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Nothing stands at the path: it, or a folder on the way to it, is absent, a file, or a link that we do not follow. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}
