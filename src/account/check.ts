// What policy and the organisation's own Claude Code settings demand of the account, looked at before anything is sent.
// `forceLoginOrgUUID` and `forceLoginMethod` are kept here because the client inside sees a dummy and cannot keep them.
import { Refusal } from '../errors/index.ts';
import type { Account, CredentialKind } from './account.ts';
import type { Settings } from './client-files.ts';

export interface CheckAccountInput {
  kind: CredentialKind;
  account: Account;
  /** Organisation id that policy demands. */
  organization: string | undefined;
  /** The organisation's Claude Code settings. */
  managed: Settings;
}

/**
 * Refuses the wrong account before the start (`account.organization`, `account.method`).
 * @returns organisation ids, one of which must be the account's; the gateway has the provider hold to them. Empty when none is demanded.
 */
export function checkAccount(input: CheckAccountInput): readonly string[] {
  checkMethod(input);
  const forced = listOf(input.managed.forceLoginOrgUUID);
  checkOrganization(input, forced, 'forceLoginOrgUUID');
  const wanted = input.organization === undefined ? [] : [input.organization];
  checkOrganization(input, wanted, 'policy');
  return wanted.length > 0 ? wanted : forced;
}

function checkMethod({ kind, managed }: CheckAccountInput): void {
  const method = managed.forceLoginMethod;
  const subscription = kind === 'login' || kind === 'setup-token';
  const demandsLogin = method === 'claudeai' || listOf(managed.forceLoginOrgUUID).length > 0;
  if (demandsLogin && !subscription) {
    throw new Refusal('account.method', { demands: 'your organization', kind, wanted: 'claude.ai' });
  }
  if (method === 'console' && subscription) {
    throw new Refusal('account.method', { demands: 'your organization', kind, wanted: 'console' });
  }
}

function checkOrganization({ account }: CheckAccountInput, wanted: readonly string[], demands: string): void {
  const found = account.organizationId;
  if (wanted.length === 0 || found === undefined) return;
  if (wanted.some((id) => id.toLowerCase() === found.toLowerCase())) return;
  throw new Refusal('account.organization', { found, demands, wanted: wanted.join(' or ') });
}

function listOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string' && item !== '');
}
