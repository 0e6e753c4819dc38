// Where inference goes: the provider, or the base URL that policy or the user set. Plain http only to loopback.
import { Agent, type Dispatcher } from 'undici';
import type { ProxyFor } from '../account/index.ts';
import { Refusal } from '../errors/index.ts';
import { createConnector } from './dial.ts';
import { PROVIDER } from './route.ts';

export interface Upstream {
  readonly origin: string;
  /** Path prefix without a slash at the end. */
  readonly prefix: string;
  /** True when it is the provider's own host: only there account reads are forwarded. */
  readonly isProvider: boolean;
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Throws `gateway.upstream-plain` for plain http to another machine, unless `plain` says that somebody wants it so. */
export function openUpstream(url: URL, plain: boolean, proxyFor: ProxyFor = () => undefined): Upstream {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (plain || LOOPBACK.has(url.hostname)))) {
    throw new Refusal('gateway.upstream-plain', { host: url.host });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Refusal('gateway.target', { why: 'the upstream is a base URL without user, query or fragment' });
  }
  // A model may think for minutes before the first byte: no time limits here, the client has its own.
  const connect = createConnector(proxyFor);
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect, keepAliveTimeout: 30_000 });
  return {
    origin: url.origin,
    prefix: url.pathname.replace(/\/+$/, ''),
    isProvider: url.hostname === PROVIDER,
    dispatcher,
    close: () => dispatcher.destroy(),
  };
}
