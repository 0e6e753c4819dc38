// The two faces on one listener: requests in origin form are for the base URL of inference, CONNECT and absolute form
// are a proxy's. A CONNECT is never tunnelled: its TLS ends here, and what is inside is routed request by request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { Refusal } from '../errors/index.ts';
import type { Authority } from './authority.ts';
import { type Incoming, type Outgoing, plainHeaders } from './exchange.ts';
import { nameOf, parseConnectTarget, parseHostHeader } from './target.ts';

/** Where a request came in. */
export type Door = { kind: 'plain'; localPort: number | undefined } | { kind: 'secure'; host: string };

export interface FacesOptions {
  authority: Authority;
  onRequest(incoming: Incoming, outgoing: Outgoing, door: Door): void;
  /** A request that never became one: a refused CONNECT, a handshake that did not agree, bytes that are not HTTP. */
  onRefused(refusal: Refusal, host: string): void;
  /** True for a host on another port than 443 that may be connected to. */
  isNamed?(host: string): boolean;
  /** Takes over a CONNECT whose bytes policy lets pass unopened; undefined when the host is not such a one. */
  tunnel?(host: string): ((socket: Duplex, head: Buffer) => void) | undefined;
}

export interface Faces {
  accept(socket: Socket): void;
  close(): void;
}

/** A program inside may ask for any name; more than this many at once is an attack on our memory. */
const MOST_HOSTS = 512;
const MOST_HEADER = 64 * 1024;
/** The client keeps connections open between turns; closing one as it sends would look like a failing network. */
const KEEP_ALIVE = 30 * 60_000;
/** Node's own 16 KB is one TLS record of the upstream: each would stop it and start it again, a quarter of the work of relaying. */
const HIGH_WATER = 64 * 1024;

export function createFaces(options: FacesOptions): Faces {
  const sockets = new Set<Duplex>();
  const tlsServers = new Map<string, TlsServer>();
  const outer = httpServer(options, (incoming) => ({ kind: 'plain', localPort: incoming.socket.localPort }));
  const inner = httpServer(options, (incoming) => ({ kind: 'secure', host: targetOf(incoming.socket) }));
  const second = createHttp2({ maxSessionMemory: 64, settings: { enableConnectProtocol: false } });
  second.on('request', (incoming, outgoing) => {
    const host = targetOf((incoming.stream.session as { socket?: unknown } | undefined)?.socket);
    options.onRequest(incoming, outgoing, { kind: 'secure', host });
  });
  second.on('sessionError', () => undefined);

  outer.on('connect', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    connect(incoming, socket, head).catch((error: unknown) => refuseSocket(options, socket, error, ''));
  });
  inner.on('connect', (_incoming: IncomingMessage, socket: Duplex) => {
    refuseSocket(options, socket, new Refusal('gateway.upgrade', { what: 'a tunnel inside a tunnel' }), '');
  });

  async function connect(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const host = parseConnectTarget(incoming.url ?? '');
    const headers = plainHeaders(incoming);
    const isAgreed = headers.host === undefined && incoming.httpVersion === '1.0';
    if (!isAgreed && parseHostHeader(headers.host ?? '', 443) !== host) {
      throw new Refusal('gateway.agree', { one: 'CONNECT target', other: 'Host' });
    }
    if ('content-length' in headers || 'transfer-encoding' in headers) {
      throw new Refusal('gateway.message', { why: 'a CONNECT with a body' });
    }
    if (host.includes(':') && options.isNamed?.(host) !== true) {
      throw new Refusal('gateway.target', { why: 'a port besides 443 that network.allow does not name' });
    }
    const tunnel = options.tunnel?.(host);
    if (tunnel !== undefined) {
      tunnel(socket, head);
      return;
    }
    const ended = await tlsServer(host);
    if (head.length > 0) socket.unshift(head);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    ended.emit('connection', socket);
  }

  /** The server that ends TLS for one host; what comes out of it goes to the server of the protocol that was agreed on. */
  async function tlsServer(host: string): Promise<TlsServer> {
    const made = tlsServers.get(host);
    if (made !== undefined) return made;
    const name = nameOf(host);
    const { key, cert } = await options.authority.leaf(name);
    const ended = createTlsServer({
      key,
      cert,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['h2', 'http/1.1'],
      SNICallback: (named, done) => done(named.toLowerCase() === name ? null : new Error('another host')),
    });
    const disagree = () =>
      options.onRefused(new Refusal('gateway.agree', { one: 'CONNECT target', other: 'SNI' }), host);
    ended.on('secureConnection', (secure) => {
      track(secure);
      if (serverNameOf(secure) !== name) {
        disagree();
        secure.destroy();
        return;
      }
      Object.assign(secure, { [TARGET]: host });
      (secure.alpnProtocol === 'h2' ? second : inner).emit('connection', secure);
    });
    ended.on('tlsClientError', (error) => {
      if (error.message === 'another host') disagree();
    });
    if (tlsServers.size >= MOST_HOSTS) tlsServers.delete(tlsServers.keys().next().value as string);
    tlsServers.set(host, ended);
    return ended;
  }

  function track(socket: Duplex): void {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  }

  return {
    accept(socket) {
      track(socket);
      socket.setNoDelay(true);
      outer.emit('connection', socket);
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function httpServer(options: FacesOptions, door: (incoming: IncomingMessage) => Door): Server {
  // No limit on the time of a request: a long body over a slow disk is not an attack, and inside there is one user.
  const server = createServer({
    maxHeaderSize: MOST_HEADER,
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE,
    highWaterMark: HIGH_WATER,
  });
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    options.onRequest(incoming, outgoing, door(incoming));
  };
  server.on('request', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('upgrade', (_incoming: IncomingMessage, socket: Duplex) => {
    refuseSocket(options, socket, new Refusal('gateway.upgrade', { what: 'a WebSocket or another upgrade' }), '');
  });
  server.on('clientError', (error: Error, socket: Duplex) => {
    const code = 'code' in error ? String(error.code) : '';
    // The other side went away between two requests: nothing was asked.
    if (code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuseSocket(options, socket, new Refusal('gateway.message', { why: 'it is not HTTP/1.1' }), '');
  });
  return server;
}

function refuseSocket(options: FacesOptions, socket: Duplex, error: unknown, host: string): void {
  const refusal = error instanceof Refusal ? error : new Refusal('gateway.message', { why: 'it could not be read' });
  options.onRefused(refusal, host);
  const body = JSON.stringify({
    type: 'error',
    error: { type: 'permission_error', message: `sotto: ${refusal.message}` },
  });
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** What a terminated connection was asked for, kept at its socket: HTTP/2 hands out a stand-in of it that reads through. */
const TARGET = Symbol('target');

function targetOf(socket: unknown): string {
  return (socket as { [TARGET]?: string } | undefined)?.[TARGET] ?? '';
}

/** The SNI name of a terminated connection, in lower case; '' when the client sent none. */
function serverNameOf(socket: unknown): string {
  const name = (socket as { servername?: unknown } | undefined)?.servername;
  return typeof name === 'string' ? name.toLowerCase() : '';
}
