// The marks of a project, kept in a file of the user's own between sessions. Rules:
// 1. The file is sealed with a key that follows from the user's own key, the program, the rules and the policy on scanning: after
//    any change of these it counts as empty. So does one that is damaged, readable by others or owned by somebody else.
// 2. A file that cannot be read or written costs a scan, never a session.
// 3. What was not met in a session is forgotten at its end, and a project that had none for a month altogether.
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { packageVersion, readEnvironment, workerFile } from '../../host/index.ts';
import type { PreparedScanner } from '../../scan/index.ts';
import { buildSlots, type CleanTable, WORDS } from './table.ts';

export interface CleanStore {
  readonly table: CleanTable;
  /** Keeps what was met and what was learnt. */
  save(learnt: readonly Int32Array[]): void;
}

export interface StoreInput {
  /** Private folder of the user's own; made when it is missing. */
  folder: string;
  /** Raw real path of the project. */
  root: string;
  prepared: PreparedScanner;
  /** ISO date of today, by which exceptions to rules expire. */
  today: string;
}

const SEAL = 32;
const LARGEST = 64 << 20;
const MONTH_MS = 30 * 24 * 3_600_000;

/** Opens what is kept for a project; undefined where nothing can be kept safely. */
export function openCleanStore({ folder, root, prepared, today }: StoreInput): CleanStore | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const own = readKey(folder);
    if (own === undefined) return undefined;
    const key = derive(own, contextOf(prepared, today));
    const file = join(folder, derive(own, `project ${root}`).toString('hex').slice(0, 32));
    const slots = readSlots(file, key) ?? buildSlots([]);
    const table = { key, slots, met: new SharedArrayBuffer(slots.byteLength / (WORDS * 4)) };
    return { table, save: (learnt) => save(folder, file, table, learnt) };
  } catch {
    return undefined; // no right to the folder, no build: everything is scanned
  }
}

const derive = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text, 'latin1').digest();

/** All that the outcome of a scan hangs on, besides path and content. */
function contextOf(prepared: PreparedScanner, today: string): string {
  const live = prepared.options.allow.map(({ expires }) => expires === undefined || expires.slice(0, 10) >= today);
  const program = hash('sha256', readFileSync(workerFile('copy')));
  return JSON.stringify([1, program, packageVersion(), process.version, prepared.hash, live]);
}

/** The user's key; made where there is none, and not used where it is not theirs alone. */
function readKey(folder: string): Buffer | undefined {
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || !isPrivate(stat)) return undefined;
  const file = join(folder, 'key');
  try {
    writeFileSync(file, randomBytes(SEAL), { flag: 'wx', mode: 0o600 });
  } catch {
    // there is one
  }
  const key = readPrivate(file, SEAL);
  return key?.length === SEAL ? key : undefined;
}

function readSlots(file: string, key: Uint8Array): SharedArrayBuffer | undefined {
  const bytes = readPrivate(file, LARGEST);
  if (bytes === undefined || bytes.length <= SEAL) return undefined;
  const body = bytes.subarray(SEAL);
  if (!timingSafeEqual(bytes.subarray(0, SEAL), sealOf(key, body))) return undefined;
  const slots = new SharedArrayBuffer(body.length);
  new Uint8Array(slots).set(body);
  return slots;
}

const sealOf = (key: Uint8Array, body: Uint8Array): Buffer => createHmac('sha256', key).update(body).digest();

function readPrivate(file: string, limit: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined; // none yet
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && isPrivate(stat) && stat.size <= limit ? readFileSync(fd) : undefined;
  } finally {
    closeSync(fd);
  }
}

const isPrivate = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  uid === readEnvironment().uid && (mode & 0o077) === 0;

function save(folder: string, file: string, { key, slots, met }: CleanTable, learnt: readonly Int32Array[]): void {
  try {
    const { known, marks } = metMarks(new Int32Array(slots), new Uint8Array(met));
    const isNews = learnt.some(({ length }) => length > 0);
    if (!isNews && marks.length > known * 0.75) utimesSync(file, new Date(), new Date());
    else replace(file, key, new Uint8Array(buildSlots([marks, ...learnt])));
    forgetOld(folder);
  } catch {
    // a full disk, a folder that went away: the next session scans
  }
}

/** Words of all marks that are known, and the marks that were met. */
function metMarks(table: Int32Array, met: Uint8Array): { known: number; marks: Int32Array } {
  const marks = new Int32Array(table.length);
  let known = 0;
  let length = 0;
  for (let at = 0; at < table.length; at += WORDS) {
    if (table[at + WORDS - 1] === 0) continue;
    known += WORDS;
    if (met[at / WORDS] !== 1) continue;
    marks.set(table.subarray(at, at + WORDS), length);
    length += WORDS;
  }
  return { known, marks: marks.subarray(0, length) };
}

function replace(file: string, key: Uint8Array, body: Uint8Array): void {
  const temporary = `${file}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, Buffer.concat([sealOf(key, body), body]), { flag: 'wx', mode: 0o600 });
  renameSync(temporary, file);
}

function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (name !== 'key' && stat !== undefined && Date.now() - stat.mtimeMs > MONTH_MS) rmSync(file, { force: true });
  }
}
