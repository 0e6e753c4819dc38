// How hosts besides the provider are reached, those that policy allows or a person said yes to. Every address of a name
// must be public, or none of them is used.
import { type LookupAddress, lookup } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { Refusal } from '../errors/index.ts';
import { isPublicAddress } from './public-address.ts';

export interface Outside {
  readonly dispatcher: Dispatcher;
  /** A bare connection, for hosts that policy lets through unopened. */
  connect(host: string): Socket;
  close(): Promise<void>;
}

type Resolve = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const resolveAll: Resolve = (host, done) => lookup(host, { all: true, verbatim: true }, done);

/** Opens the way to public hosts over TLS on port 443. */
export function openOutside(resolve: Resolve = resolveAll): Outside {
  const guarded = guardedLookup(resolve);
  const dispatcher = new Agent({
    connect: { lookup: guarded, timeout: 20_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    dispatcher,
    connect: (host) => connect({ host, port: 443, lookup: guarded }),
    close: () => dispatcher.destroy(),
  };
}

/** A lookup as sockets call it; fails with the refusal `gateway.address` when one address of the name is not public. */
export function guardedLookup(resolve: Resolve = resolveAll): LookupFunction {
  return (host, options, done) => {
    resolve(host, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return done(new Refusal('gateway.address', { host }), '', 0);
      }
      if (options.all) (done as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
