// The login of the person's own Claude Code, read from its store for every request. sotto never renews it: the refresh token can
// be used once, and a copy that is renewed logs every other session out (Claude Code's changelog, 2.1.133 and 2.1.211).
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import type { CredentialSource } from './account.ts';
import { clientFolder, type Environment, isObject, readJson } from './client-files.ts';
import { credentialOf, isSame } from './token.ts';

interface LoginInput {
  env: Environment;
  home: string;
  now: () => number;
}

/** Fields of `claudeAiOauth` in `.credentials.json` (seen in 2.1.330). */
export interface StoredLogin {
  accessToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number | undefined;
  subscriptionType: string | undefined;
}

/** The login as a source; undefined when nobody is signed in. Throws `account.expired` at once when it is past its time. */
export function loginSource(input: LoginInput): CredentialSource | undefined {
  const path = credentialsFile(input);
  const first = readLogin(path);
  if (first === undefined) return undefined;
  refuseExpired(first, path, input.now());
  const read = async () => {
    const login = readLogin(path);
    if (login === undefined) throw new Refusal('account.signed-out', { path });
    refuseExpired(login, path, input.now());
    return credentialOf('login', login.accessToken, path);
  };
  return {
    kind: 'login',
    read,
    // Claude Code outside may have renewed it between the reading and the answer.
    async renew(refused) {
      const now = await read();
      return isSame(now, refused) ? undefined : now;
    },
  };
}

export function credentialsFile(input: { env: Environment; home: string }): string {
  return join(clientFolder(input), '.credentials.json');
}

export function readLogin(path: string): StoredLogin | undefined {
  const stored = readJson(path)?.claudeAiOauth;
  if (!isObject(stored) || typeof stored.accessToken !== 'string' || stored.accessToken === '') return undefined;
  return {
    accessToken: stored.accessToken,
    expiresAt: typeof stored.expiresAt === 'number' ? stored.expiresAt : undefined,
    subscriptionType: typeof stored.subscriptionType === 'string' ? stored.subscriptionType : undefined,
  };
}

function refuseExpired(login: StoredLogin, path: string, now: number): void {
  if (login.expiresAt === undefined || now < login.expiresAt) return;
  throw new Refusal('account.expired', { path, when: new Date(login.expiresAt).toISOString() });
}
