import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchServerSettings } from '../../src/gateway/index.ts';
import { apiKey } from './setting.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Asks a server that answers so; gives the settings and what the server saw. */
async function ask(status: number, body: string, isProvider = true) {
  const seen: { url: string | undefined; key: unknown; agent: unknown }[] = [];
  server = createServer(({ url, headers }, response) => {
    seen.push({ url, key: headers['x-api-key'], agent: headers['user-agent'] });
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dispatcher = new Agent();
  const upstream = { origin, prefix: '', isProvider, dispatcher };
  const settings = await fetchServerSettings({ upstream, credential: apiKey, version: '9.9.9' })
    .catch((error: unknown) => error)
    .finally(() => dispatcher.destroy());
  return { settings, seen };
}

describe('what an organisation manages on the server', () => {
  it('is asked for with the credential, and told apart by its hash', async () => {
    const { settings, seen } = await ask(200, '{"uuid":"u","checksum":"c","settings":{"model":"opus"}}');
    expect(settings).toEqual({ settings: { model: 'opus' }, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(seen).toEqual([
      { url: '/api/claude_code/settings', key: 'real-key-of-the-test', agent: expect.stringContaining('9.9.9') },
    ]);
    const other = await ask(200, '{"settings":{"model":"sonnet"}}');
    expect(other.settings).not.toMatchObject({ sha256: (settings as { sha256: string }).sha256 });
  });

  it.each([204, 401, 403, 404])('is nothing when the answer is %i', async (status) => {
    expect((await ask(status, '')).settings).toBeUndefined();
  });

  it('is nothing when the answer is empty, and is not asked of another upstream', async () => {
    expect((await ask(200, '{"settings":{}}')).settings).toBeUndefined();
    expect((await ask(200, '{"settings":{"model":"opus"}}', false)).seen).toEqual([]);
  });

  it.each([
    { description: 'an error', status: 500, body: '' },
    { description: 'a redirect', status: 302, body: '' },
    { description: 'no JSON', status: 200, body: '<html>' },
    { description: 'no settings', status: 200, body: '{"settings":[]}' },
    { description: 'more than 2 MB', status: 200, body: `{"settings":{"a":"${'x'.repeat(2 ** 21)}"}}` },
  ])('is unknown after $description', async ({ status, body }) => {
    expect((await ask(status, body)).settings).toMatchObject({ code: 'gateway.settings' });
  });
});
