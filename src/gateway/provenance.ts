// What the provider itself wrote in this session. The client sends it back at each turn; the provider knows it already,
// so nothing in it is a secret from the provider, even where a rule or the vault says so: a model that makes up a
// password must not bring its own session to a halt. Kept as hashes of whole strings.
import { createHash } from 'node:crypto';

export interface Provenance {
  /** Takes in every string below a content block of an answer. */
  add(value: unknown): void;
  /** True when the provider wrote exactly this string; blanks at both ends do not count. */
  has(text: string): boolean;
  /** Resolves when all that was received so far is taken in; reading along may lag behind. */
  settled(): Promise<void>;
  /** Something is being taken in until this settles. */
  await(reading: Promise<void>): void;
}

/** Shorter strings hold no secret; remembering them is of no use. */
const LEAST = 6;
const MOST = 400_000;

export function createProvenance(): Provenance {
  const hashes = new Set<string>();
  const readings = new Set<Promise<void>>();
  const add = (text: string): void => {
    if (text.length < LEAST) return;
    if (hashes.size >= MOST) hashes.delete(hashes.values().next().value as string);
    hashes.add(hashOf(text));
  };
  return {
    add: (value) => eachString(value, add),
    has: (text) => text.length < LEAST || hashes.has(hashOf(text)),
    async settled() {
      if (readings.size > 0) await Promise.all(readings);
    },
    await(reading) {
      readings.add(reading);
      void reading.finally(() => readings.delete(reading));
    },
  };
}

function eachString(value: unknown, add: (text: string) => void): void {
  if (typeof value === 'string') add(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (!Array.isArray(value)) add(key);
    eachString(each, add);
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text.trim()).digest('base64').slice(0, 22);
}
