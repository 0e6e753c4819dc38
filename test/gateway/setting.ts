// A gateway between a plain client and a recording upstream on loopback: what the tests of this room stand on.
import { createServer as createHttp, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import type { CredentialSource } from '../../src/account/index.ts';
import { createGateway, type Gateway, type GatewayEvent, type GatewayOptions } from '../../src/gateway/index.ts';
import type { Ledger, LedgerEvent } from '../../src/ledger/index.ts';
import type { Policy } from '../../src/policy/index.ts';
import { createVault, type Vault } from '../../src/redact/index.ts';
import { createScanner, prepareScanner, type Scanner } from '../../src/scan/index.ts';
import { PACK } from '../scan/token.ts';
import { makePolicy } from '../support/policy.ts';

/** Made-up secrets, put together at run time. */
export const GITHUB = ['ghp', `${'a1B2c3D4e5'.repeat(3)}3tDovh`].join('_');

/** What the gateway puts on the wire for whatever the client sends. */
export const REAL_KEY = 'real-key-of-the-test';

export const POLICY: Policy = makePolicy('/project', { images: 'refuse' });

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  body: Buffer;
}

export interface Setting {
  gateway: Gateway;
  port: number;
  /** Port of the upstream itself. */
  upstream: number;
  /** Requests that reached the upstream. */
  received: Received[];
  events: GatewayEvent[];
  ledger: LedgerEvent[];
  vault: Vault;
  close(): Promise<void>;
}

export interface SettingOptions {
  answer?: (request: Received, response: ServerResponse) => void;
  policy?: Partial<Policy>;
  credential?: CredentialSource;
  ledger?: Ledger;
  prefix?: string;
  gateway?: Partial<GatewayOptions>;
}

let scanner: Promise<Scanner> | undefined;

/** The real scanner with the built-in packs, made once a test file. */
export function realScanner(): Promise<Scanner> {
  scanner ??= prepareScanner({ packs: [PACK], allow: [], personalData: false }).then((prepared) =>
    createScanner(prepared),
  );
  return scanner;
}

export const apiKey: CredentialSource = {
  kind: 'api-key',
  read: async () => ({ kind: 'api-key', headers: { 'x-api-key': REAL_KEY }, oauth: false }),
};

/** Opens upstream and gateway on loopback. */
export async function openSetting(options: SettingOptions = {}): Promise<Setting> {
  const received: Received[] = [];
  const upstream = createHttp(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { method = '', url = '', headers, rawHeaders } = incoming;
    const got = { method, url, headers, rawHeaders, body: Buffer.concat(parts) };
    received.push(got);
    if (options.answer !== undefined) options.answer(got, response);
    else
      response.setHeader('request-id', 'req_1').setHeader('content-type', 'application/json').end('{"type":"message"}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const events: GatewayEvent[] = [];
  const lines: LedgerEvent[] = [];
  const vault = createVault();
  const gateway = await createGateway({
    listeners: [listener],
    scanner: await realScanner(),
    vault,
    policy: { ...POLICY, ...options.policy },
    credential: options.credential ?? apiKey,
    upstream: new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}${options.prefix ?? ''}`),
    ledger: options.ledger ?? { path: '', append: (event) => lines.push(event), close: () => undefined },
    onEvent: (event) => events.push(event),
    ...options.gateway,
  });
  return {
    gateway,
    upstream: (upstream.address() as AddressInfo).port,
    port: (listener.address() as AddressInfo).port,
    received,
    events,
    ledger: lines,
    vault,
    async close() {
      await gateway.close();
      listener.close();
      upstream.closeAllConnections();
      await new Promise((resolve) => upstream.close(resolve));
    },
  };
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  trailers: IncomingMessage['trailers'];
  body: Buffer;
}

/** Sends one request to the base-URL face. */
export function ask(
  setting: { port: number },
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: setting.port,
        method,
        path,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers, trailers } = response;
          resolve({ status: statusCode, headers, trailers, body: Buffer.concat(parts) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A body as the client makes it, with one user message. */
export function bodyWith(text: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    model: 'claude-test',
    messages: [{ role: 'user', content: text }],
    system: [{ type: 'text', text: 'You are a test.' }],
    max_tokens: 16,
    stream: false,
    ...more,
  });
}

export const sentence = (answer: Answer): string => JSON.parse(answer.body.toString()).error.message as string;
