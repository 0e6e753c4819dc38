// The processes of the bench: an upstream that answers over TLS, the gateway, and relays that copy bytes and know nothing.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTls, type TLSSocket } from 'node:tls';
import { getHeapStatistics } from 'node:v8';
import { createAuthority } from '../../src/gateway/authority.ts';
import { createGateway } from '../../src/gateway/index.ts';
import { openLedger } from '../../src/ledger/index.ts';
import { loadPolicy } from '../../src/policy/index.ts';
import { createVault } from '../../src/redact/index.ts';
import { createScanner, prepareScanner } from '../../src/scan/index.ts';
import { openWay, type Way } from './client.ts';
import { answerAs } from './upstream.ts';

/** What a process says about itself; milliseconds of processor time, bytes. */
export interface Usage {
  cpu: number;
  heap: number;
  rss: number;
}

export interface Role {
  /** `memory`: what is left after a collection. */
  usage(what?: 'time' | 'memory'): Promise<Usage>;
}

export interface Roles {
  none: Way;
  base: Way;
  proxy: Way;
  bareBase: Way;
  bareProxy: Way;
  gateway: Role;
  relay: Role;
  stop(): Promise<void>;
}

interface Ready {
  port: number;
  second?: number;
  authority?: string;
}

const PROVIDER = 'api.anthropic.com';

/** Starts every process from the bundle `file`. */
export async function startRoles(file: string): Promise<Roles> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const authority = await createAuthority();
  const ca = join(folder, 'ca.pem');
  const leaf = join(folder, 'leaf.json');
  writeFileSync(ca, authority.certificate);
  writeFileSync(leaf, JSON.stringify(await authority.leaf('localhost')), { mode: 0o600 });
  const children: ChildProcess[] = [];
  const start = async (...args: string[]): Promise<[ChildProcess, Ready]> => {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
    const child = fork(file, ['role', ...args], { env, execArgv: ['--expose-gc'] });
    children.push(child);
    return [child, (await said(child)) as Ready];
  };
  const [, upstream] = await start('upstream', leaf);
  const port = String(upstream.port);
  const [gateway, at] = await start('gateway', port, folder);
  const [relay, bare] = await start('relay', port, leaf);
  const own = { host: 'localhost', ca: authority.certificate };
  const ways = {
    none: openWay('none', { port: upstream.port, face: 'tls', ...own }),
    base: openWay('base URL', { port: at.port, face: 'plain', ...own }),
    proxy: openWay('proxy', { port: at.port, face: 'proxy', host: PROVIDER, ca: at.authority as string }),
    bareBase: openWay('bytes to TLS', { port: bare.port, face: 'plain', ...own }),
    bareProxy: openWay('TLS to TLS', { port: bare.second as number, face: 'tls', ...own }),
  };
  return {
    ...ways,
    gateway: roleOf(gateway),
    relay: roleOf(relay),
    async stop() {
      for (const way of Object.values(ways)) way.close();
      for (const child of children) child.disconnect();
      rmSync(folder, { recursive: true });
    },
  };
}

function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('a process of the bench ended'));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message);
    });
  });
}

function roleOf(child: ChildProcess): Role {
  return {
    async usage(what = 'time') {
      const answer = said(child);
      child.send(what);
      return (await answer) as Usage;
    },
  };
}

/** The program of one process: a name and its arguments. */
export async function playRole([name, ...args]: readonly string[]): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (what) => {
    // Collecting takes time of its own, which is not the gateway's.
    if (what === 'memory') (globalThis as { gc?: () => void }).gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.({
      cpu: (user + system) / 1000,
      heap: getHeapStatistics().used_heap_size,
      rss: process.memoryUsage.rss(),
    } satisfies Usage);
  });
  if (name === 'upstream') await serveUpstream(args);
  if (name === 'gateway') await serveGateway(args);
  if (name === 'relay') await serveRelay(args);
}

async function leafOf(file: string | undefined): Promise<{ key: string; cert: string }> {
  return (await import(file as string, { with: { type: 'json' } })).default;
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

async function serveUpstream([leaf]: readonly string[]): Promise<void> {
  const server = createHttps(await leafOf(leaf), answerAs);
  process.send?.({ port: await listening(server) });
}

async function serveGateway([upstream, folder]: readonly string[]): Promise<void> {
  const listener = createServer();
  const gateway = await createGateway({
    listeners: [listener],
    scanner: createScanner(await prepareScanner({ packs: [], allow: [], personalData: false })),
    vault: createVault(),
    policy: await loadPolicy({ root: folder as string, home: folder as string, env: {} }),
    credential: {
      kind: 'api-key',
      read: async () => ({ kind: 'api-key', headers: { 'x-api-key': 'bench' }, oauth: false }),
    },
    upstream: new URL(`https://localhost:${upstream}`),
    ledger: openLedger({ folder: join(folder as string, 'state', 'ledger'), session: 'bench' }),
  });
  process.send?.({ port: await listening(listener), authority: gateway.authority });
}

/** The least that a process in the middle can do: end one TLS, begin the other, copy. */
async function serveRelay([upstream, leaf]: readonly string[]): Promise<void> {
  const join = (socket: Socket | TLSSocket) => {
    const remote = connectTls({ port: Number(upstream), host: 'localhost' });
    socket.setNoDelay(true);
    socket.pipe(remote).pipe(socket);
    socket.on('error', () => remote.destroy());
    remote.on('error', () => socket.destroy());
  };
  const plain = createServer(join);
  const secure = createTls(await leafOf(leaf), join);
  process.send?.({ port: await listening(plain), second: await listening(secure) });
}
