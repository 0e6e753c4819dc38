// An internet of the test's own: programs started in it find every name, and every connection they make ends here.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import { type Authority, createAuthority } from '../../src/gateway/authority.ts';
import { packageRoot } from '../../src/host/index.ts';

export interface Internet {
  /** Names that were asked of the DNS. */
  readonly asked: readonly string[];
  /** Who was connected to: the name of the handshake, or the port where there was none. */
  readonly reached: readonly string[];
  /** Targets that the proxy of this internet was asked for, with the user who asked. */
  readonly proxied: readonly string[];
  /** A file with the authority that vouches for every host here. */
  readonly authority: string;
  /** A program as it is started in this internet, in a folder: a change of the mount namespace forgets the one it had. */
  wrap(cwd: string, file: string, args: readonly string[]): { file: string; args: string[] };
  close(): void;
}

/**
 * Opens it: a user, network and mount namespace with one process that is every host.
 * @param certificates made for another name, or at another time, than they should be
 * @param hosts URL of the plain server, on the test's loopback, that stands behind a name; the others only count who came
 */
export async function openInternet(
  folder: string,
  hosts: Readonly<Record<string, string>>,
  certificates: { at?: Date; name?: string } = {},
): Promise<Internet> {
  const asked: string[] = [];
  const reached: string[] = [];
  const proxied: string[] = [];
  mkdirSync(folder, { recursive: true });
  const authority = await createAuthority(certificates.at);
  writeFileSync(join(folder, 'ca.pem'), authority.certificate);
  const behind = tlsServer(authority, hosts, reached, certificates.name);
  const listeners = [
    createServer((socket) => behind.emit('connection', socket)).listen(join(folder, '443')),
    createServer((socket) => proxy(socket, proxied, behind)).listen(join(folder, String(PROXY_PORT))),
    createServer((socket) => {
      reached.push('port 80');
      socket.destroy();
    }).listen(join(folder, '80')),
  ];
  const child = start(folder, ['443', '80', String(PROXY_PORT)]);
  await ready(child, asked);
  const enter = ['-t', String(child.pid), '-U', '-m', '-n', '--preserve-credentials', '--'];
  const inFolder = ['sh', '-c', 'cd "$0" && exec "$@"'];
  return {
    asked,
    reached,
    proxied,
    authority: join(folder, 'ca.pem'),
    wrap: (cwd, file, args) => ({ file: 'nsenter', args: [...enter, ...inFolder, cwd, file, ...args] }),
    close() {
      child.kill('SIGKILL');
      for (const listener of listeners) listener.close();
    },
  };
}

function tlsServer(
  authority: Authority,
  hosts: Readonly<Record<string, string>>,
  reached: string[],
  name: string | undefined,
): Server {
  const server = createTlsServer({
    SNICallback(host, done) {
      reached.push(host);
      authority.leaf(name ?? host).then((leaf) => done(null, createSecureContext(leaf)), done);
    },
  });
  server.on('secureConnection', (socket) => {
    const { servername } = socket;
    const url = typeof servername === 'string' ? hosts[servername] : undefined;
    if (url === undefined) socket.destroy();
    else joinSockets(socket, connect(Number(new URL(url).port), '127.0.0.1'));
  });
  server.on('tlsClientError', () => undefined);
  return server;
}

/** The port of a proxy at every address; it takes whoever says a user. */
export const PROXY_PORT = 3128;

function proxy(socket: Socket, proxied: string[], behind: Server): void {
  let head = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', function read(piece: Buffer) {
    head += piece.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    socket.off('data', read).pause();
    const target = /^CONNECT (\S+) /.exec(head)?.[1] ?? head.split('\r\n')[0];
    const user = /^proxy-authorization: basic (\S+)/im.exec(head)?.[1];
    proxied.push(
      `${
        Buffer.from(user ?? '', 'base64')
          .toString()
          .split(':')[0]
      } ${target}`,
    );
    if (user === undefined) socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    else {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      behind.emit('connection', socket);
    }
  });
}

function joinSockets(one: Socket, other: Socket): void {
  for (const side of [one, other]) side.on('error', () => [one, other].map((each) => each.destroy()));
  one.pipe(other).pipe(one);
}

function start(folder: string, ports: readonly string[]): ChildProcess {
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files dns\n');
  const script = [
    'ip link set lo up',
    // Every address is this machine.
    'ip route add local 0.0.0.0/0 dev lo',
    ...['resolv.conf', 'nsswitch.conf'].map((name) => `mount --bind "$1/${name}" /etc/${name}`),
    'shift && exec "$@"',
  ].join(' && ');
  const program = [process.execPath, join(packageRoot(), 'test/support/internet.js'), folder, ...ports];
  const flags = ['--user', '--map-root-user', '--net', '--mount'];
  return spawn('unshare', [...flags, 'sh', '-c', script, 'sh', folder, ...program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function ready(child: ChildProcess, asked: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('no namespace for the test’s internet')));
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = chunk.toString().trim().split('\n');
      asked.push(...lines.filter((line) => line !== 'ready'));
      if (lines.includes('ready')) resolve();
    });
  });
}
