// One value has one text, so that a hash over it can be computed again by anybody: keys sorted, no spaces, no undefined.
// Characters that could drive a terminal or turn text around are written as \u escapes, whoever looks at the file with `cat`.
import type { LedgerValue } from './ledger.ts';

/** C1 controls and DEL, soft hyphen, zero-width and bidi characters, line separators, byte order mark; JSON itself escapes C0. */
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** JSON with one spelling for each value. Throws for a number that JSON cannot hold. */
export function canonicalJson(value: LedgerValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') return canonicalObject(value as Record<string, LedgerValue>);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error('internal error: not a number for a ledger');
  return JSON.stringify(value ?? null).replace(UNSAFE, escapeCharacter);
}

function canonicalObject(value: Record<string, LedgerValue>): string {
  const fields = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${canonicalJson(name)}:${canonicalJson(value[name])}`);
  return `{${fields.join(',')}}`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
