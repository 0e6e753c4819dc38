// What tells sessions, machines and people apart, replaced by values that live as long as the session (policy
// `identity`: keep, session, drop). The same value in gives the same value out, so that caching and retries work.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Policy } from '../policy/index.ts';

export interface Identity {
  /** Headers that say who and what asks. */
  headers(from: Readonly<Record<string, string>>): Record<string, string>;
  /** The value of `metadata.user_id`; undefined leaves it as it is, null takes it out. */
  userId(value: string): string | null | undefined;
}

const AGENT = /^claude-cli\/(\d{1,4}\.\d{1,4}\.\d{1,6})\b/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const AGENT_IDS = ['x-claude-code-agent-id', 'x-claude-code-parent-agent-id'];
/** Headers of the client's library and machine that pass with `keep` only. */
const KEPT = [
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-arch',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-package-version',
];
const PLAIN = /^[\w.:;,/() +-]{1,200}$/;

export function createIdentity(mode: Policy['identity']): Identity {
  const key = randomBytes(32);
  const device = randomBytes(32).toString('hex');
  const session = randomUUID();
  const pseudonym = (value: string): string => {
    const hex = createHmac('sha256', key).update(value).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  return {
    headers(from) {
      const headers: Record<string, string> = {};
      const agent = from['user-agent'];
      if (mode === 'keep') {
        for (const name of ['user-agent', 'x-claude-code-session-id', ...AGENT_IDS, ...KEPT]) {
          const value = from[name];
          if (value !== undefined && PLAIN.test(value)) headers[name] = value;
        }
        return headers;
      }
      // The version stays: betas and models are refused to versions that are too old, and subscriptions to other programs.
      const version = agent === undefined ? null : AGENT.exec(agent);
      headers['user-agent'] = version === null ? 'claude-cli' : `claude-cli/${version[1]} (external, cli)`;
      if (mode === 'drop') return headers;
      if (from['x-claude-code-session-id'] !== undefined) headers['x-claude-code-session-id'] = session;
      for (const name of AGENT_IDS) if (UUID.test(from[name] ?? '')) headers[name] = pseudonym(from[name] as string);
      return headers;
    },
    userId(value) {
      if (mode === 'keep') return undefined;
      if (mode === 'drop') return null;
      const account = accountOf(value);
      const known = { device_id: device, account_uuid: account === '' ? '' : pseudonym(account), session_id: session };
      return JSON.stringify(known);
    },
  };
}

/** The account id inside a user id, '' when there is none. */
function accountOf(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === 'object' && parsed !== null && 'account_uuid' in parsed) return String(parsed.account_uuid);
  } catch {
    // Not JSON: another version of the client; the whole value counts as the account.
    return value;
  }
  return '';
}
