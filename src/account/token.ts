import { Refusal } from '../errors/index.ts';
import type { Credential, CredentialKind } from './account.ts';

/**
 * Turns a token into the headers of its kind. Throws `account.malformed` for anything that could not stand in a header:
 * a line break in it would be a header of its own.
 */
export function credentialOf(kind: CredentialKind, token: string, source: string): Credential {
  const value = token.trim();
  if (!/^[\x21-\x7e]{8,8192}$/.test(value)) throw new Refusal('account.malformed', { source });
  const bearer = { authorization: `Bearer ${value}` };
  if (kind === 'api-key') return { kind, headers: { 'x-api-key': value }, oauth: false };
  // Claude Code sends what a helper printed in both headers (its manual, "LLM gateway").
  if (kind === 'api-key-helper') return { kind, headers: { 'x-api-key': value, ...bearer }, oauth: false };
  return { kind, headers: bearer, oauth: kind === 'login' || kind === 'setup-token' };
}

/** Two readings of one credential. */
export function isSame(one: Credential, other: Credential): boolean {
  return (
    one.headers.authorization === other.headers.authorization && one.headers['x-api-key'] === other.headers['x-api-key']
  );
}
