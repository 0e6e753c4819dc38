// The headers of a request to the provider, made anew from an allowlist. What names an account, a machine or a person
// is dropped or replaced; the credential comes from outside the sandbox and is the only one on the wire.
import { type Credential, OAUTH_BETA } from '../account/index.ts';
import type { Identity } from './identity.ts';

/** Headers that pass, each with the one form of its value; another value is dropped. */
const PASSED: Readonly<Record<string, RegExp>> = {
  accept: /^[\w/+.*;=, -]{1,200}$/,
  'anthropic-version': /^\d{4}-\d\d-\d\d$/,
  'anthropic-beta': /^[\w.:-]{1,80}(?:, ?[\w.:-]{1,80}){0,40}$/,
  'anthropic-dangerous-direct-browser-access': /^(?:true|false)$/,
  'x-app': /^(?:cli|cli-bg)$/,
  'x-stainless-retry-count': /^\d{1,3}$/,
  'x-stainless-timeout': /^\d{1,6}$/,
  'x-stainless-helper-method': /^[\w.-]{1,40}$/,
};

/** Encodings of the answer that Node can open, to learn what the model itself wrote. */
const ENCODINGS = new Set(['gzip', 'br', 'deflate', 'identity']);

export interface HeaderInput {
  from: Readonly<Record<string, string>>;
  credential: Credential;
  identity: Identity;
  /** Organisation ids, one of which the provider must hold the request to. */
  organizations: readonly string[];
}

/** Makes the headers of a request to the provider; lower-case names. */
export function outgoingHeaders(input: HeaderInput): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, form] of Object.entries(PASSED)) {
    const value = input.from[name];
    if (value !== undefined && form.test(value)) headers[name] = value;
  }
  headers['accept-encoding'] = encodings(input.from['accept-encoding']);
  Object.assign(headers, input.identity.headers(input.from));
  if (input.credential.oauth) headers['anthropic-beta'] = withBeta(headers['anthropic-beta'], OAUTH_BETA);
  if (input.organizations.length > 0) headers['anthropic-allowed-org-ids'] = input.organizations.join(',');
  return { ...headers, ...input.credential.headers };
}

function withBeta(betas: string | undefined, beta: string): string {
  const list = betas === undefined ? [] : betas.split(/, ?/);
  return list.includes(beta) ? list.join(',') : [...list, beta].join(',');
}

function encodings(value: string | undefined): string {
  const wanted = (value ?? '').split(',').map((part) => part.trim().toLowerCase());
  const kept = wanted.filter((name) => ENCODINGS.has(name));
  return kept.length === 0 ? 'identity' : kept.join(', ');
}
