// How hosts besides the provider are reached, those that policy allows or a person said yes to. Every address of a name
// must be public, or none of them is used.
import { type LookupAddress, lookup } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { ProxyFor } from '../account/index.ts';
import { Refusal } from '../errors/index.ts';
import { createConnector, openTunnel } from './dial.ts';
import { isPublicAddress } from './public-address.ts';

export interface Outside {
  readonly dispatcher: Dispatcher;
  /** A bare connection, for hosts that policy lets through unopened: `name`, or `name:port`. */
  connect(host: string): Promise<Socket>;
  close(): Promise<void>;
}

/** Looks a name up: all of its addresses. */
export type Resolve = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const resolveAll: Resolve = (host, done) => lookup(host, { all: true, verbatim: true }, done);

/** Opens the way to public hosts over TLS, straight or through the person's proxy. */
export function openOutside(proxyFor: ProxyFor = () => undefined, resolve: Resolve = resolveAll): Outside {
  const guarded = guardedLookup(resolve);
  const connector = createConnector(proxyFor, { lookup: guarded } as object);
  const dispatcher = new Agent({
    connect(target, done) {
      const isProxied = proxyFor(target.hostname, Number(target.port || 443)) !== undefined;
      if (!isProxied) return connector(target, done);
      refusePrivate(target.hostname, resolve).then(
        () => connector(target, done),
        (error: Error) => done(error, null),
      );
    },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    dispatcher,
    async connect(target) {
      const [host, port] = splitPort(target);
      const proxy = proxyFor(host, port);
      if (proxy === undefined) return connected(connect({ host, port, lookup: guarded }));
      await refusePrivate(host, resolve);
      return openTunnel(proxy, host, port);
    },
    close: () => dispatcher.destroy(),
  };
}

function splitPort(target: string): [host: string, port: number] {
  const [host, port] = target.split(':') as [string, string?];
  return [host, Number(port ?? 443)];
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket.off('error', reject)));
  });
}

/**
 * A proxy looks the name up itself; what this machine knows of it counts all the same. Behind a proxy many names are known to
 * the proxy only, and one that is not found here is not refused.
 */
function refusePrivate(host: string, resolve: Resolve): Promise<void> {
  return new Promise((done, reject) => {
    resolve(host, (error, addresses) => {
      if (error !== null || addresses.every(({ address }) => isPublicAddress(address))) done();
      else reject(new Refusal('gateway.address', { host }));
    });
  });
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
