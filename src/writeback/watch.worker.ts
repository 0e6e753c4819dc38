// Watches both trees in a thread of its own, so that the kernel's queue is emptied even while the wrapper is busy. Rules:
// 1. One fs.watch per folder: recursive watching loses events (5,455 of 10,000 in a burst), and so do the watchers on npm.
// 2. A folder that appears is watched first and then listed, so that nothing made in between is missed.
// 3. A path is told when it has been quiet for a moment, so that files are seen whole; but not later than the cap.
// 4. Names that came or went are told together: whoever is told of one half of a move is told of the other.
// 5. A full queue is silent. After a burst that could have filled it the thread says so, and the tree is walked.
import { type Dirent, type FSWatcher, lstatSync, readdirSync, readFileSync, watch } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Side } from './observed.ts';
import { isExcluded } from './scope.ts';
import type { FromWatcher, ToWatcher, WatchInput } from './watcher.ts';

const { bases, scope, skip, quietMs, capMs, queue } = workerData as WatchInput;
const port = parentPort!;
const QUEUE = queue ?? queueLength();

interface Pending {
  first: number;
  last: number;
  /** A name came or went, and not only content. */
  named: boolean;
}

interface Folder {
  watcher: FSWatcher;
  ino: number;
}

const pending: Record<Side, Map<string, Pending>> = { inside: new Map(), outside: new Map() };
const folders: Record<Side, Map<string, Folder>> = { inside: new Map(), outside: new Map() };
let ticking = false;
let burst = 0;
let blind = false;

for (const side of ['inside', 'outside'] as const) watchTree(side, '', false);
say({ say: 'ready', folders: folders.inside.size + folders.outside.size });
port.on('message', (message: ToWatcher) => {
  if (message.say === 'stop') process.exit(0);
  // Two turns of the loop: what the kernel has queued by now is read before the answer.
  setTimeout(() => setImmediate(() => answer(message.id)), 2);
});

function answer(id: number): void {
  tell(true);
  say({ say: 'flushed', id });
}

function say(message: FromWatcher): void {
  port.postMessage(message);
}

function placeOf(side: Side, path: string): Buffer {
  return Buffer.from(path === '' ? bases[side] : `${bases[side]}/${path}`, 'latin1');
}

/** Watches a folder and all below it; `news` tells of everything found there. */
function watchTree(side: Side, path: string, news: boolean): void {
  if (!watchFolder(side, path)) return;
  for (const item of itemsOf(side, path)) {
    const child = path === '' ? item.name : `${path}/${item.name}`;
    if (isExcluded(scope, child, item.isFolder) || (side === 'outside' && skip.includes(child))) continue;
    if (news) touch(side, child, true);
    if (item.isFolder) watchTree(side, child, news);
  }
}

function watchFolder(side: Side, path: string): boolean {
  try {
    const place = placeOf(side, path);
    // The top is reached through a descriptor, which looks like a link.
    const { ino } = path === '' ? { ino: 0 } : folderAt(place);
    const watcher = watch(place, { encoding: 'buffer', persistent: true }, (event, name) => {
      if (name !== null) changed(side, path, event, name.toString('latin1'));
    });
    watcher.on('error', () => unwatch(side, path));
    folders[side].set(path, { watcher, ino });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE') noteBlind(code);
    return code !== 'ENOENT' && code !== 'ENOTDIR'; // list it all the same
  }
}

function folderAt(place: Buffer): { ino: number } {
  const stats = lstatSync(place);
  if (!stats.isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  return stats;
}

function noteBlind(code: string): void {
  if (blind) return;
  blind = true;
  say({ say: 'blind', code });
}

function itemsOf(side: Side, path: string): { name: string; isFolder: boolean }[] {
  try {
    const found = readdirSync(placeOf(side, path), {
      withFileTypes: true,
      encoding: 'buffer',
    }) as unknown as Dirent<Buffer>[];
    return found.map((one) => ({ name: one.name.toString('latin1'), isFolder: one.isDirectory() }));
  } catch {
    return []; // gone again, or unreadable: then there is nothing to watch
  }
}

function changed(side: Side, folder: string, event: string, name: string): void {
  if (++burst === 1) setImmediate(endBurst);
  const path = folder === '' ? name : `${folder}/${name}`;
  if (isExcluded(scope, path, false)) return;
  touch(side, path, event === 'rename');
  if (event !== 'rename') return;
  if (isOwnEnd(folder, name)) {
    unwatch(side, folder);
    lookForFolder(side, folder);
  }
  lookForFolder(side, path);
}

/**
 * The kernel tells of a folder's own end under its own name. Another one may stand there already, even with the same inode
 * number, so it is watched and listed afresh. A child that has its folder's name costs a look too many.
 */
function isOwnEnd(folder: string, name: string): boolean {
  return folder !== '' && name === folder.slice(folder.lastIndexOf('/') + 1);
}

/** More events in one turn of the loop than half the kernel's queue: some may be lost. */
function endBurst(): void {
  if (burst > QUEUE / 2) say({ say: 'suspect' });
  burst = 0;
}

function lookForFolder(side: Side, path: string): void {
  const known = folders[side].get(path);
  const now = lookAt(side, path);
  if (now === undefined || !now.isFolder) {
    if (known !== undefined) unwatch(side, path);
    return;
  }
  if (known?.ino === now.ino) return;
  if (known !== undefined) unwatch(side, path);
  if (!isExcluded(scope, path, true)) watchTree(side, path, true);
}

function lookAt(side: Side, path: string): { ino: number; isFolder: boolean } | undefined {
  try {
    const stats = lstatSync(placeOf(side, path), { throwIfNoEntry: false });
    return stats && { ino: stats.ino, isFolder: stats.isDirectory() };
  } catch {
    return undefined; // gone
  }
}

function unwatch(side: Side, path: string): void {
  for (const [folder, { watcher }] of folders[side]) {
    if (folder !== path && !folder.startsWith(`${path}/`)) continue;
    watcher.close();
    folders[side].delete(folder);
  }
}

function touch(side: Side, path: string, named: boolean): void {
  const now = Date.now();
  const known = pending[side].get(path);
  if (known === undefined) pending[side].set(path, { first: now, last: now, named });
  else Object.assign(known, { last: now, named: known.named || named });
  if (!ticking) setTimeout(tick, quietMs);
  ticking = true;
}

function tick(): void {
  tell(false);
  ticking = pending.inside.size + pending.outside.size > 0;
  if (ticking) setTimeout(tick, Math.max(2, quietMs / 2));
}

/** Tells the paths that are quiet, or all of them. */
function tell(all: boolean): void {
  const now = Date.now();
  const paths = new Set<string>();
  for (const side of ['inside', 'outside'] as const) {
    for (const path of all ? [...pending[side].keys()] : due(side, now)) {
      paths.add(path);
      pending[side].delete(path);
    }
  }
  if (paths.size > 0) say({ say: 'paths', paths: [...paths] });
}

/** What is quiet, or has waited long enough; names all at once, when all are quiet or one has waited long enough. */
function due(side: Side, now: number): string[] {
  const all = [...pending[side]];
  const isLong = ({ first }: Pending) => now - first >= capMs;
  const isDue = (one: Pending) => now - one.last >= quietMs || isLong(one);
  const names = all.filter(([, one]) => one.named);
  const areNamesDue = names.some(([, one]) => isLong(one)) || names.every(([, one]) => isDue(one));
  return all.filter(([, one]) => (one.named ? areNamesDue : isDue(one))).map(([path]) => path);
}

function queueLength(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
  } catch {
    return 16_384;
  }
}
