// `sotto account`: which credential a session would pay with, and what the provider says it does with what it gets.
import { Command } from 'commander';
import {
  type Account,
  type CredentialKind,
  checkAccount,
  findCredential,
  readAccount,
  readManagedSettings,
  type Terms,
  termsOf,
} from '../account/index.ts';
import { escapeForTerminal, type HostEnvironment, run } from '../host/index.ts';
import { type Io, processIo } from './io.ts';

export function accountCommand(host: HostEnvironment): Command {
  return new Command('account')
    .description('show which account a session pays with and the terms that apply; never the credential')
    .option('--json', 'print it as JSON', false)
    .action(async (options: { json: boolean }) => {
      process.exitCode = await account(host, options, processIo);
    });
}

/** Runs the verb; gives its exit status. Throws the refusal that a session would start with. */
export async function account(
  host: Pick<HostEnvironment, 'home' | 'variables'>,
  options: { json: boolean; managedFolder?: string },
  io: Io,
): Promise<number> {
  const place = { env: host.variables, home: host.home };
  const { managedFolder } = options;
  const { kind } = await findCredential({ ...place, run, ...(managedFolder === undefined ? {} : { managedFolder }) });
  const known = await readAccount({ ...place, kind });
  const managed = readManagedSettings(managedFolder);
  checkAccount({ kind, account: known, organization: undefined, managed });
  const terms = termsOf(known);
  io.out(options.json ? `${JSON.stringify({ kind, ...known, terms }, null, 2)}\n` : accountText(kind, known, terms));
  return 0;
}

const KINDS: Record<CredentialKind, string> = {
  'api-key': 'an API key (ANTHROPIC_API_KEY)',
  'auth-token': 'a bearer token (ANTHROPIC_AUTH_TOKEN)',
  'api-key-helper': 'what apiKeyHelper prints',
  'setup-token': 'a long-lived token',
  login: 'the login of your Claude Code',
};

function accountText(kind: CredentialKind, known: Account, terms: readonly Terms[]): string {
  const rows: [string, string | undefined][] = [
    ['pays with', KINDS[kind]],
    ['plan', known.plan ?? 'unknown: the files do not say'],
    ['e-mail', known.email],
    ['organization', [known.organizationName, known.organizationId].filter(Boolean).join(', ') || undefined],
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
