import type { Server, Socket } from 'node:net';
import type { CredentialSource, ProxyFor } from '../account/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import type { Scanner } from '../scan/index.ts';
import { createAccountProof } from './account-proof.ts';
import { createAllowedHosts } from './allowed.ts';
import { createAuthority } from './authority.ts';
import { createFaces } from './faces.ts';
import { createIdentity } from './identity.ts';
import { createIdentityText, type IdentityTerm } from './identity-text.ts';
import { createMemory } from './memory.ts';
import { type Outside, openOutside } from './outside.ts';
import { createProvenance } from './provenance.ts';
import { createRecorder } from './record.ts';
import { serve } from './serve.ts';
import { createSieve } from './sift.ts';
import { tunnel } from './tunnel.ts';
import { openUpstream } from './upstream.ts';
import type { AskWithheld } from './withheld.ts';

export interface GatewayOptions {
  /** Listeners that hand out connections: made inside the sandbox's network namespace, or on loopback in tests. Both faces answer on each. */
  listeners: readonly Server[];
  scanner: Scanner;
  vault: Vault;
  policy: Policy;
  credential: CredentialSource;
  /** Base URL of the provider or of an enterprise gateway; a path prefix is kept. */
  upstream: URL;
  /** Plain http to another machine is wanted; without it that is refused. */
  plainUpstream?: boolean;
  /** Organisation ids, one of which the provider must hold each request to; policy's own when absent. */
  organizations?: readonly string[];
  /** What names the person and the machine; replaced in what the client writes about its surroundings, unless policy keeps it. */
  identityTerms?: readonly IdentityTerm[];
  ledger: Ledger;
  onEvent?: (event: GatewayEvent) => void;
  /** Asks the person about a host or a picture; without it the answer is no. The caller records decisions. */
  ask?: ((question: GatewayQuestion) => Promise<'once' | 'session' | 'no'>) | undefined;
  /** Decides about a withheld file that was read, by the number of its stub; without it the stub's own words stand. */
  withheld?: AskWithheld;
  /** The proxy between this machine and the internet, by host; none when absent. */
  proxyFor?: ProxyFor;
  /** How hosts besides the provider are reached; public addresses only when absent. */
  outside?: Outside;
}

/** A question that stops one request until it is answered. */
export type GatewayQuestion =
  | { what: 'host'; host: string; method: string; path: string }
  | { what: 'image'; type: string; bytes: number };

/** What happened to one request, for the status line, the report and the rehearsal's table. */
export interface GatewayEvent {
  host: string;
  method: string;
  path: string;
  verdict: 'forward' | 'redact' | 'answer' | 'refuse';
  /** Code of the refusal. */
  code?: string;
  bytes: number;
  /** Findings by rule id. */
  findings: Readonly<Record<string, number>>;
}

export interface Gateway {
  /** PEM of the session's certificate authority; its key never leaves memory. */
  readonly authority: string;
  close(): Promise<void>;
}

/**
 * Opens the only way out: serves each connection of the listeners until {@link Gateway.close}. Throws a refusal when the
 * upstream is not one that may be used.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { policy, ledger } = options;
  const upstream = openUpstream(
    options.upstream,
    options.plainUpstream ?? policy.upstream === options.upstream.href,
    options.proxyFor,
  );
  const outside = options.outside ?? openOutside(options.proxyFor);
  const authority = await createAuthority();
  const sieve = createSieve(options.scanner, options.vault);
  const recorder = createRecorder(ledger, sieve, options.onEvent ?? (() => undefined));
  const required = policy.account.organization === undefined ? [] : [policy.account.organization];
  const organizations = options.organizations ?? required;
  const context = {
    sieve,
    memory: createMemory(),
    provenance: createProvenance(),
    withheld: new Map(),
    askWithheld: options.withheld,
    pictures: { mode: policy.images, granted: new Set<string>(), denied: new Set<string>() },
    ask: options.ask,
    identity: createIdentity(policy.identity),
    identityText: createIdentityText(policy.identity, options.identityTerms ?? [], policy.root),
    upstream,
    credential: options.credential,
    policy,
    organizations,
    account: createAccountProof(organizations),
    recorder,
    allowed: createAllowedHosts(policy.network.allow, options.ask),
    outside,
  };
  const faces = createFaces({
    authority,
    onRequest: (incoming, outgoing, door) => void serve(context, incoming, outgoing, door),
    isNamed: (host) => context.allowed.isNamed(host),
    tunnel: (host) =>
      context.allowed.isOpaque(host) ? (socket, head) => tunnel(context, host, socket, head) : undefined,
    onRefused: (refusal, host) => recorder.refused({ host, method: 'CONNECT', path: '' }, refusal),
  });
  const accept = (socket: Socket) => faces.accept(socket);
  for (const listener of options.listeners) listener.on('connection', accept);
  return {
    authority: authority.certificate,
    async close() {
      for (const listener of options.listeners) listener.off('connection', accept);
      faces.close();
      await Promise.all([upstream.close(), outside.close()]);
    },
  };
}
