// Turns the placeholders of a file that was edited inside back into their secrets. A placeholder comes back where this file
// held its secret before, or where the person typed it into the prompt; in any other file only if policy says so, because
// an agent that moves a placeholder could otherwise carry a secret to a place where it shows.
import { restoreBytes, type Vault, type VaultEntry } from '../redact/index.ts';

/** Something that looks like a placeholder and stays as it is: of another file, or of nobody (garbled or invented). */
export interface Left {
  line: number;
  why: 'foreign' | 'unknown';
  /** What stands there; never a secret. */
  placeholder: string;
}

export interface Restored {
  bytes: Buffer;
  /** Placeholders that were turned back, in order. */
  placeholders: string[];
  left: Left[];
}

export interface RestoreRules {
  vault: Pick<Vault, 'lookup'>;
  /** Placeholders that this file held when both sides were last the same. */
  held: ReadonlySet<string>;
  /** The file's path, as the vault's origins have it. */
  path: string;
  foreign: 'leave' | 'restore' | 'ask';
  /** What stands in the real file already; text in it that looks like a placeholder is the project's own. */
  real?: Buffer;
  /** What was left in the file earlier in this session: that is not the project's own. */
  left?: ReadonlySet<string>;
}

/** Restores a file's bytes. Pure; bytes without a placeholder come back as they are. */
export function restore(bytes: Buffer, rules: RestoreRules): Restored {
  const foreign = new Set<string>();
  const {
    bytes: back,
    restored,
    unknown,
  } = restoreBytes(bytes, (placeholder) => {
    const entry = rules.vault.lookup(placeholder);
    if (entry === undefined || mayReturn(entry, rules)) return entry;
    foreign.add(placeholder);
    return undefined;
  });
  const left = unknown
    .filter(({ placeholder }) => rules.left?.has(placeholder) || !rules.real?.includes(placeholder, 'latin1'))
    .map((one): Left => ({ ...one, why: isOneOf(one.placeholder, foreign) ? 'foreign' : 'unknown' }));
  return { bytes: Buffer.from(back.buffer, back.byteOffset, back.length), placeholders: restored, left };
}

function mayReturn(entry: VaultEntry, rules: RestoreRules): boolean {
  const { placeholder, origins } = entry;
  return rules.held.has(placeholder) || origins.has(rules.path) || origins.has('prompt') || rules.foreign === 'restore';
}

/** What follows a placeholder in the text may look like more of it. */
function isOneOf(text: string, placeholders: ReadonlySet<string>): boolean {
  return [...placeholders].some((placeholder) => text.startsWith(placeholder));
}

/**
 * Whether an edit puts what looks like a placeholder where a secret stood: `before` holds one of the secrets, and `after`
 * (restored) holds a lookalike that `before` does not.
 */
export function losesSecret(before: Buffer, after: Buffer, secrets: readonly string[]): boolean {
  const [was, is] = [narrowed(before), narrowed(after)];
  if (!secrets.some((secret) => was.includes(secret) && count(is, secret) < count(was, secret))) return false;
  return (is.match(LOOKALIKE) ?? []).some((text) => !was.includes(text));
}

/** Whether an edit takes one of these secrets away, wholly or in one of its places. */
export function takesSecret(before: Buffer, after: Buffer, secrets: readonly string[]): boolean {
  const [was, is] = [narrowed(before), narrowed(after)];
  return secrets.some((secret) => count(is, secret) < count(was, secret));
}

/** Everything in a text that begins like a placeholder, whole ones included. */
export function lookalikesIn(bytes: Buffer): string[] {
  return narrowed(bytes).match(LOOKALIKE) ?? [];
}

/** Two of them may stand side by side with nothing in between. */
const LOOKALIKE = /redacted_(?:(?!redacted_)[a-z0-9_])*/gi;

/** UTF-16 text without its zero bytes: enough to find plain ASCII in it. */
function narrowed(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\0', '');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
