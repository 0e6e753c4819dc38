// `sotto account`: which credential a session would pay with, and what the provider says it does with what it gets.
import { Command } from 'commander';
import {
  type Account,
  type CredentialKind,
  checkAccount,
  clientBaseUrl,
  findCredential,
  readAccount,
  readManagedSettings,
  type Terms,
  termsOf,
} from '../account/index.ts';
import { Refusal } from '../errors/index.ts';
import { escapeForTerminal, type HostEnvironment, run } from '../host/index.ts';
import { loadPolicy, type Policy } from '../policy/index.ts';
import { findRoot } from '../session/index.ts';
import { type Io, processIo } from './io.ts';

export function accountCommand(host: HostEnvironment): Command {
  return new Command('account')
    .description('show which account a session pays with and the terms that apply; never the credential')
    .option('--json', 'print it as JSON', false)
    .action(async (options: { json: boolean }) => {
      process.exitCode = await account(host, options, processIo);
    });
}

/** What a session that is started here would pay with. */
interface Paying extends Account {
  kind: CredentialKind;
  /** Host that inference goes to. */
  upstream: string;
  /** Organisation ids, one of which the account must be of: the provider is told on each request. */
  demanded: readonly string[];
  terms: readonly Terms[];
}

/** Runs the verb; gives its exit status. Throws the refusal that a session would start with. */
export async function account(host: AccountHost, options: AccountOptions, io: Io): Promise<number> {
  const { managedFolder } = options;
  const place = { env: host.variables, home: host.home, ...(managedFolder === undefined ? {} : { managedFolder }) };
  const { kind } = await findCredential({ ...place, run, projects: [host.cwd] });
  const known = await readAccount({ ...place, kind });
  const policy = await policyHere(host);
  const { organization } = policy?.account ?? {};
  const demanded = checkAccount({ kind, account: known, organization, managed: readManagedSettings(managedFolder) });
  const upstream = policy?.upstream === undefined ? clientBaseUrl(place) : new URL(policy.upstream);
  const paying = { kind, ...known, upstream: upstream.host, demanded, terms: termsOf(known) };
  io.out(options.json ? `${JSON.stringify(paying, null, 2)}\n` : accountText(paying));
  return 0;
}

type AccountHost = Pick<HostEnvironment, 'home' | 'variables' | 'cwd'>;

interface AccountOptions {
  json: boolean;
  managedFolder?: string;
}

/** The policy of the project here; undefined where there is none to speak of, as in a home. */
async function policyHere(host: AccountHost): Promise<Policy | undefined> {
  let root: string;
  try {
    root = findRoot(host);
  } catch (error) {
    // In a home or in `/` no session starts; the account can be asked about all the same.
    if (error instanceof Refusal && error.code === 'session.root-too-wide') return undefined;
    throw error;
  }
  return loadPolicy({ root, home: host.home, env: host.variables });
}

const KINDS: Record<CredentialKind, string> = {
  'api-key': 'an API key (ANTHROPIC_API_KEY)',
  'auth-token': 'a bearer token (ANTHROPIC_AUTH_TOKEN)',
  'api-key-helper': 'what apiKeyHelper prints',
  'setup-token': 'a long-lived token',
  login: 'the login of your Claude Code',
};

function accountText(paying: Paying): string {
  const { terms, demanded } = paying;
  const rows: [string, string | undefined][] = [
    ['pays with', KINDS[paying.kind]],
    ['plan', paying.plan ?? 'unknown: the files do not say'],
    ['e-mail', paying.email],
    ['organization', [paying.organizationName, paying.organizationId].filter(Boolean).join(', ') || undefined],
    [
      'must be of',
      demanded.length === 0 ? undefined : `${demanded.join(' or ')} (the provider is told to refuse others)`,
    ],
    ['goes to', paying.upstream],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(13)} ${escapeForTerminal(value)}`],
  );
  const may = terms.length > 1 ? 'one of these applies, the files cannot tell which' : 'this applies';
  return `${[...lines, '', `What the provider keeps (${may}):`, ...terms.flatMap(termsLines)].join('\n')}\n`;
}

function termsLines(terms: Terms): string[] {
  return [
    `  ${terms.plan}`,
    `    training: ${terms.training}; kept: ${terms.retention}`,
    `    when flagged: ${terms.flagged}`,
  ];
}
