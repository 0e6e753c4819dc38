// Real content that went with a secret in it. The halves of a move may be told apart: the secret's line went here a moment ago,
// and only now its placeholder, whole or broken, is found there. Kept in memory only, like the vault.
import { lay } from './aside.ts';
import { attempt, attemptLook } from './attempt.ts';
import { carriedTo, strayIn } from './carried.ts';
import type { FileEntry } from './entry.ts';
import type { Ground } from './ground.ts';
import { placeholdersOf, secretBehind } from './losses.ts';
import { takesSecret } from './restore.ts';
import { textOf } from './scope.ts';

export interface Taken {
  path: string;
  /** What the snapshot said of the file. */
  entry: FileEntry;
  bytes: Buffer;
  /** Placeholders whose secrets went. */
  gone: readonly string[];
}

const FILE_LIMIT = 1024 * 1024;
const COUNT_LIMIT = 256;

/** Right before real content is replaced, or goes; costs nothing where no secret goes with it. */
export function noteTaken(ground: Ground, path: string, after: Buffer | undefined, before?: Buffer): void {
  const entry = ground.workspace.snapshot.get(path);
  if (entry?.kind !== 'file' || entry.placeholders.length === 0 || entry.size > FILE_LIMIT) return;
  const bytes = before ?? ground.outside.read(path)?.bytes;
  if (bytes === undefined) return;
  const rest = after ?? Buffer.alloc(0);
  const gone = placeholdersOf(ground, path).filter((one) => takesSecret(bytes, rest, secretBehind(ground, one)));
  if (gone.length === 0) return;
  const { taken } = ground.carry;
  taken.push({ path, entry, bytes, gone });
  if (taken.length > COUNT_LIMIT) taken.shift();
}

/** At the end of a turn: what went before its placeholder was found elsewhere is laid aside as it was. */
export async function layTaken(ground: Ground): Promise<void> {
  for (const taken of [...ground.carry.taken]) {
    const to = attemptLook(ground, taken.path, () => whereTo(ground, taken));
    if (to !== undefined) await attempt(ground, taken.path, () => layOne(ground, taken, to));
  }
}

function layOne(ground: Ground, taken: Taken, to: string): void {
  const { carry, record } = ground;
  const { path, bytes } = taken;
  const kept = lay(ground, path, { kind: 'file', mode: 0o600, hash: '' }, bytes);
  carry.taken = carry.taken.filter((one) => one !== taken);
  record.conflict(path, kept);
  record.problem(path, 'writeback.carried-late', { hint: textOf(to) });
}

function whereTo(ground: Ground, { path, gone }: Taken): string | undefined {
  for (const placeholder of gone) {
    const to = carriedTo(ground, placeholder, path, 'batch') ?? strayIn(ground, placeholder, path);
    if (to !== undefined) return to;
  }
  return undefined;
}
