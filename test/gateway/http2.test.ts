// Frames by hand: what a client of HTTP/2 may not do, and what would wear the gateway out. Nothing of it may reach the
// upstream, and the next plain request must be served.
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secure } from './proxy.ts';
import { ask, bodyWith, openSetting, type Setting } from './setting.ts';

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting();
});
beforeEach(() => {
  setting.received.length = 0;
  setting.events.length = 0;
});
afterAll(() => setting.close());

const HOST = 'api.anthropic.com';
const BODY = Buffer.from(bodyWith('x'));

const TYPE = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push: 5, ping: 6, window: 8, continuation: 9 };
const END_STREAM = 1;
const END_HEADERS = 4;

function frame(type: keyof typeof TYPE, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(TYPE[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A number of HPACK in seven bits and more. */
function lengthOf(length: number): Buffer {
  if (length < 127) return Buffer.of(length);
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.of(...bytes, rest);
}

type Field = readonly [name: string, value: string];

/** Header fields as HPACK literals, never indexed. */
function block(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => [
      Buffer.of(0),
      ...field.flatMap((text) => [lengthOf(text.length), Buffer.from(text, 'latin1')]),
    ]),
  );
}

const PLAIN: readonly Field[] = [
  [':method', 'POST'],
  [':scheme', 'https'],
  [':authority', HOST],
  [':path', '/v1/messages'],
  ['content-type', 'application/json'],
];
const without = (name: string) => PLAIN.filter(([each]) => each !== name);
const post = (fields: readonly Field[], stream = 1, body = BODY) =>
  Buffer.concat([frame('headers', END_HEADERS, stream, block(fields)), frame('data', END_STREAM, stream, body)]);

const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame('settings', 0, 0)]);

/** Opens a connection of HTTP/2, sends frames and reads frame types until the other side closed, or until `done`. */
async function talk(bytes: Buffer, done: (types: number[], socket: TLSSocket) => boolean): Promise<number[]> {
  const socket = await secure(setting, HOST, { ALPNProtocols: ['h2'] });
  const types: number[] = [];
  let rest = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      types.push(rest[3] as number);
      rest = rest.subarray(9 + rest.readUIntBE(0, 3));
    }
    if (done(types, socket)) socket.destroy();
  });
  const closed = once(socket, 'close');
  socket.write(Buffer.concat([PREFACE, bytes]));
  await closed;
  return types;
}

const RESET = 3;
const GOAWAY = 7;
const isAnswered = (types: number[]) => [TYPE.headers, RESET, GOAWAY].some((type) => types.includes(type));

async function servesOn(): Promise<void> {
  setting.received.length = 0;
  expect((await ask(setting, 'POST', '/v1/messages', BODY)).status).toBe(200);
  expect(setting.received).toHaveLength(1);
}

it('takes the plain request that these are variants of', async () => {
  expect(await talk(post(PLAIN), isAnswered)).toContain(TYPE.headers);
  expect(setting.received).toHaveLength(1);
});

describe('a request', () => {
  it.each<[description: string, frames: Buffer]>([
    ['without a method', post(without(':method'))],
    ['without a path', post(without(':path'))],
    ['without a scheme', post(without(':scheme'))],
    ['without an authority', post(without(':authority'))],
    ['with an empty path', post([...without(':path'), [':path', '']])],
    ['with two paths', post([[':path', '/v1/files'], ...PLAIN])],
    ['with two authorities', post([[':authority', 'evil.example.com'], ...PLAIN])],
    ['with two methods', post([[':method', 'GET'], ...PLAIN])],
    ['with a pseudo-header after a header', post([...without(':path'), ['x-a', 'b'], [':path', '/v1/messages']])],
    ['with an unknown pseudo-header', post([[':token', 'x'], ...PLAIN])],
    ['with a pseudo-header of answers', post([[':status', '200'], ...PLAIN])],
    ['that asks for a WebSocket', post([[':protocol', 'websocket'], [':method', 'CONNECT'], ...without(':method')])],
    ['with a name in capitals', post([...PLAIN, ['X-Upper', 'a']])],
    ['with a line end in the path', post([...without(':path'), [':path', '/v1/messages HTTP/1.1\r\nx: y']])],
    ['with a blank in the authority', post([...without(':authority'), [':authority', `${HOST} `]])],
    ['with another port', post([...without(':authority'), [':authority', `${HOST}:8443`]])],
    ['with a connection header', post([...PLAIN, ['connection', 'keep-alive']])],
    ['with a transfer encoding', post([...PLAIN, ['transfer-encoding', 'chunked']])],
    ['with keep-alive', post([...PLAIN, ['keep-alive', 'timeout=5']])],
    ['with a proxy connection', post([...PLAIN, ['proxy-connection', 'keep-alive']])],
    ['with an upgrade', post([...PLAIN, ['upgrade', 'h2c']])],
    ['with te that is not trailers', post([...PLAIN, ['te', 'gzip']])],
    ['with two content types', post([...PLAIN, ['content-type', 'text/plain']])],
    ['with two hosts', post([...PLAIN, ['host', HOST], ['host', 'evil.example.com']])],
    ['with a length that is too short', post([...PLAIN, ['content-length', '5']])],
    ['with a length that is too long', post([...PLAIN, ['content-length', String(BODY.length + 5)]])],
    ['with two lengths', post([...PLAIN, ['content-length', String(BODY.length)], ['content-length', '5']])],
    ['on a stream of the other side', post(PLAIN, 2)],
    ['on stream 0', post(PLAIN, 0)],
    ['whose body has no head', frame('data', END_STREAM, 1, BODY)],
    ['with two hundred headers', post([...PLAIN, ...many(200, 'a')])],
    ['with headers of a megabyte', Buffer.concat([...huge(1024 * 1024)])],
    [
      'with padding longer than itself',
      frame('headers', END_HEADERS | 8, 1, Buffer.concat([Buffer.of(255), block(PLAIN)])),
    ],
    ['with a broken compression', frame('headers', END_HEADERS, 1, Buffer.from('ffffffffffffff', 'hex'))],
    ['promised by the client', frame('push', END_HEADERS, 1, Buffer.concat([Buffer.of(0, 0, 0, 2), block(PLAIN)]))],
  ])('%s is refused', async (_what, frames) => {
    const types = await talk(frames, isAnswered);
    expect(types.length).toBeGreaterThan(0);
    expect(setting.received).toEqual([]);
    await servesOn();
  });
});

describe('a header that is none', () => {
  it.each<[description: string, frames: Buffer]>([
    ['an empty name', post([...PLAIN, ['', 'a']])],
    ['a blank in a name', post([...PLAIN, ['x a', 'b']])],
    ['a line end in a value', post([...PLAIN, ['x-a', 'b\r\nhost: evil.example.com']])],
    ['a null byte in a value', post([...PLAIN, ['x-a', 'b\0c']])],
  ])('with %s is left out', async (_what, frames) => {
    await talk(frames, isAnswered);
    const names = setting.received.flatMap(({ rawHeaders }) => rawHeaders.filter((_, index) => index % 2 === 0));
    expect(names.join(' ')).not.toMatch(/x-a\b|x a|evil/);
    expect(setting.received.map(({ url }) => url)).toEqual(['/v1/messages']);
  });
});

function many(count: number, value: string): Field[] {
  return Array.from({ length: count }, (_, index): Field => [`x-${index}`, value]);
}

/** A head too long for one frame, in frames of the size that everybody takes. */
function* huge(size: number): Generator<Buffer> {
  const whole = block([...PLAIN, ...many(Math.ceil(size / 4096), 'a'.repeat(4096))]);
  const most = 16384;
  for (let at = 0; at < whole.length; at += most) {
    const last = at + most >= whole.length;
    yield frame(at === 0 ? 'headers' : 'continuation', last ? END_HEADERS : 0, 1, whole.subarray(at, at + most));
  }
}

describe('a flood', () => {
  const times = (count: number, make: (index: number) => Buffer) =>
    Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));
  const cancel = Buffer.of(0, 0, 0, 8);

  it.each<[description: string, frames: Buffer]>([
    [
      'of heads that never end',
      Buffer.concat([frame('headers', 0, 1, block(PLAIN)), times(20_000, () => frame('continuation', 0, 1))]),
    ],
    [
      'of streams that are reset as soon as they begin',
      times(20_000, (index) =>
        Buffer.concat([
          frame('headers', END_HEADERS, 2 * index + 1, block(PLAIN)),
          frame('reset', 0, 2 * index + 1, cancel),
        ]),
      ),
    ],
    ['of settings', times(20_000, () => frame('settings', 0, 0, Buffer.of(0, 3, 0, 0, 0, 100)))],
    [
      'of empty bodies',
      Buffer.concat([frame('headers', END_HEADERS, 1, block(PLAIN)), times(20_000, () => frame('data', 0, 1))]),
    ],
    ['of pings that nobody reads the answers of', times(200_000, () => frame('ping', 0, 0, Buffer.alloc(8)))],
  ])('%s ends with the connection, or costs nothing', async (_what, frames) => {
    const before = setting.ledger.length;
    const last = frame(
      'headers',
      END_HEADERS | END_STREAM,
      1_000_001,
      block([[':method', 'GET'], ...without(':method')]),
    );
    const types = await talk(Buffer.concat([frames, last]), (seen) => isAnswered(seen));
    expect(types.length).toBeGreaterThan(0);
    expect(setting.received).toEqual([]);
    // Each stream that began is a line at most; after some thousand resets the connection is closed.
    expect(setting.ledger.length - before).toBeLessThan(5000);
    await servesOn();
  });
});
