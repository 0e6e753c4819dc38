// What the files say about the account is for showing and for refusing early. It is not proof: displays have named one account
// while another paid. Proof is what the provider answers on the wire, which the gateway records.
import type { Account, CredentialKind } from './account.ts';
import { clientStateFile, type Environment, isObject, readJson } from './client-files.ts';
import { credentialsFile, readLogin } from './login.ts';

/**
 * What is known of the account behind a credential, from the files of the person's Claude Code. Only a login is described there;
 * for keys and kept tokens nothing is known but that a key has the terms of the API.
 */
export async function readAccount(input: { env: Environment; home: string; kind: CredentialKind }): Promise<Account> {
  if (input.kind === 'setup-token') return {};
  if (input.kind !== 'login') return { plan: 'api' };
  const stored = readJson(clientStateFile(input))?.oauthAccount;
  const known = isObject(stored) ? stored : {};
  return {
    ...text('email', known.emailAddress),
    ...text('organizationId', known.organizationUuid),
    ...text('organizationName', known.organizationName),
    ...text('plan', readLogin(credentialsFile(input))?.subscriptionType),
  };
}

function text<K extends string>(name: K, value: unknown): { [P in K]?: string } {
  return (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { [P in K]?: string };
}
