// The table behind the placeholders. It lives in the memory of the wrapper only and is never written anywhere.
// A secret keeps the placeholder (and so the rule) under which it was first seen.
import { randomBytes } from 'node:crypto';
import { BARE, placeholderOf } from './placeholder.ts';

/** One secret and where it was found. */
export interface VaultEntry {
  placeholder: string;
  rule: string;
  /** The secret's bytes as Latin-1 text, so that any byte sequence is kept as it was. */
  secret: string;
  /** Paths (relative to the project root) that held it, and `prompt` for one the person typed. */
  origins: Set<string>;
}

export interface Vault {
  /** 32 bytes; workers derive the same placeholders from it. */
  readonly key: Uint8Array;
  readonly size: number;
  /** The placeholder of a secret; enters it into the vault when new. `secret` is Latin-1 text of its bytes. */
  place(rule: string, secret: string, origin: string): string;
  /** The entry behind a placeholder, if it is one of this session. */
  lookup(placeholder: string): VaultEntry | undefined;
  /** The entry of a secret, if known. */
  find(secret: string): VaultEntry | undefined;
  entries(): Iterable<VaultEntry>;
  /** Counts up with each new secret, so that a search built from the vault knows when it is stale. */
  readonly version: number;
}

/** Makes an empty vault with a new key. */
export function createVault(key: Uint8Array = randomBytes(32)): Vault {
  const bySecret = new Map<string, VaultEntry>();
  const byPlaceholder = new Map<string, VaultEntry>();
  return {
    key,
    get size() {
      return bySecret.size;
    },
    get version() {
      return bySecret.size;
    },
    place(rule, secret, origin) {
      const entry = bySecret.get(keyOf(rule, secret)) ?? enter(rule, secret);
      entry.origins.add(origin);
      return entry.placeholder;
    },
    lookup: (placeholder) => byPlaceholder.get(placeholder),
    find: (secret) => bySecret.get(secret),
    entries: () => bySecret.values(),
  };

  function enter(rule: string, secret: string): VaultEntry {
    const bytes = Buffer.from(secret, 'latin1');
    let placeholder = placeholderOf(key, rule, bytes);
    if (byPlaceholder.has(placeholder)) placeholder = placeholderOf(key, rule, bytes, 16);
    if (byPlaceholder.has(placeholder)) throw new Error('internal error: two secrets have the same 16 digits');
    const entry: VaultEntry = { placeholder, rule, secret, origins: new Set() };
    bySecret.set(keyOf(rule, secret), entry);
    byPlaceholder.set(placeholder, entry);
    return entry;
  }
}

/** A number without quotes has a placeholder of its own beside that of the same digits in a string. */
function keyOf(rule: string, secret: string): string {
  return rule.endsWith(BARE) ? `${BARE}\0${secret}` : secret;
}
