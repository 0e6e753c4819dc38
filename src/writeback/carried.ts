// Before the real tree loses a secret, everything in the copy is asked whether the secret's placeholder was carried to where it
// does not come back: whole, in a file that may not hold the secret or has not come out, or broken. Then it was no wish of the
// agent's that the secret goes, and it stays where it stands. What was carried nowhere was meant to be removed.
import { attemptLook } from './attempt.ts';
import type { Ground } from './ground.ts';
import { look } from './look.ts';
import { lookalikesIn } from './restore.ts';
import type { Taken } from './taken.ts';

/** What a turn knows of placeholders on their way; the texts here are placeholders, never secrets. */
export interface Carry {
  /** Paths of the turn that is under way; those of earlier ones are known. */
  batch: readonly string[];
  /** What looks like a placeholder, by path; gathered once a turn, and only when a secret is about to go. */
  seen: Map<string, readonly string[]> | undefined;
  /** The same in versions that were laid aside. */
  readonly aside: { path: string; lookalikes: readonly string[] }[];
  /** What went with a secret in it, oldest first. */
  taken: Taken[];
  /** What was left of placeholders in real files, by path. */
  readonly left: Map<string, ReadonlySet<string>>;
}

export const createCarry = (): Carry => ({ batch: [], seen: undefined, aside: [], taken: [], left: new Map() });

/** A new turn over these paths. */
export function beginCarry(ground: Ground, batch: readonly string[]): void {
  ground.carry.batch = batch;
  ground.carry.seen = undefined;
}

/**
 * Where a secret's placeholder went.
 * @param from the file that held the secret; what stands there itself does not count
 * @param among everything that was touched in this session, or only what this turn is about
 * @returns a path, of the copy or of a version laid aside; undefined when the placeholder is nowhere, or safe where it is
 */
export function carriedTo(
  ground: Ground,
  placeholder: string,
  from: string,
  among: 'all' | 'batch' = 'all',
): string | undefined {
  const { carry, known } = ground;
  // A file that was never read in this session is as it was laid there.
  if (among === 'all') carry.seen ??= gather(ground, new Set([...known.keys(), ...carry.batch]));
  for (const [path, lookalikes] of carry.seen ?? gather(ground, new Set(carry.batch)))
    if (path !== from && isAstray(ground, path, lookalikes, placeholder)) return path;
  const isOfIt = (text: string) => isStray(ground, text, placeholder);
  return carry.aside.find(({ path, lookalikes }) => path !== from && lookalikes.some(isOfIt))?.path;
}

/** The path itself, when the placeholder stands there without being safe. */
export function strayIn(ground: Ground, placeholder: string, path: string): string | undefined {
  const lookalikes = gather(ground, new Set([path])).get(path) ?? [];
  return isAstray(ground, path, lookalikes, placeholder) ? path : undefined;
}

function isAstray(ground: Ground, path: string, lookalikes: readonly string[], placeholder: string): boolean {
  return !isSafeAt(ground, path, placeholder) && lookalikes.some((text) => isStray(ground, text, placeholder));
}

/** A version that was laid aside: what stands in it is in no file any more. */
export function noteAside(ground: Ground, path: string, bytes: Buffer): void {
  const lookalikes = lookalikesIn(bytes);
  if (lookalikes.length > 0) ground.carry.aside.push({ path, lookalikes });
}

function gather(ground: Ground, paths: ReadonlySet<string>): Map<string, readonly string[]> {
  const seen = new Map<string, readonly string[]>();
  for (const path of paths) {
    const lookalikes = attemptLook(ground, path, () => lookalikesAt(ground, path)) ?? [];
    if (lookalikes.length > 0) seen.set(path, lookalikes);
  }
  return seen;
}

function lookalikesAt(ground: Ground, path: string): string[] {
  if (!ground.inside.look(path)?.isFile() || look(ground, path, 'inside').state.kind !== 'file') return [];
  return lookalikesIn(ground.inside.read(path)?.bytes ?? Buffer.alloc(0));
}

/** The real file there held the secret itself when both sides were last the same, and they still are. */
function isSafeAt(ground: Ground, path: string, placeholder: string): boolean {
  const entry = ground.workspace.snapshot.get(path);
  if (entry?.kind !== 'file' || !entry.placeholders.includes(placeholder)) return false;
  const { state } = look(ground, path, 'inside');
  return state.kind === 'file' && state.hash === entry.copy;
}

/** The placeholder itself, or one of nobody that may have been made of it. */
function isStray({ vault }: Ground, text: string, placeholder: string): boolean {
  if (text.startsWith(placeholder)) return true;
  const isKnown = [...vault.entries()].some((entry) => text.startsWith(entry.placeholder));
  return !isKnown && resembles(text.toLowerCase(), placeholder.toLowerCase());
}

/** As many of a placeholder's digits as nobody writes by chance. */
const DIGITS = 6;

/** The same rule's name at its start, a piece of its digits, or a first part of it. */
function resembles(text: string, placeholder: string): boolean {
  const digits = placeholder.slice(placeholder.lastIndexOf('_') + 1);
  const pieces = Array.from({ length: digits.length - DIGITS + 1 }, (_, at) => digits.slice(at, at + DIGITS));
  return (
    text.startsWith(placeholder.slice(0, -digits.length - 1)) ||
    pieces.some((piece) => text.includes(piece)) ||
    (text.length > 'redacted_'.length && placeholder.startsWith(text))
  );
}
