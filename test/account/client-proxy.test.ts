import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientProxy, type Environment } from '../../src/account/index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'proxy-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const PROXY = 'http://proxy.example:3128';
const proxyOf = (env: Environment) => clientProxy({ env, home, managedFolder: join(home, 'managed') });
const through = (env: Environment, host = 'api.anthropic.com', port = 443) => proxyOf(env)(host, port)?.origin;

describe('clientProxy', () => {
  it('is none where nobody names one', () => {
    expect(through({})).toBeUndefined();
    expect(through({ HTTPS_PROXY: '', HTTP_PROXY: PROXY })).toBeUndefined();
  });

  it('is that of the shell, in either case, of the person’s settings before it, of the organisation’s before both', () => {
    expect(through({ HTTPS_PROXY: PROXY })).toBe(PROXY);
    expect(through({ HTTPS_PROXY: 'http://upper.example', https_proxy: 'lower.example:8080' })).toBe(
      'http://lower.example:8080',
    );
    mkdirSync(join(home, '.claude'));
    writeFileSync(
      join(home, '.claude/settings.json'),
      JSON.stringify({ env: { HTTPS_PROXY: 'https://user.example' } }),
    );
    expect(through({ HTTPS_PROXY: PROXY })).toBe('https://user.example');
    mkdirSync(join(home, 'managed'));
    writeFileSync(
      join(home, 'managed/managed-settings.json'),
      JSON.stringify({ env: { HTTPS_PROXY: 'http://managed.example:1' } }),
    );
    expect(through({ HTTPS_PROXY: PROXY })).toBe('http://managed.example:1');
  });

  it.each([
    { rules: '*', host: 'a.example', direct: true },
    { rules: 'example.com', host: 'example.com', direct: true },
    { rules: 'example.com', host: 'a.example.com', direct: true },
    { rules: '.example.com', host: 'a.example.com', direct: true },
    { rules: '*.example.com', host: 'a.example.com', direct: true },
    { rules: 'example.com', host: 'badexample.com', direct: false },
    { rules: 'other.example, example.com', host: 'example.com', direct: true },
    { rules: 'other.example example.com:8443', host: 'example.com', direct: false },
    { rules: 'example.com:443', host: 'example.com', direct: true },
    { rules: 'EXAMPLE.com', host: 'example.com', direct: true },
    { rules: '', host: 'localhost', direct: true },
    { rules: '', host: '127.0.0.1', direct: true },
    { rules: '', host: 'example.com', direct: false },
  ])('NO_PROXY "$rules" and $host', ({ rules, host, direct }) => {
    expect(through({ HTTPS_PROXY: PROXY, NO_PROXY: rules }, host) === undefined).toBe(direct);
  });

  it.each(['socks5://user:made-up-word@proxy.example', 'http://', '::'])('refuses %s without repeating it', (url) => {
    let error: unknown;
    try {
      proxyOf({ HTTPS_PROXY: url });
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'account.proxy' });
    expect(JSON.stringify([error, String(error)])).not.toContain('made-up-word');
  });
});
