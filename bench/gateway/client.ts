// One client for every way: plain to a base URL, TLS to the upstream itself, or CONNECT and then TLS as behind a proxy.
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

export interface Way {
  name: string;
  /** Sends a body; `onPiece` gets the answer. Resolves when the answer is whole, with the time of its first byte. */
  send(body: Buffer, asked: string, onPiece?: (piece: Buffer) => void): Promise<{ first: number; end: number }>;
  close(): void;
}

export interface WayTo {
  port: number;
  face: 'plain' | 'tls' | 'proxy';
  /** Name in the certificate, and in the Host header. */
  host: string;
  /** PEM of who signed it. */
  ca: string;
}

/** A way that keeps its connections, as Claude Code does. */
export function openWay(name: string, to: WayTo): Way {
  const agent = new Agent({ keepAlive: true });
  if (to.face !== 'plain') {
    agent.createConnection = (_options, done) => {
      void connection(to).then(
        (socket) => done?.(null, socket),
        (error: Error) => done?.(error, undefined as never),
      );
      return undefined as never;
    };
  }
  const host = to.face === 'plain' ? `127.0.0.1:${to.port}` : to.host;
  return {
    name,
    close: () => agent.destroy(),
    send: (body, asked, onPiece) =>
      new Promise((resolve, reject) => {
        const headers = { host, 'content-type': 'application/json', 'content-length': body.length, 'x-app': asked };
        const outgoing = request({ agent, port: to.port, host: '127.0.0.1', method: 'POST', path: PATH, headers });
        outgoing.on('error', reject);
        outgoing.on('response', (response: IncomingMessage) => {
          let first = 0;
          response.on('data', (piece: Buffer) => {
            first ||= performance.now();
            onPiece?.(piece);
          });
          response.on('error', reject);
          response.on('end', () => resolve({ first, end: performance.now() }));
        });
        outgoing.end(body);
      }),
  };
}

const PATH = '/v1/messages';

async function connection({ port, face, host, ca }: WayTo): Promise<Duplex> {
  const tcp = connectTcp({ port, host: '127.0.0.1', noDelay: true });
  if (face === 'proxy') {
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.once('data', () => resolve());
      tcp.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
    });
  }
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket: tcp, servername: host, ca, ALPNProtocols: ['http/1.1'] });
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', reject);
  });
}
