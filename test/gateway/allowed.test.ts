import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import type { GatewayQuestion } from '../../src/gateway/index.ts';
import { guardedLookup } from '../../src/gateway/outside.ts';
import { isPublicAddress } from '../../src/gateway/public-address.ts';
import { connect as connectProxy, talkSecure } from './proxy.ts';
import { GITHUB, openSetting, type Setting } from './setting.ts';

const HOST = 'registry.example.com';
const entry = (more: object = {}) => ({
  host: HOST,
  methods: ['GET', 'POST'],
  path: '/',
  opaque: false,
  reason: 'test',
  ...more,
});

/** Another host, reached over plain bytes on loopback; what arrives there is written down. */
let arrived: string[] = [];
const other = createServer(async (incoming, outgoing) => {
  let text = `${incoming.method} ${incoming.url} ${JSON.stringify(incoming.headers)} `;
  for await (const part of incoming) text += part;
  arrived.push(text);
  outgoing.setHeader('x-from', 'other').end('there');
});
const reach = () => connect((other.address() as AddressInfo).port, '127.0.0.1');

let setting: Setting;
async function open(entries: object[], ask?: (question: GatewayQuestion) => Promise<'once' | 'session' | 'no'>) {
  const dispatcher = new Agent({
    connect: (_options, done) => {
      const socket = reach();
      socket.once('connect', () => done(null, socket));
    },
  });
  const outside = { dispatcher, connect: reach, close: () => dispatcher.destroy() };
  setting = await openSetting({
    policy: { network: { allow: entries as never } },
    gateway: { outside, ...(ask === undefined ? {} : { ask }) },
  });
}
beforeEach(async () => {
  arrived = [];
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await setting.close();
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
});

const send = (bytes: string, host = HOST) => talkSecure(setting, host, bytes, { ALPNProtocols: ['http/1.1'] });
const get = (path: string, host = HOST, more = '') =>
  send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`, host);
const post = (body: string | Buffer, more = '') =>
  send(`POST /x HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${body.length}\r\n${more}\r\n${body.toString('latin1')}`);

describe('a host that policy allows', () => {
  it('is reached with what the program sent, and its answer comes back', async () => {
    await open([entry()]);
    expect(await get('/left-pad?x=1', HOST, 'Authorization: Bearer of-the-program\r\n')).toMatch(
      /^HTTP\/1.1 200[\s\S]*there$/,
    );
    expect(arrived[0]).toMatch(/^GET \/left-pad\?x=1 .*of-the-program/);
    expect(setting.events[0]).toMatchObject({ host: HOST, path: '/left-pad', verdict: 'forward' });
  });

  it.each([
    ['another method', () => send(`DELETE /x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)],
    ['a secret in the path', () => get(`/${GITHUB}`)],
    ['a secret in the query', () => get(`/x?q=${GITHUB}`)],
    [
      'a secret in the query, escaped',
      () => get(`/x?q=${[...GITHUB].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}`),
    ],
    ['a secret in a header', () => get('/x', HOST, `X-Note: ${GITHUB}\r\n`)],
    [
      'a secret in a header, in base64',
      () => get('/x', HOST, `Authorization: Basic ${Buffer.from(`u:${GITHUB}`).toString('base64')}\r\n`),
    ],
    ['a secret in the body', () => post(`note=${GITHUB}`)],
    ['a secret in a compressed body', () => post(gzipSync(GITHUB).toString('latin1'), 'Content-Encoding: gzip\r\n')],
    ['an archive', () => post(gzipSync('x').toString('latin1'))],
  ])('gets nothing of a request with %s', async (_what, run) => {
    await open([entry()]);
    expect(await run()).toMatch(/^HTTP\/1\.1 4(?:03|51)/);
    expect(arrived).toEqual([]);
  });

  it('is a prefix of paths, or every name below one', async () => {
    await open([entry({ host: '*.example.com', path: '/pkg' })]);
    expect(await get('/pkg/x')).toMatch(/^HTTP\/1.1 200/);
    expect(await get('/pkgx')).toMatch(/^HTTP\/1.1 403/);
    for (const path of ['/pkg/../x', '/pkg/%2e%2e/x', '/pkg/..%2fx', '/pkg/.//../x', '/pkg/..;/x']) {
      expect(await get(path)).toMatch(/^HTTP\/1.1 403/);
    }
    expect(await get('/pkg', 'example.com')).toMatch(/^HTTP\/1.1 403/);
    expect(await get('/pkg', 'badexample.com')).toMatch(/^HTTP\/1.1 403/);
  });

  it('never adds to what the provider may be asked', async () => {
    await open([entry({ host: 'api.anthropic.com' })]);
    expect(await get('/v1/files', 'api.anthropic.com')).toMatch(/^HTTP\/1.1 403/);
    expect(arrived).toEqual([]);
  });

  it('is tunnelled unopened only where policy says opaque', async () => {
    await open([entry({ opaque: true })]);
    const socket = await connectProxy(setting.port, `${HOST}:443`);
    if (typeof socket === 'string') throw new Error(socket);
    socket.write(`GET /raw HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toMatch(/there$/);
    expect(setting.events[0]).toMatchObject({ host: HOST, method: 'CONNECT', verdict: 'forward' });
  });
});

describe('a host that nobody named', () => {
  it('is asked for, once for connections side by side, and remembered for the session where so answered', async () => {
    const questions: GatewayQuestion[] = [];
    await open([], async (question) => {
      questions.push(question);
      return 'session';
    });
    await Promise.all([get('/a'), get('/b')]);
    await get('/c');
    expect(questions).toMatchObject([{ what: 'host', host: HOST, method: 'GET' }]);
    expect(arrived).toHaveLength(3);
  });

  it('stays closed when the answer is no', async () => {
    await open([], async () => 'no');
    expect(await get('/a')).toMatch(/^HTTP\/1.1 403/);
    expect(arrived).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    'fd00:ec2::254',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700::1111'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('of a name are used only when all of them are public', async () => {
    await open([]);
    const answers = [['1.1.1.1'], ['1.1.1.1', '127.0.0.1'], []];
    const lookup = guardedLookup((_host, done) =>
      done(
        null,
        (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
      ),
    );
    const ask = () =>
      new Promise((resolve) => lookup('x.example.com', { all: true }, (error, all) => resolve(error ?? all)));
    expect(await ask()).toEqual([{ address: '1.1.1.1', family: 4 }]);
    expect(await ask()).toBeInstanceOf(Refusal);
    expect(await ask()).toBeInstanceOf(Refusal);
  });
});
