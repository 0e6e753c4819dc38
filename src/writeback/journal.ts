// What is under way, so that the next start can tidy up after a crash: the paths of the current turn, nothing else. No
// content, no hashes. The file is gone when a session ended well.
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
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
  const fd = openSync(file, 'w', 0o600);
  const say = (paths: readonly string[]) => {
    const bytes = Buffer.from(`${JSON.stringify({ root, pid: process.pid, paths } satisfies UnderWay)}\n`);
    writeSync(fd, bytes, 0, bytes.length, 0);
    ftruncateSync(fd, bytes.length);
    if (fsync) fsyncSync(fd);
  };
  say([]);
  return {
    begin: say,
    end: () => say([]),
    remove() {
      closeSync(fd);
      rmSync(file, { force: true });
    },
  };
}
