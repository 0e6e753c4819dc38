// What the real tree would lose of its secrets by a change of one file, and whether that may be.
import { carriedTo } from './carried.ts';
import type { Ground } from './ground.ts';
import { losesSecret, takesSecret } from './restore.ts';

/** The secrets that the real file held when both sides were last the same. */
export function secretsOf(ground: Ground, path: string): string[] {
  return placeholdersOf(ground, path).flatMap((placeholder) => secretBehind(ground, placeholder));
}

/**
 * Whether a real file, or a part of it, may not have new content: what looks like a placeholder would take a secret's place, or
 * the placeholder of a secret that goes was carried to where it does not come back.
 */
export function isLoss(ground: Ground, path: string, before: Buffer, after: Buffer): boolean {
  return losesSecret(before, after, secretsOf(ground, path)) || carriedFrom(ground, path, before, after) !== undefined;
}

/** Where the placeholder of a secret went that the new content has no more. */
export function carriedFrom(ground: Ground, path: string, before: Buffer, after: Buffer): string | undefined {
  const gone = placeholdersOf(ground, path).filter((placeholder) =>
    takesSecret(before, after, secretBehind(ground, placeholder)),
  );
  return firstCarried(ground, path, gone);
}

/** Where a placeholder of the file went, if the file goes as a whole. */
export function wentElsewhere(ground: Ground, path: string): string | undefined {
  return firstCarried(ground, path, placeholdersOf(ground, path));
}

function firstCarried(ground: Ground, path: string, placeholders: readonly string[]): string | undefined {
  for (const placeholder of placeholders) {
    const to = carriedTo(ground, placeholder, path);
    if (to !== undefined) return to;
  }
  return undefined;
}

/** The placeholders that the file held when both sides were last the same, each once. */
export function placeholdersOf(ground: Ground, path: string): string[] {
  const entry = ground.workspace.snapshot.get(path);
  return entry?.kind === 'file' ? [...new Set(entry.placeholders)] : [];
}

/** A placeholder's secret, in a list of one; of none that the vault knows, nothing. */
export function secretBehind({ vault }: Ground, placeholder: string): string[] {
  const secret = vault.lookup(placeholder)?.secret;
  return secret === undefined ? [] : [secret];
}
