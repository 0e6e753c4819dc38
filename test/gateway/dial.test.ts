import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openTunnel } from '../../src/gateway/dial.ts';
import { openOutside } from '../../src/gateway/outside.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A proxy that answers the first bytes it gets; gives its URL and what it was told. */
async function proxyThat(answers: (socket: Socket, head: string) => void): Promise<{ url: URL; heads: string[] }> {
  const heads: string[] = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (piece: Buffer) => {
      heads.push(piece.toString());
      answers(socket, piece.toString());
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://ada:made%2Fup-word@127.0.0.1:${port}`), heads };
}

describe('openTunnel', () => {
  it('asks for host and port, with the user of the URL, and hands out what is behind', async () => {
    const { url, heads } = await proxyThat((socket) => socket.end('HTTP/1.1 200 OK\r\nx: y\r\n\r\nbehind'));
    const socket = await openTunnel(url, 'api.anthropic.com', 443);
    let text = '';
    for await (const piece of socket) text += piece;
    expect(text).toBe('behind');
    const pair = Buffer.from('ada:made/up-word').toString('base64');
    expect(heads[0]).toBe(
      `CONNECT api.anthropic.com:443 HTTP/1.1\r\nHost: api.anthropic.com:443\r\nProxy-Authorization: Basic ${pair}\r\n\r\n`,
    );
  });

  it.each([
    { description: 'wants a user', answer: 'HTTP/1.1 407 No\r\n\r\n', why: 'status 407' },
    { description: 'refuses', answer: 'HTTP/1.1 403 Forbidden\r\n\r\n', why: 'status 403' },
    { description: 'redirects', answer: 'HTTP/1.1 302 Found\r\nlocation: https://x\r\n\r\n', why: 'status 302' },
    { description: 'speaks something else', answer: 'SSH-2.0-x\r\n\r\n', why: 'its answer is not HTTP' },
    { description: 'talks without an end', answer: 'x'.repeat(20_000), why: 'its answer is not HTTP' },
    { description: 'hangs up', answer: '', why: 'it hung up' },
  ])('refuses when the proxy $description, without user and password', async ({ answer, why }) => {
    const { url } = await proxyThat((socket) => (answer === '' ? socket.destroy() : socket.write(answer)));
    const error = await openTunnel(url, 'api.anthropic.com', 443).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'gateway.proxy', args: { why } });
    expect(JSON.stringify([error, String(error)])).not.toMatch(/ada|made/);
  });
});

describe('a host behind a proxy', () => {
  it('that this machine knows to be private is refused before the proxy is asked', async () => {
    const { url, heads } = await proxyThat((socket) => socket.destroy());
    const outside = openOutside(
      () => url,
      (_host, done) => done(null, [{ address: '10.0.0.1', family: 4 }]),
    );
    await expect(outside.connect('intern.example')).rejects.toMatchObject({ code: 'gateway.address' });
    const request = outside.dispatcher.request({ origin: 'https://intern.example', path: '/', method: 'GET' });
    await expect(request).rejects.toMatchObject({ code: 'gateway.address' });
    expect(heads).toEqual([]);
    await outside.close();
  });

  it('that only the proxy knows is asked of the proxy', async () => {
    const { url, heads } = await proxyThat((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    const outside = openOutside(
      () => url,
      (_host, done) => done(new Error('ENOTFOUND'), []),
    );
    (await outside.connect('far.example:8443')).destroy();
    expect(heads[0]).toMatch(/^CONNECT far\.example:8443 /);
    await outside.close();
  });
});
