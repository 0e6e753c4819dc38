import { connect as connectHttp2 } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secure, talk, talkSecure } from './proxy.ts';
import { bodyWith, GITHUB, openSetting, REAL_KEY, type Setting } from './setting.ts';

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
const body = bodyWith(`token ${GITHUB}`);
const MESSAGE = `POST /v1/messages HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('the proxy face', () => {
  it('ends TLS with a certificate of the session and checks what is inside', async () => {
    expect(await talkSecure(setting, HOST, MESSAGE, { ALPNProtocols: ['http/1.1'] })).toContain('{"type":"message"}');
    expect(setting.received[0]?.body.toString()).toMatch(/token REDACTED_/);
    expect(setting.received[0]?.headers['x-api-key']).toBe(REAL_KEY);
  });

  it('speaks HTTP/2 where the client wants it', async () => {
    const socket = await secure(setting, HOST, { ALPNProtocols: ['h2'] });
    const session = connectHttp2(`https://${HOST}`, { createConnection: () => socket });
    const stream = session.request({ ':method': 'POST', ':path': '/v1/messages', 'content-type': 'application/json' });
    stream.end(body);
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    session.close();
    expect(status).toBe(200);
    expect(Buffer.concat(parts).toString()).toBe('{"type":"message"}');
    expect(setting.received[0]?.body.toString()).toMatch(/token REDACTED_/);
  });

  it('answers telemetry of a terminated host here', async () => {
    const host = 'http-intake.logs.us5.datadoghq.com';
    const answer = await talkSecure(
      setting,
      host,
      `POST /api/v2/logs HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\n\r\n[]`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 202/);
    expect(setting.received).toEqual([]);
    expect(setting.events[0]).toMatchObject({ host, verdict: 'answer' });
  });

  it('refuses a host that no row names, inside the connection, so that method and path are recorded', async () => {
    const answer = await talkSecure(
      setting,
      'evil.example.com',
      'GET /take HTTP/1.1\r\nHost: evil.example.com\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 403/);
    expect(setting.events[0]).toMatchObject({ host: 'evil.example.com', path: '/take', code: 'gateway.route' });
  });

  it('records no secret that a program puts into a path or a host', async () => {
    await talkSecure(setting, 'evil.example.com', `GET /${GITHUB} HTTP/1.1\r\nHost: evil.example.com\r\n\r\n`);
    expect(JSON.stringify([setting.events, setting.ledger])).not.toContain(GITHUB);
  });

  it('takes its own address in absolute form as the base URL', async () => {
    const own = `127.0.0.1:${setting.port}`;
    await talk(setting.port, MESSAGE.replace('POST /', `POST http://${own}/`).replace(`Host: ${HOST}`, `Host: ${own}`));
    expect(setting.received).toHaveLength(1);
  });
});
