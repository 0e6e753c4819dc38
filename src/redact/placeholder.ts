// A placeholder is `REDACTED_<rule>_<8 hex of a keyed hash>`: plain ASCII, valid inside any string, the same for the
// same secret for the whole session, under a new key per session so that sessions cannot be linked.
// Two secrets with the same 8 digits are told apart by 16 (see vault.ts).
import { createHmac } from 'node:crypto';

/** Matches every well-formed placeholder; group 1 the rule's slug, group 2 the digits. Use with `matchAll`. */
export const PLACEHOLDER = /REDACTED_([a-z0-9]+(?:_[a-z0-9]+)*)_([0-9a-f]{16}|[0-9a-f]{8})(?![0-9a-f])/g;

/** The part of a placeholder that names the rule: `github.fine-grained-pat` becomes `github_fine_grained_pat`. */
export function ruleSlug(rule: string): string {
  return (
    rule
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '') || 'secret'
  );
}

/**
 * Makes the placeholder of a secret.
 * @param key 32 random bytes of this session
 * @param digits 8, or 16 when another secret already has the same 8
 */
export function placeholderOf(key: Uint8Array, rule: string, secret: Uint8Array | string, digits: 8 | 16 = 8): string {
  const hash = createHmac('sha256', key).update(secret).digest('hex');
  return `REDACTED_${ruleSlug(rule)}_${hash.slice(0, digits)}`;
}

/** Ends the rule of a number without quotes in JSON, whose placeholder brings quotes of its own (see `Finding.bare`). */
export const BARE = '.bare';

/** Whether a placeholder stands between quotes that are not the text's own. */
export function isBare(placeholder: string): boolean {
  return /_bare_[0-9a-f]+$/.test(placeholder);
}
