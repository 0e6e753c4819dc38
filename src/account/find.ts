// The order is Claude Code's own (its manual, "Authentication precedence"), so that sotto pays with the account a plain
// `claude` would pay with. A project's settings have no say: their `env` and `apiKeyHelper` are the repository's, not the person's.
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import type { run } from '../host/index.ts';
import type { Credential, CredentialKind, CredentialSource } from './account.ts';
import {
  clientEnvironment,
  type Environment,
  MANAGED_FOLDER,
  readManagedSettings,
  readUserSettings,
} from './client-files.ts';
import { helperSource } from './helper.ts';
import { keptTokenFile, readKeptToken } from './kept-token.ts';
import { loginSource } from './login.ts';
import { refuseOtherProviders } from './providers.ts';
import { credentialOf } from './token.ts';

export interface FindCredentialInput {
  env: Environment;
  home: string;
  run: typeof run;
  /** Folder of the organisation's Claude Code settings; `/etc/claude-code` when absent. */
  managedFolder?: string;
  /** Folders whose `.claude` counts as the project's. They can ask for another provider, which is refused, and for nothing else. */
  projects?: readonly string[];
  now?: () => number;
}

/**
 * Finds the credential that a plain `claude` of this person would use. Throws `account.none` when there is none,
 * `account.provider` for what sotto cannot sign yet, and others of `account.*` when one is there but not usable.
 */
export async function findCredential(input: FindCredentialInput): Promise<CredentialSource> {
  const { home, now = Date.now } = input;
  const managed = readManagedSettings(input.managedFolder);
  const user = readUserSettings(input);
  const env = clientEnvironment(input.env, user, managed);
  const { projects = [], managedFolder = MANAGED_FOLDER } = input;
  refuseOtherProviders({ env: input.env, home, projects, user, managed, managedFolder });
  const given =
    fromEnvironment(env, 'ANTHROPIC_AUTH_TOKEN', 'auth-token') ?? fromEnvironment(env, 'ANTHROPIC_API_KEY', 'api-key');
  if (given !== undefined) return given;
  const helper = managed.apiKeyHelper ?? user.apiKeyHelper;
  if (typeof helper === 'string' && helper !== '') return helperSource({ command: helper, env, run: input.run, now });
  const token = fromEnvironment(env, 'CLAUDE_CODE_OAUTH_TOKEN', 'setup-token') ?? keptSource(input);
  if (token !== undefined) return token;
  // A named profile ranks before the login; taking the login instead would bill somebody else.
  if (env.ANTHROPIC_PROFILE) throw new Refusal('account.profile', { name: 'ANTHROPIC_PROFILE' });
  const login = loginSource({ env: input.env, home, now });
  if (login === undefined) throw new Refusal('account.none');
  return login;
}

/** The provider's own base URL (platform documentation, "API overview"). */
const PROVIDER = 'https://api.anthropic.com';

/**
 * Where a plain `claude` of this person would send its requests: `ANTHROPIC_BASE_URL` of shell, settings or organisation, else the
 * provider. A credential and its host belong together: a token of an enterprise's gateway must not go to the provider instead.
 * Throws a refusal `account.base-url` for what is no http or https URL.
 */
export function clientBaseUrl(input: Pick<FindCredentialInput, 'env' | 'home' | 'managedFolder'>): URL {
  const managed = readManagedSettings(input.managedFolder);
  const { ANTHROPIC_BASE_URL: given } = clientEnvironment(input.env, readUserSettings(input), managed);
  const text = given || PROVIDER;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Refusal('account.base-url');
  return new URL(text);
}

function fromEnvironment(env: Environment, name: string, kind: CredentialKind): CredentialSource | undefined {
  const value = env[name];
  return value ? fixedSource(credentialOf(kind, value, name)) : undefined;
}

function keptSource(input: { env: Environment; home: string }): CredentialSource | undefined {
  const path = keptTokenFile(input);
  const token = readKeptToken(path);
  return token === undefined ? undefined : fixedSource(credentialOf('setup-token', token, join(path)));
}

function fixedSource(credential: Credential): CredentialSource {
  return { kind: credential.kind, read: async () => credential };
}
