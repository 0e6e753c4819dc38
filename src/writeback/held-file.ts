// Guarded changes that outlive their session, in `held.json` of the session's state folder. It holds no secret: the content has
// its placeholders, and the key behind them is gone. What it has besides is where each placeholder's secret stood in the real
// file, so that they can be taken from there again as long as that file has not changed.
import { hash } from 'node:crypto';
import { readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restoreFile } from './apply.ts';
import type { Ground } from './ground.ts';
import type { HeldChange } from './held.ts';
import { look } from './look.ts';

/** What stood at the path in the real tree when the change was held. */
export type HeldBase =
  | { kind: 'absent' }
  | { kind: 'file'; hash: string }
  | { kind: 'link'; target: string }
  | { kind: 'other' };

/** Where the secret behind a placeholder stands in the real file: bytes. */
export interface HeldSecret {
  placeholder: string;
  start: number;
  end: number;
}

export interface StoredChange extends HeldChange {
  base: HeldBase;
  /** Permission bits, for a file or a mode. */
  mode?: number;
  /** Target of a link. */
  target?: string;
  /** A file's content with placeholders, base64. */
  content?: string;
  secrets?: HeldSecret[];
}

export interface HeldFile {
  version: 1;
  root: string;
  changes: StoredChange[];
}

export const HELD_FILE = 'held.json';

/** Writes what waits for a yes; no file when nothing does. */
export function saveHeld(ground: Ground, folder: string): void {
  const changes = ground.held.list().flatMap((change) => stored(ground, change) ?? []);
  if (changes.length > 0) writeHeld(folder, { version: 1, root: ground.workspace.root, changes });
  else rmSync(join(folder, HELD_FILE), { force: true });
}

/** @param file with no changes left, the file and its folder go */
export function writeHeld(folder: string, file: HeldFile): void {
  const path = join(folder, HELD_FILE);
  if (file.changes.length > 0) {
    writeFileSync(`${path}.new`, `${JSON.stringify(file)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return;
  }
  rmSync(path, { force: true });
  removeIfEmpty(folder);
}

/** Reads what waits for a yes; undefined when there is none, or it cannot be read as one. */
export function readHeld(folder: string): HeldFile | undefined {
  try {
    const file = JSON.parse(readFileSync(join(folder, HELD_FILE), 'utf8')) as HeldFile;
    return file.version === 1 && Array.isArray(file.changes) && typeof file.root === 'string' ? file : undefined;
  } catch {
    return undefined; // absent, or cut off by a crash: both mean that nothing can be applied
  }
}

/** The state folder of a session that left nothing. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something waits in it, or it is gone already.
  }
}

function stored(ground: Ground, change: HeldChange): StoredChange | undefined {
  const inside = look(ground, change.path, 'inside').state;
  const base = baseOf(ground, change.path);
  if (change.what === 'remove') return { ...change, base };
  if (inside.kind === 'link') return { ...change, base, target: inside.target };
  if (inside.kind !== 'file') return undefined;
  if (change.what === 'mode') return { ...change, base, mode: inside.mode };
  const bytes = ground.inside.read(change.path)?.bytes;
  if (bytes === undefined) return undefined;
  const secrets = secretsIn(ground, change.path, bytes);
  return { ...change, base, mode: inside.mode, content: bytes.toString('base64'), secrets };
}

function baseOf(ground: Ground, path: string): HeldBase {
  const { state } = look(ground, path, 'outside');
  if (state.kind === 'absent') return { kind: 'absent' };
  if (state.kind === 'file') return { kind: 'file', hash: state.hash };
  return state.kind === 'link' ? { kind: 'link', target: state.target } : { kind: 'other' };
}

/** Every placeholder that would be restored, with the place of its secret in the real file; `-1` when it is not there. */
function secretsIn(ground: Ground, path: string, bytes: Buffer): HeldSecret[] {
  const real = ground.outside.read(path)?.bytes ?? Buffer.alloc(0);
  const entry = ground.workspace.snapshot.get(path);
  const known = entry?.kind === 'file' ? entry.placeholders : [];
  const wanted = new Set([...known, ...restoreFile(ground, path, bytes).placeholders]);
  return [...wanted].map((placeholder) => {
    const secret = Buffer.from(ground.vault.lookup(placeholder)?.secret ?? '', 'latin1');
    const start = secret.length === 0 ? -1 : real.indexOf(secret);
    return { placeholder, start, end: start < 0 ? -1 : start + secret.length };
  });
}

/** SHA-256 (hex), as the snapshot has it. */
export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
