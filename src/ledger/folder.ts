import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { headFile } from './head.ts';

/** Where sotto keeps what outlives a session: `$XDG_STATE_HOME/sotto`, else `~/.local/state/sotto` (XDG Base Directory 0.8). */
export function stateFolder(input: { env: Readonly<Record<string, string | undefined>>; home: string }): string {
  const given = input.env.XDG_STATE_HOME;
  // The specification has relative values ignored.
  return join(given?.startsWith('/') ? given : join(input.home, '.local', 'state'), 'sotto');
}

/** Where the ledgers are. */
export function ledgerFolder(input: Parameters<typeof stateFolder>[0]): string {
  return join(stateFolder(input), 'ledger');
}

/** Makes a folder that only its owner can look into; refuses one that is a link or belongs to somebody else. */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Refusal('ledger.write', { path, why: String((cause as NodeJS.ErrnoException).code) }, { cause });
  }
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) throw new Refusal('ledger.folder', { path });
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/** A session that was recorded. */
export interface RecordedSession {
  session: string;
  path: string;
  /** Time of the last line, by the file system. */
  changed: Date;
  bytes: number;
}

/** The sessions of a folder, newest first; none when the folder is not there. */
export function listSessions(folder: string): RecordedSession[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => {
      const path = join(folder, name);
      const stat = statSync(path);
      return { session: name.slice(0, -'.jsonl'.length), path, changed: stat.mtime, bytes: stat.size };
    })
    .sort((a, b) => b.changed.getTime() - a.changed.getTime() || (a.session < b.session ? 1 : -1));
}

/** Removes the sessions whose last line is older than a time; gives how many. */
export function pruneSessions(folder: string, before: Date): number {
  const old = listSessions(folder).filter((one) => one.changed < before);
  for (const { path } of old) {
    rmSync(path);
    rmSync(headFile(path), { force: true });
  }
  return old.length;
}
