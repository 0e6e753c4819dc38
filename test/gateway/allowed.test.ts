import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import type { GatewayQuestion } from '../../src/gateway/index.ts';
import { guardedLookup, type Resolve } from '../../src/gateway/outside.ts';
import { isPublicAddress } from '../../src/gateway/public-address.ts';
import { connect as connectProxy, secure, talk, talkSecure } from './proxy.ts';
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
  const outside = { dispatcher, connect: async () => reach(), close: () => dispatcher.destroy() };
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

  it('is meant on the port of https, unless policy names another', async () => {
    await open(
      [entry({ host: '*.example.com:8443' }), entry({ host: 'plain.example.com:443' })],
      async () => 'session',
    );
    expect(await get('/x', `${HOST}:8443`)).toMatch(/^HTTP\/1.1 200/);
    expect(await get('/x', 'plain.example.com')).toMatch(/^HTTP\/1.1 200/);
    for (const target of [
      `${HOST}:8444`,
      'plain.example.com:8443.',
      'elsewhere.test:8443',
      `${HOST}:22`,
      `${HOST}:0`,
      `${HOST}:99999`,
    ]) {
      expect(await connectProxy(setting.port, target), target).toMatch(/^HTTP\/1\.1 403/);
    }
    expect(arrived).toHaveLength(2);
    const other = await send(`GET /x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, `${HOST}:8443`);
    expect(other).toMatch(/^HTTP\/1.1 403/);
  });

  it('is told apart by its port in HTTP/2 too', async () => {
    await open([entry({ host: `${HOST}:8443` })]);
    const socket = await secure(setting, `${HOST}:8443`, { ALPNProtocols: ['h2'] });
    const session = connectHttp2(`https://${HOST}:8443`, { createConnection: () => socket });
    const stream = session.request({ ':path': '/x' });
    const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    session.destroy();
    expect(status).toBe(200);
    expect(setting.events[0]).toMatchObject({ host: `${HOST}:8443`, verdict: 'forward' });
  });

  it('gets nothing over plain http, and the program is told why', async () => {
    await open([entry()]);
    const answer = await talk(setting.port, `GET http://${HOST}/x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 403[\s\S]*is not encrypted/);
    expect(arrived).toEqual([]);
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
    { description: 'loopback', addresses: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'] },
    {
      description: 'private',
      addresses: ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1'],
    },
    { description: 'link-local', addresses: ['169.254.1.1', 'fe80::1', 'fec0::1'] },
    {
      description: 'metadata of a cloud',
      addresses: ['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254'],
    },
    {
      description: 'shared, test, broadcast',
      addresses: ['100.64.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.9', '255.255.255.255'],
    },
    { description: 'multicast', addresses: ['224.0.0.1', '239.255.255.250', 'ff02::1'] },
    { description: 'unspecified', addresses: ['0.0.0.0', '0.1.2.3', '::'] },
    {
      description: 'mapped',
      addresses: ['::ffff:127.0.0.1', '::ffff:a00:1', '::FFFF:169.254.169.254', '0:0:0:0:0:ffff:7f00:1'],
    },
    { description: 'mapped, of a public one', addresses: ['::ffff:1.1.1.1'] },
    { description: 'compatible and translated', addresses: ['::7f00:1', '::127.0.0.1', '::ffff:0:127.0.0.1'] },
    { description: 'NAT64', addresses: ['64:ff9b::a9fe:a9fe', '64:ff9b::10.0.0.1', '64:ff9b:1::a00:1'] },
    { description: '6to4 and Teredo', addresses: ['2002:7f00:1::', '2002:a9fe:a9fe::1', '2001:0:a00:1::'] },
    { description: 'with a zone', addresses: ['fe80::1%eth0', '2606:4700::1111%lo'] },
    { description: 'documentation and discard', addresses: ['2001:db8::1', '3fff::1', '100::1', '5f00::1'] },
    {
      description: 'odd spellings',
      addresses: ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '127.0.0.1.', '[::1]', 'localhost', ''],
    },
  ])('that are $description are not public', ({ addresses }) => {
    expect(addresses.filter((address) => isPublicAddress(address))).toEqual([]);
  });

  it.each([
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
  ])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...[
      '127.0.0.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '0177.0.0.1',
      '127.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[fe80::1%25eth0]',
    ],
    ...[
      'localhost',
      'LOCALHOST',
      'ip6-localhost',
      'metadata',
      '169.254.169.254',
      '\u0661.example.com',
      'a.0x7f',
      'a.1',
    ],
  ])('%s is no name to connect to', async (host) => {
    await open([], async () => 'session');
    const answer = await connectProxy(setting.port, `${host}:443`);
    expect(answer).toMatch(/^HTTP\/1\.1 4/);
    expect(arrived).toEqual([]);
  });

  it.each([
    ['private', ['10.0.0.1']],
    ['public and private', ['93.184.216.34', '192.168.0.1']],
    ['private and public', ['127.0.0.1', '93.184.216.34']],
    ['public and mapped', ['93.184.216.34', '::ffff:127.0.0.1']],
    ['public first, private at the next question', ['93.184.216.34'], ['169.254.169.254']],
  ])('of a name: %s are not connected to, opened or not', async (_what, ...answers) => {
    const queue = answers as string[][];
    const resolve: Resolve = (_host, done) => {
      const addresses = queue.length > 1 ? (queue.shift() as string[]) : (queue[0] as string[]);
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    const tried: string[] = [];
    const lookup = guardedLookup(resolve);
    for (let times = 0; times < 2; times += 1) {
      await new Promise<void>((done) => {
        lookup('x.localhost', { all: true }, (error, all) => {
          if (error === null) tried.push(...(all as unknown as LookupAddress[]).map(({ address }) => address));
          done();
        });
      });
    }
    expect(tried.filter((address) => !isPublicAddress(address))).toEqual([]);
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
