// How connections are made where a proxy stands between this machine and the internet: a tunnel is asked of it (CONNECT), and TLS
// begins inside, so that the proxy sees names and sizes as it would without sotto, and nothing else.
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { buildConnector } from 'undici';
import type { ProxyFor } from '../account/index.ts';
import { Refusal } from '../errors/index.ts';

const PATIENCE_MS = 20_000;
const MOST_HEAD = 16 * 1024;

/** Connects for undici: straight, or through the proxy that the host is reached by. */
export function createConnector(
  proxyFor: ProxyFor,
  options: buildConnector.BuildOptions = {},
): buildConnector.connector {
  const straight = buildConnector({ ...options, timeout: PATIENCE_MS });
  return (target, done) => {
    const port = Number(target.port || 443);
    // Plain http goes to this machine itself, or where policy names it word for word.
    const proxy = target.protocol === 'https:' ? proxyFor(target.hostname, port) : undefined;
    if (proxy === undefined) return straight(target, done);
    openTunnel(proxy, target.hostname, port).then(
      (httpSocket) => straight({ ...target, httpSocket }, done),
      (error: Error) => done(error, null),
    );
  };
}

/** Asks a proxy for a tunnel. Throws `gateway.proxy` with what it said, without its name's user and password. */
export function openTunnel(proxy: URL, host: string, port: number): Promise<Socket> {
  const at = `${host}:${port}`;
  const socket = dialProxy(proxy);
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      socket.destroy();
      reject(new Refusal('gateway.proxy', { proxy: proxy.host, why }));
    };
    let head = Buffer.alloc(0);
    const read = (piece: Buffer) => {
      head = Buffer.concat([head, piece]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > MOST_HEAD) fail('its answer is not HTTP');
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1', 0, end))?.[1];
      if (!status?.startsWith('2')) return fail(status === undefined ? 'its answer is not HTTP' : `status ${status}`);
      for (const event of ['data', 'error', 'close', 'timeout']) socket.removeAllListeners(event);
      socket.setTimeout(0).pause();
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      resolve(socket);
    };
    socket.on('data', read);
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'no connection'));
    socket.once('close', () => fail('it hung up'));
    socket.setTimeout(PATIENCE_MS, () => fail('no answer'));
    socket.write(`CONNECT ${at} HTTP/1.1\r\nHost: ${at}\r\n${authorization(proxy)}\r\n`);
  });
}

function dialProxy(proxy: URL): Socket {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  if (proxy.protocol === 'http:') return connectPlain({ host, port: Number(proxy.port || 80) });
  return connectTls({ host, port: Number(proxy.port || 443), servername: host, ALPNProtocols: ['http/1.1'] });
}

function authorization({ username, password }: URL): string {
  if (username === '' && password === '') return '';
  const pair = [username, password].map(decodeURIComponent).join(':');
  return `Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}\r\n`;
}
