// A checked request on its way to the provider, with the one credential. A credential that the provider refuses is asked for
// anew once: a key helper runs again, a login is read again. Nothing of a refused try reaches the client.
import type { Credential, CredentialSource } from '../account/index.ts';
import { Refusal } from '../errors/index.ts';
import type { AccountProof } from './account-proof.ts';
import type { Exchange } from './exchange.ts';
import type { Identity } from './identity.ts';
import { outgoingHeaders } from './outgoing-headers.ts';
import type { Provenance } from './provenance.ts';
import type { Recorder } from './record.ts';
import { relay } from './relay.ts';
import { createTap, type Tap } from './tap.ts';
import type { Upstream } from './upstream.ts';

export interface SendContext {
  upstream: Upstream;
  credential: CredentialSource;
  identity: Identity;
  organizations: readonly string[];
  account: AccountProof;
  recorder: Recorder;
  provenance: Provenance;
}

/** What came of the checks. */
export interface Sent {
  /** With its question mark; '' when there is none. */
  query: string;
  body: Buffer | null;
  /** Findings that were redacted, by rule id. */
  findings: Readonly<Record<string, number>>;
}

/** Sends it and streams the answer back. Throws `account.rejected` when the provider accepts no credential that there is. */
export async function send(to: SendContext, exchange: Exchange, sent: Sent): Promise<void> {
  to.account.demand();
  const credential = await to.credential.read();
  try {
    await sendWith(to, exchange, sent, credential);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'account.rejected') throw error;
    const renewed = await to.credential.renew?.(credential);
    if (renewed === undefined) throw error;
    await sendWith(to, exchange, sent, renewed);
  }
}

async function sendWith(to: SendContext, exchange: Exchange, sent: Sent, credential: Credential): Promise<void> {
  const { upstream, identity, organizations, recorder } = to;
  const { query, body, findings } = sent;
  const headers = outgoingHeaders({ from: exchange.headers, credential, identity, organizations });
  if (body !== null) headers['content-type'] = 'application/json';
  const redacted = Object.keys(findings).length > 0;
  recorder.request(exchange, redacted ? 'redact' : 'forward', body?.length ?? 0, findings);
  const path = `${upstream.prefix}${exchange.path}${query}`;
  const request = { origin: upstream.origin, path, method: exchange.method, headers, body };
  let tap: Tap | undefined;
  const result = await relay(upstream.dispatcher, request, exchange.outgoing, {
    onHead(status, from) {
      to.account.look(from['anthropic-organization-id']);
      if (status === 401) {
        // The client knows a dummy only: the provider's words about a key would send the person to mend the wrong one.
        recorder.answer(exchange, { status, headers: from, cut: false });
        throw new Refusal('account.rejected', { kind: credential.kind });
      }
      tap = createTap(String(from['content-type'] ?? ''), String(from['content-encoding'] ?? ''), to.provenance);
    },
    onPiece: (piece) => tap?.push(piece),
  });
  if (tap !== undefined) to.provenance.await(tap.end());
  recorder.answer(exchange, result);
}
