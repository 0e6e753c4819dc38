// Ways to make two parsers read two requests, or to be taken for somebody else. Each must be refused, and nothing of it
// may reach the upstream.
import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, secure, talk, talkSecure } from './proxy.ts';
import { bodyWith, openSetting, type Setting } from './setting.ts';

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting();
});
beforeEach(() => {
  setting.received.length = 0;
  setting.events.length = 0;
});
afterAll(() => setting.close());

const BODY = bodyWith('x');
const LENGTH = Buffer.byteLength(BODY);
const JSON_TYPE = 'Content-Type: application/json\r\n';
const PATH = '/v1/messages';

/** A request by hand; `OWN` stands for the listener's own address. */
const post = (lines: string, body = BODY, target = PATH, version = 'HTTP/1.1') =>
  `POST ${target} ${version}\r\n${lines}\r\n${body}`;

const OWN = 'Host: OWN\r\n';
const SIZED = `${OWN}${JSON_TYPE}Content-Length: ${LENGTH}\r\n`;

async function refused(bytes: string): Promise<void> {
  const own = `127.0.0.1:${setting.port}`;
  const answer = await talk(setting.port, Buffer.from(bytes.replaceAll('OWN', own), 'latin1'));
  expect(answer).toMatch(/^HTTP\/1\.1 (?:403|400|417|451)|^$/);
  expect(setting.received).toEqual([]);
}

it('takes the plain request that all these are variants of', async () => {
  const answer = await talk(setting.port, post(SIZED).replaceAll('OWN', `127.0.0.1:${setting.port}`));
  expect(answer).toMatch(/^HTTP\/1\.1 200/);
  expect(setting.received).toHaveLength(1);
});

describe('framing', () => {
  it.each([
    ['both a length and chunks', post(`${SIZED}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${BODY}`)],
    ['two lengths that differ', post(`${SIZED}Content-Length: 5\r\n`)],
    ['two lengths that agree', post(`${SIZED}Content-Length: ${LENGTH}\r\n`)],
    ['a list of lengths', post(`${OWN}${JSON_TYPE}Content-Length: ${LENGTH}, ${LENGTH}\r\n`)],
    ['a signed length', post(`${OWN}${JSON_TYPE}Content-Length: +${LENGTH}\r\n`)],
    ['a negative length', post(`${OWN}${JSON_TYPE}Content-Length: -1\r\n`)],
    ['a length in hex', post(`${OWN}${JSON_TYPE}Content-Length: 0x10\r\n`)],
    ['a blank before the colon', post(`${OWN}${JSON_TYPE}Content-Length : ${LENGTH}\r\n`)],
    ['a folded header', post(`${SIZED}X-A: b\r\n c\r\n`)],
    ['chunked twice', post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked, chunked\r\n`, '0\r\n\r\n')],
    ['chunked and gzip', post(`${OWN}${JSON_TYPE}Transfer-Encoding: gzip, chunked\r\n`, '0\r\n\r\n')],
    ['chunked not last', post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked, gzip\r\n`, '0\r\n\r\n')],
    ['an unknown transfer encoding', post(`${OWN}${JSON_TYPE}Transfer-Encoding: xchunked\r\n`, '0\r\n\r\n')],
    ['a tab in the transfer encoding', post(`${OWN}${JSON_TYPE}Transfer-Encoding:\tchun\tked\r\n`, '0\r\n\r\n')],
    [
      'two transfer encodings',
      post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n`, '0\r\n\r\n'),
    ],
    [
      'a chunk size that is not hex',
      post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked\r\n`, 'zz\r\nabc\r\n0\r\n\r\n'),
    ],
    [
      'a chunk size that overflows',
      post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked\r\n`, 'fffffffffffffffff\r\nabc\r\n0\r\n\r\n'),
    ],
    [
      'a chunk longer than its size',
      post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked\r\n`, '2\r\nabcdef\r\n0\r\n\r\n'),
    ],
    ['a chunk size with a blank', post(`${OWN}${JSON_TYPE}Transfer-Encoding: chunked\r\n`, '3 \r\nabc\r\n0\r\n\r\n')],
    ['line ends without a carriage return', post(SIZED).replaceAll('\r\n', '\n')],
    ['a null byte in a header', post(`${SIZED}X-A: b\0c\r\n`)],
    ['a carriage return in a header', post(`${SIZED}X-A: b\rX-B: c\r\n`)],
    ['a header without a name', post(`${SIZED}: x\r\n`)],
    ['a header with a bracket in its name', post(`${SIZED}X(A: x\r\n`)],
    ['a header value beyond ASCII', post(`${SIZED}X-A: \xe9\r\n`)],
    ['HTTP/1.0', post(SIZED, BODY, PATH, 'HTTP/1.0')],
    ['HTTP/0.9', `GET ${PATH}\r\n\r\n`],
    ['HTTP/2.0 in the first line', post(SIZED, BODY, PATH, 'HTTP/2.0')],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS bytes on the plain face', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an upgrade to WebSocket', `GET ${PATH} HTTP/1.1\r\n${OWN}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    [
      'an upgrade to HTTP/2',
      post(`${SIZED}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n`),
    ],
    ['an expectation', post(`${SIZED}Expect: 200-maybe\r\n`)],
    ['two content types', post(`${SIZED}Content-Type: text/plain\r\n`)],
    ['a body that is not declared as JSON', post(`${OWN}Content-Type: text/plain\r\nContent-Length: ${LENGTH}\r\n`)],
    [
      'JSON in another charset',
      post(`${OWN}Content-Type: application/json; charset=utf-16\r\nContent-Length: ${LENGTH}\r\n`),
    ],
    ['two content encodings', post(`${SIZED}Content-Encoding: gzip\r\nContent-Encoding: identity\r\n`)],
    ['a method in lower case', post(SIZED).replace('POST', 'post')],
    ['a method of its own', post(SIZED).replace('POST', 'POSTX')],
    ['TRACE', `TRACE ${PATH} HTTP/1.1\r\n${OWN}\r\n`],
  ])('refuses %s', async (_what, bytes) => {
    await refused(bytes);
  });
});

describe('targets and hosts on the plain face', () => {
  it.each([
    ['no host', post(`${JSON_TYPE}Content-Length: ${LENGTH}\r\n`)],
    ['two hosts', post(`${SIZED}Host: evil.example.com\r\n`)],
    ['a host that is not the listener', post(SIZED).replace('OWN', 'api.anthropic.com')],
    ['another port', post(SIZED).replace('OWN', '127.0.0.1:1')],
    ['a host with a user', post(SIZED).replace('OWN', 'a@OWN')],
    ['an absolute target with another Host', post(SIZED, BODY, `http://api.anthropic.com${PATH}`)],
    ['an absolute target with a user', post(SIZED, BODY, `http://u:p@OWN${PATH}`)],
    ['an absolute https target', post(SIZED, BODY, `https://api.anthropic.com${PATH}`)],
    ['an absolute target without a host', post(SIZED, BODY, `http://${PATH}`)],
    [
      'an absolute target that is an address',
      post(SIZED, BODY, `http://93.184.216.34${PATH}`).replace('OWN', '93.184.216.34'),
    ],
    [
      'an absolute target with a trailing dot',
      post(SIZED, BODY, `http://api.anthropic.com.${PATH}`).replace('OWN', 'api.anthropic.com.'),
    ],
    ['a ftp target', post(SIZED, BODY, `ftp://api.anthropic.com${PATH}`)],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${OWN}\r\n`],
    ['a target without a slash', post(SIZED, BODY, 'v1/messages')],
    ['dot segments', post(SIZED, BODY, '/v1/x/../messages')],
    ['escaped dot segments', post(SIZED, BODY, '/v1/x/%2e%2e/messages')],
    ['an escaped letter', post(SIZED, BODY, '/v1/%6dessages')],
    ['an escaped slash', post(SIZED, BODY, '/v1%2fmessages')],
    ['a doubled slash', post(SIZED, BODY, '//v1/messages')],
    ['a backslash', post(SIZED, BODY, '\\v1\\messages')],
    ['a slash at the end', post(SIZED, BODY, '/v1/messages/')],
    ['a path parameter', post(SIZED, BODY, '/v1/messages;x=1')],
    ['an escaped null byte', post(SIZED, BODY, '/v1/messages%00')],
    ['a fragment', post(SIZED, BODY, '/v1/messages#x')],
    ['another case', post(SIZED, BODY, '/V1/Messages')],
    ['an unknown query parameter', post(SIZED, BODY, '/v1/messages?key=1')],
    ['a query parameter twice', post(SIZED, BODY, '/v1/messages?beta=true&beta=true')],
    ['a query value of its own', post(SIZED, BODY, '/v1/messages?beta=evil')],
    ['an escaped query name', post(SIZED, BODY, '/v1/messages?%62eta=true')],
    ['an empty query parameter', post(SIZED, BODY, '/v1/messages?beta=true&')],
  ])('refuses %s', async (_what, bytes) => {
    await refused(bytes);
  });
});

describe('CONNECT', () => {
  it.each([
    ['an IPv4 address', '1.1.1.1:443'],
    ['an IPv6 address', '[::1]:443'],
    ['an address as one number', '2130706433:443'],
    ['an address in hex', '0x7f.0.0.1:443'],
    ['a short address', '127.1:443'],
    ['loopback by name', 'localhost:443'],
    ['another port', 'api.anthropic.com:80'],
    ['another port, spelt oddly', 'api.anthropic.com:0443'],
    ['no port', 'api.anthropic.com'],
    ['a trailing dot', 'api.anthropic.com.:443'],
    ['a user', 'api.anthropic.com@evil.example.com:443'],
    ['a scheme', 'https://api.anthropic.com:443'],
    ['a path', 'api.anthropic.com:443/x'],
    ['an escaped null byte', 'api.anthropic.com%00.evil.example.com:443'],
    ['an underscore', 'a_b.example.com:443'],
    ['a name without a dot', 'metadata:443'],
    ['a wildcard', '*.anthropic.com:443'],
    ['an empty label', 'api..anthropic.com:443'],
    ['a very long name', `${'a'.repeat(64)}.example.com:443`],
    ['nothing', ':443'],
  ])('refuses %s', async (_what, target) => {
    const got = await connect(setting.port, target);
    expect(typeof got === 'string' ? got : 'granted').toMatch(/^HTTP\/1\.1 (?:403|400)|^$/);
  });

  it('refuses a Host that is not its target', async () => {
    expect(await connect(setting.port, 'api.anthropic.com:443', 'Host: evil.example.com:443')).toMatch(
      /^HTTP\/1\.1 403/,
    );
    expect(await connect(setting.port, 'api.anthropic.com:443', 'X: y')).toMatch(/^HTTP\/1\.1 40/);
  });

  it.each([
    ['in HTTP/1.0 without a Host, as Python asks', 'HTTP/1.0\r\n', 200],
    ['in HTTP/1.0 with the same Host', 'HTTP/1.0\r\nHost: api.anthropic.com:443\r\n', 200],
    ['in HTTP/1.0 with another Host', 'HTTP/1.0\r\nHost: evil.example.com:443\r\n', 403],
    ['in HTTP/1.1 without a Host', 'HTTP/1.1\r\n', 403],
    ['in HTTP/0.9', 'HTTP/0.9\r\n', 403],
  ])('%s', async (_what, rest, status) => {
    const answer = await talk(setting.port, `CONNECT api.anthropic.com:443 ${rest}\r\n`, (text) =>
      text.includes('\r\n\r\n'),
    );
    expect(answer).toMatch(RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('refuses a CONNECT with a body', async () => {
    const headers = 'Host: api.anthropic.com:443\r\nContent-Length: 3';
    expect(await connect(setting.port, 'api.anthropic.com:443', headers)).toMatch(/^HTTP\/1\.1 40/);
  });

  it('refuses another name in the handshake, or none', async () => {
    await expect(secure(setting, 'api.anthropic.com', { servername: 'evil.example.com' })).rejects.toThrow();
    await expect(
      secure(setting, 'api.anthropic.com', { servername: '', checkServerIdentity: () => undefined }).then(
        (socket) => new Promise((_resolve, reject) => socket.once('close', () => reject(new Error('closed')))),
      ),
    ).rejects.toThrow();
    expect(setting.events.map((event) => event.code)).toContain('gateway.agree');
  });

  it.each([
    ['another Host inside', 'GET /api/hello HTTP/1.1\r\nHost: evil.example.com\r\n\r\n'],
    ['an absolute target inside', 'GET http://api.anthropic.com/api/hello HTTP/1.1\r\nHost: api.anthropic.com\r\n\r\n'],
    ['a tunnel inside', 'CONNECT api.anthropic.com:443 HTTP/1.1\r\nHost: api.anthropic.com:443\r\n\r\n'],
    ['another port inside', 'GET /api/hello HTTP/1.1\r\nHost: api.anthropic.com:8443\r\n\r\n'],
    [
      'an upgrade inside',
      'GET /api/hello HTTP/1.1\r\nHost: api.anthropic.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
  ])('refuses %s', async (_what, bytes) => {
    expect(await talkSecure(setting, 'api.anthropic.com', bytes, { ALPNProtocols: ['http/1.1'] })).toMatch(
      /^HTTP\/1\.1 40/,
    );
    expect(setting.received).toEqual([]);
  });
});

describe('HTTP/2', () => {
  const HOST = 'api.anthropic.com';
  async function ask2(headers: Record<string, string>, body?: string): Promise<number | string> {
    const socket = await secure(setting, HOST, { ALPNProtocols: ['h2'] });
    const session = connectHttp2(`https://${HOST}`, { createConnection: () => socket });
    session.on('error', () => undefined);
    try {
      const stream = session.request(
        { ':method': 'POST', ':path': PATH, 'content-type': 'application/json', ...headers },
        { endStream: body === undefined },
      );
      if (body !== undefined) stream.end(body);
      return await new Promise((resolve) => {
        stream.on('response', (answer) => resolve(answer[':status'] ?? 0));
        stream.on('error', (error) => resolve(error.message));
        stream.on('close', () => resolve('closed'));
      });
    } finally {
      session.destroy();
    }
  }

  it('takes the plain request that these are variants of', async () => {
    expect(await ask2({}, BODY)).toBe(200);
  });

  it.each([
    ['another authority', { ':authority': 'evil.example.com' }],
    ['an authority with a user', { ':authority': `a@${HOST}` }],
    ['another Host beside the authority', { host: 'evil.example.com' }],
    ['another scheme', { ':scheme': 'http' }],
    ['an absolute path', { ':path': `https://${HOST}${PATH}` }],
    ['dot segments', { ':path': '/v1/x/../messages' }],
    ['a length that is not that of the body', { 'content-length': '5' }],
    ['CONNECT', { ':method': 'CONNECT', ':authority': `${HOST}:443` }],
    ['a header value beyond ASCII', { 'x-a': 'caf\u00e9' }],
  ])('refuses %s', async (_what, headers) => {
    expect(await ask2(headers as Record<string, string>, BODY).catch((error: Error) => error.message)).not.toBe(200);
    expect(setting.received).toEqual([]);
  });
});

describe('requests on one connection', () => {
  it('does not read the rest of a refused body as the next request', async () => {
    const inner = `POST ${PATH} HTTP/1.1\r\nHost: OWN\r\n${JSON_TYPE}Content-Length: ${LENGTH}\r\n\r\n${BODY}`;
    const own = `127.0.0.1:${setting.port}`;
    const bytes = `POST /v1/files HTTP/1.1\r\nHost: OWN\r\nContent-Length: 10\r\n\r\n${inner}`.replaceAll('OWN', own);
    await talk(setting.port, bytes, () => false);
    expect(setting.received).toEqual([]);
  });
});
