// Requests whose bytes were changed by chance: whatever two parsers might make of them, nothing but checked bodies by the
// routes of the table reaches the upstream, and nothing brings the gateway down.
import { createServer, type Server } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import { type Incoming, plainHeaders } from '../../src/gateway/exchange.ts';
import { allowedQuery, findRoute, ROUTES } from '../../src/gateway/routes.ts';
import { checkHost, parseConnectTarget, parseHostHeader, parsePath } from '../../src/gateway/target.ts';
import { bodyWith, GITHUB, openSetting, type Setting } from './setting.ts';

const RUNS = { numRuns: 10_000 };

let listener: Server;
let setting: Setting;
beforeAll(async () => {
  listener = createServer();
  setting = await openSetting({ gateway: { listeners: [listener] } });
});
afterAll(() => setting.close());

/** A connection in memory: what is written goes to the gateway, and its first words come back. */
class Wire extends Duplex {
  readonly answered: Promise<string>;
  #answer: (text: string) => void = () => undefined;

  constructor(bytes: Buffer) {
    super({ allowHalfOpen: true });
    this.answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
    this.on('close', () => this.#answer(''));
    this.push(bytes);
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {}

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.#answer(piece.toString('latin1'));
    done();
  }
}

/** Turns of the event loop after which a request that nothing was decided about waits for bytes that will not come. */
const PATIENCE = 8;

async function send(bytes: Buffer): Promise<string> {
  const wire = new Wire(bytes);
  setting.events.length = 0;
  listener.emit('connection', wire);
  for (let turn = 0; turn < PATIENCE; turn++) await new Promise(setImmediate);
  if (setting.events.length === 0) wire.push(null);
  const answer = await wire.answered;
  wire.destroy();
  return answer;
}

const BODY = bodyWith(`token ${GITHUB} é`);
const HEAD = [
  'POST /v1/messages?beta=true HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  'X-App: cli',
  'X-Other: a value of no use, in which a change is of no use either',
];
const sized = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...HEAD, `Content-Length: ${body.length}`, '', ''].join('\r\n')), body]);
const SIZED = sized(Buffer.from(BODY));
const CHUNKS = `${Buffer.byteLength(BODY).toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const CHUNKED = Buffer.from([...HEAD, 'Transfer-Encoding: chunked', '', CHUNKS].join('\r\n'));

/** Bytes that parsers quarrel about. */
const ODD = Buffer.from('\r\n\0\t :;,/\\%?#@.&=-+xX09{}"\x80\xff', 'latin1');
const change = fc.record({
  at: fc.nat(1000),
  kind: fc.constantFrom('set', 'insert', 'remove', 'double') as fc.Arbitrary<'set' | 'insert' | 'remove' | 'double'>,
  byte: fc.oneof(fc.constantFrom(...ODD), fc.nat(255)),
  length: fc.integer({ min: 1, max: 24 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, { at, kind, byte, length }: Change): Buffer {
  const place = at % (bytes.length || 1);
  const [before, rest] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (kind === 'insert') return Buffer.concat([before, Buffer.of(byte), rest]);
  if (kind === 'remove') return Buffer.concat([before, rest.subarray(length)]);
  if (kind === 'double') return Buffer.concat([before, rest.subarray(0, length), rest]);
  return Buffer.concat([before, Buffer.of(byte), rest.subarray(1)]);
}

/** Where the changes fall: anywhere, on the head, or on a body whose length is told right. */
const PLACES: Readonly<Record<string, (change: (bytes: Buffer) => Buffer) => Buffer>> = {
  sized: (change) => change(SIZED),
  chunked: (change) => change(CHUNKED),
  head: (change) => Buffer.concat([change(SIZED.subarray(0, -BODY_LENGTH)), SIZED.subarray(-BODY_LENGTH)]),
  body: (change) => sized(change(Buffer.from(BODY))),
};
const BODY_LENGTH = Buffer.byteLength(BODY);

describe('any request', () => {
  it('is the plain one that these come from', async () => {
    expect(await send(SIZED)).toMatch(/^HTTP\/1\.1 200/);
    expect(await send(CHUNKED)).toMatch(/^HTTP\/1\.1 200/);
    expect(setting.received).toHaveLength(2);
  });

  it('of changed bytes is answered, refused or dropped, and never forwards the secret (10,000 requests)', async () => {
    let forwarded = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(PLACES)),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (place, changes) => {
          setting.received.length = 0;
          await send(place((bytes) => changes.reduce(changed, bytes)));
          forwarded += setting.received.length;
          for (const { method, url, body } of setting.received) {
            expect(`${method} ${url}`).toMatch(/^POST \/v1\/messages(?:\/count_tokens)?(?:\?beta=true)?$/);
            expect(body.toString()).not.toContain(GITHUB);
          }
        },
      ),
      RUNS,
    );
    // Not all of them are refused at the door: many a change falls on what does not matter.
    expect(forwarded).toBeGreaterThan(500);
  });
});

/** What a function says of its input: a value, or nothing with a refusal. */
function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return undefined;
  }
}

const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '//',
    '..',
    '.',
    '%2e',
    '%2F',
    '%00',
    '%5c',
    '\\',
    ';x',
    '?',
    '&',
    '=',
    '#',
    '@',
    ':',
    ' ',
    'v1',
    'messages',
  ),
  fc.constantFrom(
    '/v1/messages',
    'beta=true',
    'api.anthropic.com',
    'localhost',
    '443',
    '80',
    '[::1]',
    '\t',
    '\r\n',
    '\u00e9',
  ),
  fc.string({ maxLength: 4 }),
);
const target = fc.array(piece, { maxLength: 7 }).map((parts) => parts.join(''));

describe('any target', () => {
  it('is read as every other reader would, or refused (10,000 targets)', () => {
    fc.assert(
      fc.property(target, (text) => {
        const read = unlessRefused(() => parsePath(text));
        if (read === undefined) return;
        const url = new URL(`https://h.example${text}`);
        expect(read.path).toBe(url.pathname);
        const route = findRoute('api.anthropic.com', 'POST', read.path);
        const sent = route === undefined ? undefined : allowedQuery(route, read.query);
        if (route?.action === 'check' && sent !== undefined) expect(['', '?beta=true']).toContain(sent);
      }),
      RUNS,
    );
  });

  it('names a host that every other reader would, or is refused (10,000 hosts)', () => {
    fc.assert(
      fc.property(target, fc.constantFrom('', ':443', ':80', ':8443', '.'), (text, end) => {
        for (const host of [
          unlessRefused(() => checkHost(text)),
          unlessRefused(() => parseConnectTarget(`${text}${end}`)),
          unlessRefused(() => parseHostHeader(`${text}${end}`, 443)),
        ]) {
          if (host !== undefined) expect(new URL(`https://${host}/`).host).toBe(host);
        }
      }),
      RUNS,
    );
  });

  it('is on the table under one spelling (10,000 paths)', () => {
    const spelt = fc.constantFrom(...ROUTES.filter(({ action }) => action === 'check').map(({ path }) => path));
    fc.assert(
      fc.property(spelt, fc.nat(30), fc.oneof(piece, fc.constantFrom('M', 'S', '%6d', '%73')), (path, at, odd) => {
        const other = `${path.slice(0, at)}${odd}${path.slice(at)}`;
        const read = unlessRefused(() => parsePath(other));
        const route = read && findRoute('api.anthropic.com', 'POST', read.path);
        if (route?.action === 'check') expect(ROUTES.map((each) => each.path)).toContain(read?.path);
      }),
      RUNS,
    );
  });
});

describe('any headers', () => {
  const name = fc.constantFrom(
    'Host',
    'host',
    'Content-Length',
    'transfer-encoding',
    'Expect',
    'upgrade',
    'X-A',
    'Content-Type',
  );
  const value = fc.oneof(
    fc.constantFrom('5', 'chunked', 'Chunked', '100-continue', 'gzip, chunked', '+5', '5, 5'),
    fc.string({ maxLength: 6 }),
  );

  it('are plain or refused, and say once how the message is framed (10,000 heads)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (pairs) => {
        const incoming = { rawHeaders: pairs.flat(), httpVersionMajor: 1, httpVersion: '1.1' } as unknown as Incoming;
        const headers = unlessRefused(() => plainHeaders(incoming));
        if (headers === undefined) return;
        const framing = pairs.filter(([each]) => /^(?:content-length|transfer-encoding|host)$/i.test(each));
        expect(new Set(framing.map(([each]) => each.toLowerCase())).size).toBe(framing.length);
        expect('content-length' in headers && 'transfer-encoding' in headers).toBe(false);
        expect(headers['transfer-encoding'] ?? 'chunked').toMatch(/^chunked$/i);
        expect(headers.upgrade).toBeUndefined();
        expect(Object.values(headers).join('')).toMatch(/^[\t\x20-\x7e]*$/);
      }),
      RUNS,
    );
  });
});
