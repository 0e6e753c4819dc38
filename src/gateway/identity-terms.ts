// Finds out what names the person and the machine: from the system, the account and git.
import { hostName, type RunResult } from '../host/index.ts';
import type { IdentityTerm } from './identity-text.ts';

export interface IdentityInput {
  user: string;
  home: string;
  /** Address of the account. */
  email: string | undefined;
  /** Real path of the project, whose git settings count too. */
  root: string;
  variables: Readonly<Record<string, string>>;
  run(
    file: string,
    args: readonly string[],
    options: { cwd: string; env: Readonly<Record<string, string>> },
  ): Promise<RunResult>;
}

/** Reads the terms for {@link GatewayOptions.identityTerms}; without git those of git are left out. */
export async function findIdentityTerms(input: IdentityInput): Promise<IdentityTerm[]> {
  const { user, home, email, root: cwd, variables: env } = input;
  const git = async (key: string) => (await input.run('git', ['config', '--get', key], { cwd, env })).stdout.trim();
  const [name, address] = await Promise.all([git('user.name'), git('user.email')]);
  const terms: IdentityTerm[] = [
    { kind: 'user', value: user },
    { kind: 'host', value: hostName() },
    { kind: 'home', value: home },
    { kind: 'name', value: name },
    ...[address, email ?? ''].map((value) => ({ kind: 'email' as const, value })),
    // Auto mode sends the local part by itself, as who the user is (seen with 2.1.330).
    { kind: 'user', value: address.split('@')[0] ?? '' },
  ];
  return terms.filter(({ value }) => value !== '');
}
