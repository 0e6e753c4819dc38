// Answers pass as they come: whatever the upstream's pieces are, the client gets the same bytes, and gets them at once.
import { request } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, bodyWith, GITHUB, openSetting, type Setting, type SettingOptions, sentence } from './setting.ts';

let setting: Setting;
const open = async (options?: SettingOptions) => {
  setting = await openSetting(options);
  return setting;
};
afterEach(() => setting.close());
const post = (body = bodyWith('x'), headers?: Record<string, string>) =>
  ask(setting, 'POST', '/v1/messages', body, headers);

const EVENTS = [
  { type: 'message_start', message: { id: 'msg_1', content: [] } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'caf\u00e9 \u4e2d \ud83d\ude00 to' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `ken ${GITHUB.slice(0, 10)}` } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: GITHUB.slice(10) } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'Write', input: {} } },
  {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: `{"content":"x=${GITHUB}"` },
  },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: ',"file_path":"/p"}' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'an_event_of_tomorrow', with: ['fields'] },
  { type: 'message_stop' },
];
const STREAM = Buffer.from(EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));

/** What the client sends back of that answer. */
const ECHO = [
  { role: 'user', content: 'x' },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: `caf\u00e9 \u4e2d \ud83d\ude00 token ${GITHUB}` },
      {
        type: 'tool_use',
        id: 't',
        name: 'Write',
        input: { replace_all: false, content: `x=${GITHUB}`, file_path: '/p' },
      },
    ],
  },
];

const type = { 'content-type': 'text/event-stream; charset=utf-8' };

describe('an answer', () => {
  it('is the same bytes when it comes byte by byte, and the model may quote itself afterwards', async () => {
    await open({
      answer: async (_request, response) => {
        response.writeHead(200, type);
        for (const byte of STREAM) {
          response.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
        response.end();
      },
    });
    expect((await post()).body.equals(STREAM)).toBe(true);
    expect((await post(bodyWith('', { messages: ECHO }))).status).toBe(200);
  });

  it('is the same bytes wherever it is split in two, within a character too', async () => {
    const within = [...STREAM.keys()].filter((index) => (STREAM[index] as number) >= 0x80);
    const places = [...within, ...[...STREAM.keys()].filter((index) => index % 11 === 1)];
    let at = 1;
    await open({
      answer: (_request, response) => {
        response.writeHead(200, type).write(STREAM.subarray(0, at));
        setImmediate(() => response.end(STREAM.subarray(at)));
      },
    });
    for (at of places) expect((await post()).body.equals(STREAM)).toBe(true);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('in %s stays in it, and is read along all the same', async (encoding, compress) => {
    const packed = compress(STREAM);
    await open({
      answer: (_request, response) => response.writeHead(200, { ...type, 'content-encoding': encoding }).end(packed),
    });
    const answer = await post();
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.body.equals(packed)).toBe(true);
    expect((await post(bodyWith('', { messages: ECHO }))).status).toBe(200);
  });

  it('without streaming is passed and read along too', async () => {
    const message = { type: 'message', content: (ECHO[1] as { content: unknown[] }).content };
    await open({
      answer: (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message)),
    });
    expect(JSON.parse((await post()).body.toString())).toEqual(message);
    expect((await post(bodyWith('', { messages: ECHO }))).status).toBe(200);
  });

  it('comes piece by piece, not when it is whole', async () => {
    let release: (() => void) | undefined;
    await open({
      answer: (_request, response) => {
        response.writeHead(200, type).write('event: ping\ndata: {}\n\n');
        release = () => response.end();
      },
    });
    const first = await new Promise<string>((resolve) => {
      const outgoing = request({
        port: setting.port,
        method: 'POST',
        path: '/v1/messages',
        headers: { 'content-type': 'application/json' },
      });
      outgoing.on('response', (response) => response.once('data', (piece: Buffer) => resolve(piece.toString())));
      outgoing.end(bodyWith('x'));
    });
    expect(first).toBe('event: ping\ndata: {}\n\n');
    release?.();
  });

  it('keeps its status, its headers and its trailers, but for those of the hop', async () => {
    await open({
      answer: (_request, response) => {
        response.writeHead(529, {
          'retry-after': '3',
          trailer: 'x-sum',
          'keep-alive': 'timeout=1',
          'x-request': 'a',
          'set-cookie': ['a=1', 'b=2'],
        });
        response.write('{"type":"error"}');
        response.addTrailers({ 'x-sum': '42' });
        response.end();
      },
    });
    const answer = await post();
    expect(answer.status).toBe(529);
    expect(answer.headers).toMatchObject({ 'retry-after': '3', 'x-request': 'a', 'set-cookie': ['a=1', 'b=2'] });
    expect(answer.headers['keep-alive']).not.toBe('timeout=1');
    expect(answer.trailers).toEqual({ 'x-sum': '42' });
  });

  it('that sends elsewhere is not followed', async () => {
    await open({
      answer: (_request, response) => response.writeHead(307, { location: 'https://evil.example.com/' }).end(),
    });
    expect((await post()).status).toBe(307);
    expect(setting.received).toHaveLength(1);
  });

  it('that breaks off breaks off for the client too', async () => {
    await open({
      answer: (_request, response) => {
        response.writeHead(200, type).write('event: ping\n');
        setTimeout(() => response.destroy(), 20);
      },
    });
    await expect(post()).rejects.toThrow();
    expect(setting.ledger.at(-1)).toMatchObject({ kind: 'answer', cut: true });
  });

  it('is waited for by nobody once the client is gone', async () => {
    let gone: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
    });
    await open({
      answer: (_request, response) => {
        response.writeHead(200, type).write('x');
        response.on('close', () => gone?.());
      },
    });
    const outgoing = request({
      port: setting.port,
      method: 'POST',
      path: '/v1/messages',
      headers: { 'content-type': 'application/json' },
    });
    outgoing.on('error', () => undefined);
    outgoing.on('response', (response) => response.once('data', () => outgoing.destroy()));
    outgoing.end(bodyWith('x'));
    await closed;
  });

  it('holds the upstream back when the client does not read', async () => {
    const total = 64 * 1024 * 1024;
    let written = 0;
    await open({
      answer: (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream' });
        const piece = Buffer.alloc(256 * 1024);
        const more = () => {
          while (written < total) {
            written += piece.length;
            if (!response.write(piece)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
      },
    });
    const outgoing = request({
      port: setting.port,
      method: 'POST',
      path: '/v1/messages',
      headers: { 'content-type': 'application/json' },
    });
    outgoing.on('error', () => undefined);
    const response = await new Promise<import('node:http').IncomingMessage>((resolve) => {
      outgoing.on('response', resolve);
      outgoing.end(bodyWith('x'));
    });
    let stalled = -1;
    while (stalled !== written) {
      stalled = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written).toBeLessThan(total / 2);
    let size = 0;
    for await (const piece of response) size += (piece as Buffer).length;
    expect(size).toBe(total);
  });
});

describe('an upstream that is not there', () => {
  it('is a 502 that says so, and the next request finds it again', async () => {
    await open({ gateway: { upstream: new URL('http://127.0.0.1:9') } });
    const answer = await post();
    expect(answer.status).toBe(502);
    expect(sentence(answer)).toMatch(/^sotto: 127\.0\.0\.1:9 could not be reached \(ECONNREFUSED\)/);
  });
});

describe('a body', () => {
  it('of 10 MB passes, chunked too', async () => {
    await open();
    const body = bodyWith('word '.repeat(2_000_000));
    expect((await post(body, { 'transfer-encoding': 'chunked' })).status).toBe(200);
    expect(setting.received[0]?.body.toString()).toBe(body);
  });

  it('that is too large is refused as the provider would', async () => {
    await open();
    const answer = await post(bodyWith('x'.repeat(41 * 1024 * 1024))).catch(() => undefined);
    expect(answer?.status ?? 413).toBe(413);
    expect(setting.received).toEqual([]);
    expect(setting.events[0]?.code).toBe('gateway.body-size');
  });
});
