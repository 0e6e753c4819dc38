// What the gateway costs: time to first byte and throughput with it and without it, taken in turns in one run.
//   npm run bench:gateway                   1 MB bodies of which 20 KB are new at each turn
//   npm run bench:gateway -- --turns 1000   longer, and see memory stay flat

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createGateway } from '../src/gateway/index.ts';
import { openLedger } from '../src/ledger/index.ts';
import { loadPolicy } from '../src/policy/index.ts';
import { createVault } from '../src/redact/index.ts';
import { createScanner, prepareScanner } from '../src/scan/index.ts';

const BODY = 1024 * 1024;
const NEW = 20 * 1024;
const ANSWER = 64 * 1024 * 1024;

interface Ports {
  direct: number;
  gateway: number;
}

export async function bench(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--turns');
  const turns = at < 0 ? 200 : Number(args[at + 1]);
  const upstream = await start('upstream', 0);
  const gateway = await start('gateway', upstream.port);
  const ports = { direct: upstream.port, gateway: gateway.port };
  await firstBytes(ports, turns, gateway.worker);
  await throughput(ports);
  await Promise.all([upstream.worker.terminate(), gateway.worker.terminate()]);
  return 0;
}

/** Upstream, gateway and client have a thread each, as they have a machine or a process each in use. */
function start(role: 'upstream' | 'gateway', upstream: number): Promise<{ worker: Worker; port: number }> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { bench: role, upstream } });
  return new Promise((resolve, reject) => {
    worker.once('message', (port: number) => resolve({ worker, port }));
    worker.once('error', reject);
  });
}

if (!isMainThread && workerData?.bench === 'upstream') serveUpstream();
if (!isMainThread && workerData?.bench === 'gateway') await serveGateway(workerData.upstream as number);

function serveUpstream(): void {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => {
      outgoing.writeHead(200, { 'content-type': 'text/plain' });
      if (incoming.headers['x-app'] !== 'cli-bg') {
        outgoing.end('first');
        return;
      }
      let left = ANSWER;
      const more = () => {
        while (left > 0) {
          left -= piece.length;
          if (!outgoing.write(piece)) {
            outgoing.once('drain', more);
            return;
          }
        }
        outgoing.end();
      };
      more();
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

async function serveGateway(upstream: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const listener = createListener();
  await createGateway({
    listeners: [listener],
    scanner: createScanner(await prepareScanner({ packs: [], allow: [], personalData: false })),
    vault: createVault(),
    policy: await loadPolicy({ root: folder, home: folder, env: {} }),
    credential: {
      kind: 'api-key',
      read: async () => ({ kind: 'api-key', headers: { 'x-api-key': 'bench' }, oauth: false }),
    },
    upstream: new URL(`http://127.0.0.1:${upstream}`),
    ledger: openLedger({ folder: join(folder, 'ledger'), session: 'bench' }),
  });
  // The ledger's file stays open and is written on; its folder need not be found any more.
  rmSync(folder, { recursive: true });
  listener.listen(0, '127.0.0.1', () => parentPort?.postMessage((listener.address() as AddressInfo).port));
  parentPort?.on('message', () => parentPort?.postMessage(getHeapStatistics().used_heap_size));
}

/** Live memory of the gateway's thread. */
function heapOf(gateway: Worker): Promise<number> {
  return new Promise((resolve) => {
    gateway.once('message', resolve);
    gateway.postMessage('heap');
  });
}

/** Each turn is sent both ways, the first way first at every other turn. */
async function firstBytes(ports: Ports, turns: number, gateway: Worker): Promise<void> {
  const direct: number[] = [];
  const through: number[] = [];
  const cold: number[] = [];
  for (let run = 0; run < 5; run++)
    cold.push(await firstByte(ports.gateway, bodyOf(conversation(BODY, `cold ${run}`))));
  const messages = conversation(BODY - NEW, 'warm');
  await firstByte(ports.gateway, bodyOf(messages));
  const before = await heapOf(gateway);
  for (let turn = 0; turn < turns; turn++) {
    // Each turn's body has 20 KB that no earlier one had, and everything else of the last one.
    messages.push({ role: 'user', content: [{ type: 'text', text: textOf(NEW, `turn ${turn}`) }] });
    const body = bodyOf(messages);
    messages.pop();
    const ways: [number, number[]][] = [
      [ports.direct, direct],
      [ports.gateway, through],
    ];
    for (const [port, times] of turn % 2 === 0 ? ways : ways.reverse()) times.push(await firstByte(port, body));
  }
  const added = through.map((time, turn) => time - (direct[turn] as number));
  console.log(`time to first byte, 1 MB body, 20 KB new, ${turns} turns (ms)      p50      p99`);
  line('without', direct);
  line('with', through);
  line('added at each turn', added);
  line('with, nothing remembered (5 bodies)', cold);
  console.log(`heap of the gateway before and after: ${mb(before)} and ${mb(await heapOf(gateway))} MB`);
}

async function throughput(ports: Ports): Promise<void> {
  const rates: Record<string, number[]> = { direct: [], gateway: [] };
  for (let run = 0; run < 3; run++) {
    for (const way of ['direct', 'gateway'] as const) {
      const start = performance.now();
      await send(ports[way], bodyOf([]), 'cli-bg');
      rates[way]?.push(ANSWER / 1024 / 1024 / ((performance.now() - start) / 1000));
    }
  }
  const [direct, gateway] = [Math.max(...(rates.direct ?? [])), Math.max(...(rates.gateway ?? []))];
  console.log(
    `answer of 64 MB: ${direct.toFixed(0)} MB/s without, ${gateway.toFixed(0)} MB/s with: ${((100 * gateway) / direct).toFixed(0)} %`,
  );
}

async function firstByte(port: number, body: string): Promise<number> {
  const start = performance.now();
  const response = await send(port, body, 'cli', true);
  return response - start;
}

const agent = new Agent({ keepAlive: true });

/** Resolves with the time of the first byte of the answer, or at its end. */
function send(port: number, body: string, app: string, first = false): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-app': app };
    const outgoing = request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/v1/messages', headers });
    outgoing.on('error', reject);
    outgoing.on('response', (response: IncomingMessage) => {
      let time = 0;
      response.on('data', () => {
        time ||= performance.now();
      });
      response.on('end', () => resolve(first ? time : performance.now()));
    });
    outgoing.end(body);
  });
}

type Message = { role: string; content: unknown };

function conversation(size: number, name: string): Message[] {
  const messages: Message[] = [];
  for (let bytes = 0; bytes < size; bytes += 8 * 1024) {
    messages.push({
      role: bytes % 16384 === 0 ? 'user' : 'assistant',
      content: [{ type: 'text', text: textOf(8 * 1024, `${name} ${bytes}`) }],
    });
  }
  return messages;
}

function bodyOf(messages: readonly Message[]): string {
  return JSON.stringify({
    model: 'bench',
    messages,
    system: [{ type: 'text', text: textOf(7 * 1024, 'system') }],
    max_tokens: 1,
    stream: true,
  });
}

/** Text like source code. */
function textOf(size: number, name: string): string {
  const lines: string[] = [];
  for (let bytes = 0, at = 0; bytes < size; at++) {
    const text = `${at}\tconst value${at} = await load('${name}/${at * 7919}', { "retries": ${at % 9}, path: '/usr/share/${at}' });\n`;
    lines.push(text);
    bytes += text.length;
  }
  return lines.join('');
}

function line(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number).toFixed(2);
  console.log(`${what.padEnd(62)} ${at(0.5).padStart(8)} ${at(0.99).padStart(8)}`);
}

const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
