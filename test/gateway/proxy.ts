// A client of the proxy face: CONNECT, TLS with the session's authority, then HTTP/1.1 or HTTP/2.
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

/** Sends bytes as they are and returns everything that came back until the other side closed or `done` says enough. */
export function talk(port: number, bytes: string | Buffer, done: (text: string) => boolean = whole): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    exchangeBytes(socket, bytes, done, resolve);
  });
}

/** A CONNECT by hand; gives the socket when it was granted, else the answer. */
export function connect(port: number, target: string, headers = `Host: ${target}`): Promise<Socket | string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1');
    let text = '';
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    socket.on('data', function read(part) {
      text += part.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      if (!text.startsWith('HTTP/1.1 200')) return;
      socket.off('data', read);
      socket.removeAllListeners('close');
      resolve(socket);
    });
    socket.write(`CONNECT ${target} HTTP/1.1\r\n${headers}\r\n\r\n`);
  });
}

/** TLS to a host, or `host:port`, through the gateway; rejects when the handshake fails. */
export async function secure(
  setting: { port: number; gateway: { authority: string } },
  host: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const [name, port = '443'] = host.split(':') as [string, string?];
  const socket = await connect(setting.port, `${name}:${port}`);
  if (typeof socket === 'string') throw new Error(`not granted: ${socket}`);
  return new Promise((resolve, reject) => {
    const tls = connectTls({ socket, servername: name, ca: setting.gateway.authority, ...options });
    tls.once('secureConnect', () => resolve(tls));
    tls.once('error', reject);
    tls.once('close', () => reject(new Error('closed')));
  });
}

/** {@link talk} inside a terminated connection. */
export async function talkSecure(
  setting: { port: number; gateway: { authority: string } },
  host: string,
  bytes: string | Buffer,
  options: ConnectionOptions = {},
): Promise<string> {
  const tls = await secure(setting, host, options);
  return new Promise((resolve) => exchangeBytes(tls, bytes, whole, resolve));
}

function exchangeBytes(
  socket: Socket,
  bytes: string | Buffer,
  done: (text: string) => boolean,
  resolve: (text: string) => void,
) {
  let text = '';
  socket.on('data', (part: Buffer) => {
    text += part.toString('latin1');
    if (done(text)) socket.destroy();
  });
  socket.on('error', () => resolve(text));
  socket.on('close', () => resolve(text));
  socket.write(bytes);
}

/** One answer with its length is there in full. */
function whole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(text);
  return head >= 0 && length !== null && text.length >= head + 4 + Number(length[1]);
}
