// What is under way, so that the next start can tidy up after a crash: the paths of the current turn, nothing else. No
// content, no hashes. The file is gone when a session ended well.
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Journal {
  begin(paths: readonly string[]): void;
  end(): void;
  /** The session ended well. */
  remove(): void;
}

export const JOURNAL_FILE = 'under-way.json';

/** What a journal says. */
export interface UnderWay {
  root: string;
  pid: number;
  /** When that process started, in clock ticks since boot: a pid is used again. */
  started: string;
  /** Latin-1 text of raw bytes, as the snapshot's keys; empty between turns. */
  paths: readonly string[];
}

/**
 * @param folder private folder of the session's state
 * @param fsync also survive a power loss
 */
export function openJournal(folder: string, root: string, fsync: boolean): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, JOURNAL_FILE);
  const fd = openSync(`${file}.new`, 'w', 0o600);
  const self = { root, pid: process.pid, started: startOf(process.pid) ?? '' };
  const say = (paths: readonly string[]) => {
    const bytes = Buffer.from(`${JSON.stringify({ ...self, paths } satisfies UnderWay)}\n`);
    writeSync(fd, bytes, 0, bytes.length, 0);
    ftruncateSync(fd, bytes.length);
    if (fsync) fsyncSync(fd);
  };
  say([]);
  // Whoever finds a journal finds it whole.
  renameSync(`${file}.new`, file);
  return {
    begin: say,
    end: () => say([]),
    remove() {
      closeSync(fd);
      rmSync(file, { force: true });
    },
  };
}

/** Reads a journal; undefined when there is none, or it was cut off. */
export function readJournal(folder: string): UnderWay | undefined {
  try {
    const said = JSON.parse(readFileSync(join(folder, JOURNAL_FILE), 'utf8').split('\n')[0] ?? '') as UnderWay;
    return typeof said.root === 'string' && Array.isArray(said.paths) ? said : undefined;
  } catch {
    return undefined; // no journal: the session ended well, or never began to write
  }
}

/** Whether the process that keeps a journal still runs. */
export function isAlive({ pid, started }: UnderWay): boolean {
  return startOf(pid) === started;
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)); undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
