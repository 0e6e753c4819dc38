// After a crash: finds sessions whose wrapper is dead, removes what they left half written in the real tree, and tells what was
// under way. A change either was swapped in whole or not at all; what was only in the copy went with it.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Anchor, openAnchor } from '../host/index.ts';
import { TEMP_PREFIX } from '../workspace/index.ts';
import { CONFLICTS } from './aside.ts';
import { readHeld, removeIfEmpty } from './held-file.ts';
import { isAlive, JOURNAL_FILE, readJournal, type UnderWay } from './journal.ts';
import { folderOf, prefixesOf, textOf } from './scope.ts';

/** What a session that died had under way. */
export interface Recovered {
  session: string;
  root: string;
  /** Paths whose last change may not have come back. */
  paths: string[];
  /** Half-written files that were removed. */
  removed: string[];
  /** Guarded changes of it that still wait for a yes. */
  held: number;
}

/**
 * Tidies up after sessions that died; call it before a new one starts.
 * @param sessions folder with one state folder a session
 */
export function recover(sessions: string): Recovered[] {
  return namesIn(sessions).flatMap((session) => {
    const folder = join(sessions, session);
    const said = readJournal(folder);
    if (said === undefined || isAlive(said)) return [];
    const removed = removeTemps(said);
    rmSync(join(folder, JOURNAL_FILE), { force: true });
    const held = readHeld(folder)?.changes.length ?? 0;
    removeIfEmpty(folder);
    return { session, root: said.root, paths: said.paths.map(textOf), removed, held };
  });
}

function removeTemps({ root, paths }: UnderWay): string[] {
  let anchor: Anchor;
  try {
    anchor = openAnchor(root);
  } catch {
    return []; // the project is gone
  }
  try {
    const folders = new Set(['', '.sotto', ...paths.flatMap(foldersOf)]);
    return [...folders].flatMap((folder) => removeTempsIn(anchor, folder)).map(textOf);
  } finally {
    anchor.close();
  }
}

/** Where a change of this path may have been half way: beside it, and beside where its conflict is laid. */
function foldersOf(path: string): string[] {
  const folder = folderOf(path);
  const conflicts = folder === '' ? CONFLICTS : `${CONFLICTS}/${folder}`;
  return [...(folder === '' ? [] : prefixesOf(folder)), ...prefixesOf(conflicts)];
}

function removeTempsIn(anchor: Anchor, folder: string): string[] {
  const names = (anchor.list(folder) ?? []).filter((name) => name.startsWith(TEMP_PREFIX));
  return names.map((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    anchor.unlink(path);
    return path;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no session has ever run
  }
}
