// What a client sees through the gateway is what it sees without one, by each face; what the upstream sees is the same but
// for what was redacted.
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { secure } from './proxy.ts';
import { type Answer, ask, bodyWith, GITHUB, openSetting, type Setting } from './setting.ts';

let setting: Setting;
afterEach(() => setting.close());

const HOST = 'api.anthropic.com';
const TYPE = { 'content-type': 'application/json', 'x-app': 'cli', 'anthropic-version': '2023-06-01' };
type Face = (body: Buffer, headers?: Record<string, string>) => Promise<Answer>;

const direct: Face = (body, headers) =>
  ask({ port: setting.upstream }, 'POST', '/v1/messages', body, { ...TYPE, ...headers });
const base: Face = (body, headers) => ask(setting, 'POST', '/v1/messages', body, { ...TYPE, ...headers });

const proxy: Face = async (body, headers) => {
  const socket = await secure(setting, HOST, { ALPNProtocols: ['http/1.1'] });
  const outgoing = request({
    createConnection: () => socket,
    method: 'POST',
    path: '/v1/messages',
    headers: { host: HOST, ...TYPE, ...headers, 'content-length': body.length },
  });
  outgoing.end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject);
  });
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  socket.destroy();
  const { statusCode = 0, trailers } = response;
  return { status: statusCode, headers: response.headers, trailers, body: Buffer.concat(parts) };
};

/** Without the symbols that HTTP/2 puts beside the names. */
const plain = (headers: object) => Object.fromEntries(Object.entries(headers));

const proxy2: Face = async (body, headers) => {
  const socket = await secure(setting, HOST, { ALPNProtocols: ['h2'] });
  const session = connectHttp2(`https://${HOST}`, { createConnection: () => socket });
  const stream = session.request({ ':method': 'POST', ':path': '/v1/messages', ...TYPE, ...headers });
  const answer: Answer = { status: 0, headers: {}, trailers: {}, body: Buffer.alloc(0) };
  stream.on('response', ({ ':status': status, ...rest }) => Object.assign(answer, { status, headers: plain(rest) }));
  stream.on('trailers', (trailers) => Object.assign(answer, { trailers: plain(trailers) }));
  stream.end(body);
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  session.destroy();
  return { ...answer, body: Buffer.concat(parts) };
};

const FACES: [description: string, face: Face][] = [
  ['the base URL', base],
  ['the proxy', proxy],
  ['the proxy and HTTP/2', proxy2],
];

/** All that an answer says, but for what belongs to the connection. */
function said({ status, headers, trailers, body }: Answer): object {
  const {
    connection: _one,
    'keep-alive': _two,
    'transfer-encoding': _three,
    trailer: _four,
    date: _five,
    ...rest
  } = headers;
  return { status, headers: rest, trailers: { ...trailers }, body: body.toString('base64') };
}

const STREAM = Buffer.from(
  [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","content":[]}}\n\n',
    ': a comment that keeps the line open\n\n',
    'event: ping\ndata: {"type": "ping"}\n\n',
    `event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"é 中 😀 ${GITHUB}"}}\n\n`,
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  ].join(''),
);
const EVENTS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'request-id': 'req_7',
};

async function byByte(response: ServerResponse, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    response.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  response.end();
}

type Answering = (response: ServerResponse) => void;
const ANSWERS: [description: string, answer: Answering][] = [
  ['a stream with pings, byte by byte', (response) => void byByte(response.writeHead(200, EVENTS), STREAM)],
  ...(Object.entries({ gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }).map(([encoding, pack]) => [
    `a stream in ${encoding}, byte by byte`,
    (response: ServerResponse) =>
      void byByte(response.writeHead(200, { ...EVENTS, 'content-encoding': encoding }), pack(STREAM)),
  ]) as [string, Answering][]),
  ['a stream at once', (response) => response.writeHead(200, EVENTS).end(STREAM)],
  [
    'too many requests',
    (response) =>
      response
        .writeHead(429, { 'retry-after': '7', 'anthropic-ratelimit-requests-remaining': '0', 'x-should-retry': 'true' })
        .end('{"type":"error","error":{"type":"rate_limit_error"}}'),
  ],
  ['an overloaded provider', (response) => response.writeHead(529, { 'retry-after': '1' }).end('{"type":"error"}')],
  ['an answer without a body', (response) => response.writeHead(200, { 'x-empty': 'yes', 'content-length': 0 }).end()],
  ['several cookies', (response) => response.writeHead(400, { 'set-cookie': ['a=1', 'b=2'] }).end('no')],
  [
    'trailers',
    (response) => {
      response.writeHead(200, { ...EVENTS, trailer: 'x-sum' }).write(STREAM);
      response.addTrailers({ 'x-sum': '42' });
      response.end();
    },
  ],
  [
    '10 MB at once',
    (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'word '.repeat(2_000_000)}"`),
  ],
];

describe.each(FACES)('through %s', (_face, face) => {
  it.each(ANSWERS)('%s is the same answer', async (_what, answer) => {
    setting = await openSetting({ answer: (_request, response) => answer(response) });
    const body = Buffer.from(bodyWith('x'));
    expect(said(await face(body))).toEqual(said(await direct(body)));
  });

  it.each([
    ['as it is', (body: Buffer) => body, {}],
    ['in gzip', gzipSync, { 'content-encoding': 'gzip' }],
    ['in br', brotliCompressSync, { 'content-encoding': 'br' }],
    ['in deflate', deflateSync, { 'content-encoding': 'deflate' }],
  ])('a body of 10 MB %s arrives as it was written', async (_how, pack, headers) => {
    setting = await openSetting();
    const body = Buffer.from(bodyWith('word é '.repeat(1_300_000)));
    await face(pack(body), headers as Record<string, string>);
    expect(setting.received[0]?.body.equals(body)).toBe(true);
  });

  it('a request that is tried again is the same request', async () => {
    let left = 2;
    setting = await openSetting({
      answer: (_request, response) => response.writeHead(left-- > 0 ? 529 : 200).end('{"type":"message"}'),
    });
    const body = Buffer.from(bodyWith(`token ${GITHUB}`));
    const statuses: number[] = [];
    for (let again = 0; again < 3; again++) {
      statuses.push((await face(body, { 'x-stainless-retry-count': String(again) })).status);
    }
    expect(statuses).toEqual([529, 529, 200]);
    const [first, ...rest] = setting.received;
    for (const each of rest) expect(each.body.equals(first!.body)).toBe(true);
    expect(setting.received.map(({ headers }) => headers['x-stainless-retry-count'])).toEqual(['0', '1', '2']);
  });
});

it('a session of 200 turns is the same session but for the redactions', async () => {
  setting = await openSetting({ policy: { identity: 'keep' } });
  const messages: object[] = [];
  for (let turn = 0; turn < 200; turn++) {
    const result = {
      type: 'tool_result',
      tool_use_id: `toolu_${turn}`,
      content: `1\tkey = ${GITHUB}\n2\tturn ${turn} é\n`,
    };
    messages.push({ role: 'user', content: [result] });
    const body = Buffer.from(bodyWith('', { messages }));
    const answer = await base(
      turn % 2 === 0 ? body : gzipSync(body),
      turn % 2 === 0 ? {} : { 'content-encoding': 'gzip' },
    );
    expect(answer.status).toBe(200);
    const placeholder = [...setting.vault.entries()][0]?.placeholder as string;
    expect(setting.received.at(-1)?.body.toString()).toBe(body.toString().replaceAll(GITHUB, placeholder));
    messages.push({ role: 'assistant', content: [{ type: 'text', text: 'next' }] });
  }
  expect(setting.received).toHaveLength(200);
});

it('the ledger has the ids of request and organisation that an answer names, and nothing else that it says', async () => {
  const ids = { 'request-id': 'req_011CZ', 'anthropic-organization-id': '11111111-2222-4333-8444-555555555555' };
  setting = await openSetting({
    answer: (_request, response) => response.writeHead(200, { ...ids, 'x-note': GITHUB }).end(`"${GITHUB}"`),
  });
  await base(Buffer.from(bodyWith('x')));
  expect(setting.ledger.at(-1)).toMatchObject({
    kind: 'answer',
    status: 200,
    cut: false,
    requestId: ids['request-id'],
    organization: ids['anthropic-organization-id'],
  });
  expect(JSON.stringify(setting.ledger)).not.toContain(GITHUB);
});

it.each([
  ['a blank', 'req 1'],
  ['a secret', GITHUB.replace('_', '!')],
  ['a great length', 'a'.repeat(500)],
])('the ledger has no id with %s in it', async (_what, id) => {
  setting = await openSetting({
    answer: (_request, response) => response.writeHead(200, { 'request-id': id }).end('{}'),
  });
  await base(Buffer.from(bodyWith('x')));
  expect(JSON.stringify(setting.ledger)).not.toContain(id);
});
