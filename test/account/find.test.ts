import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clientBaseUrl,
  dropToken,
  type Environment,
  findCredential,
  keepToken,
  keptTokenFile,
} from '../../src/account/index.ts';
import { run } from '../../src/host/index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'account-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A made-up token that tells where it was put. */
const token = (where: string) => ['tok', where, '0123456789'].join('-');

function file(path: string, content: unknown, mode = 0o600): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  chmodSync(full, mode);
  return full;
}

const login = (where: string, expiresAt = Date.now() + 1e6) => ({
  claudeAiOauth: { accessToken: token(where), refreshToken: token('refresh'), expiresAt, subscriptionType: 'max' },
});

function find(env: Environment = {}, now?: () => number, projects: readonly string[] = []) {
  return findCredential({
    env,
    home,
    run,
    projects,
    managedFolder: join(home, 'managed'),
    ...(now === undefined ? {} : { now }),
  });
}

async function headers(env: Environment = {}) {
  return (await (await find(env)).read()).headers;
}

describe('findCredential', () => {
  it('takes the first of the order in which Claude Code looks, one after the other removed', async () => {
    file('.claude/settings.json', { apiKeyHelper: `echo ${token('helper')}` });
    file('.config/sotto/token', token('kept'));
    file('.claude/.credentials.json', login('login'));
    const env: Record<string, string> = {
      PATH: '/usr/bin:/bin',
      ANTHROPIC_AUTH_TOKEN: token('auth'),
      ANTHROPIC_API_KEY: token('key'),
      CLAUDE_CODE_OAUTH_TOKEN: token('oauth'),
    };
    const seen: unknown[] = [];
    const look = async () => {
      const { kind, headers, oauth } = await (await find(env)).read();
      seen.push([kind, headers, oauth]);
    };
    await look();
    delete env.ANTHROPIC_AUTH_TOKEN;
    await look();
    delete env.ANTHROPIC_API_KEY;
    await look();
    rmSync(join(home, '.claude/settings.json'));
    await look();
    delete env.CLAUDE_CODE_OAUTH_TOKEN;
    await look();
    rmSync(join(home, '.config/sotto/token'));
    await look();
    expect(seen).toEqual([
      ['auth-token', { authorization: `Bearer ${token('auth')}` }, false],
      ['api-key', { 'x-api-key': token('key') }, false],
      ['api-key-helper', { 'x-api-key': token('helper'), authorization: `Bearer ${token('helper')}` }, false],
      ['setup-token', { authorization: `Bearer ${token('oauth')}` }, true],
      ['setup-token', { authorization: `Bearer ${token('kept')}` }, true],
      ['login', { authorization: `Bearer ${token('login')}` }, true],
    ]);
    rmSync(join(home, '.claude/.credentials.json'));
    await expect(find(env)).rejects.toMatchObject({ code: 'account.none' });
  });

  it('lets the settings of the person beat the shell, and those of the organisation beat both', async () => {
    file('.claude/settings.json', { env: { ANTHROPIC_API_KEY: token('user') } });
    expect(await headers({ ANTHROPIC_API_KEY: token('shell') })).toEqual({ 'x-api-key': token('user') });
    file('managed/managed-settings.json', { env: { ANTHROPIC_API_KEY: token('first') } });
    file('managed/managed-settings.d/10-key.json', { env: { ANTHROPIC_API_KEY: token('second') } });
    expect(await headers({ ANTHROPIC_API_KEY: token('shell') })).toEqual({ 'x-api-key': token('second') });
  });

  it('looks where CLAUDE_CONFIG_DIR says', async () => {
    file('.claude/.credentials.json', login('wrong'));
    file('elsewhere/.credentials.json', login('right'));
    expect(await headers({ CLAUDE_CONFIG_DIR: join(home, 'elsewhere') })).toEqual({
      authorization: `Bearer ${token('right')}`,
    });
  });

  it('reads the login afresh each time: a renewed one is used, a removed or expired one refused', async () => {
    const path = file('.claude/.credentials.json', login('old'));
    let now = 1_000_000;
    writeFileSync(path, JSON.stringify(login('old', 2_000_000)));
    const source = await find({}, () => now);
    expect((await source.read()).headers.authorization).toBe(`Bearer ${token('old')}`);
    now = 2_000_000;
    await expect(source.read()).rejects.toMatchObject({ code: 'account.expired' });
    writeFileSync(path, JSON.stringify(login('new', 3_000_000)));
    expect((await source.read()).headers.authorization).toBe(`Bearer ${token('new')}`);
    rmSync(path);
    await expect(source.read()).rejects.toMatchObject({ code: 'account.signed-out' });
    expect(existsSync(path)).toBe(false);
  });

  it('gives after a refusal what Claude Code outside has renewed meanwhile, and nothing when it has not', async () => {
    const path = file('.claude/.credentials.json', login('old'));
    const source = await find();
    const refused = await source.read();
    expect(await source.renew?.(refused)).toBeUndefined();
    writeFileSync(path, JSON.stringify(login('new')));
    expect((await source.renew?.(refused))?.headers.authorization).toBe(`Bearer ${token('new')}`);
  });

  it('refuses an expired login before the start and says how to renew it outside', async () => {
    file('.claude/.credentials.json', login('old', 1000));
    await expect(find()).rejects.toMatchObject({
      code: 'account.expired',
      hint: expect.stringContaining('command claude'),
    });
  });

  describe.each([
    'CLAUDE_CODE_USE_BEDROCK',
    'CLAUDE_CODE_USE_VERTEX',
    'CLAUDE_CODE_USE_FOUNDRY',
  ])('refuses %s', (name) => {
    it.each([
      { where: 'the environment' },
      { where: 'home/.claude/settings.json' },
      { where: 'managed/managed-settings.json' },
      { where: 'managed/managed-settings.d/10.json' },
      { where: 'project/.claude/settings.json' },
      { where: 'project/.claude/settings.local.json' },
      { where: 'project/below/.claude/settings.json' },
    ])('set in $where, rather than pay with another account', async ({ where }) => {
      file('.claude/.credentials.json', login('login'));
      const env = { ANTHROPIC_API_KEY: token('key'), ...(where === 'the environment' ? { [name]: '1' } : {}) };
      if (where.endsWith('.json')) file(where.replace('home/', ''), { env: { [name]: 1 } });
      const projects = [join(home, 'project'), join(home, 'project/below')];
      const error = await find(env, undefined, projects).catch((error: unknown) => error);
      expect(error).toMatchObject({ code: 'account.provider', hint: expect.stringContaining('upstream') });
      const shown = where.startsWith('managed') ? 'managed' : where.replace('home/', '');
      expect(String(error)).toMatch(RegExp(`${name} is set in .*${shown}: .*(?:Bedrock|Vertex|Foundry)`));
    });
  });

  it('lets a person switch off in the settings what the shell switched on, but no project', async () => {
    const env = { CLAUDE_CODE_USE_BEDROCK: '1', ANTHROPIC_API_KEY: token('key') };
    file('project/.claude/settings.json', { env: { CLAUDE_CODE_USE_BEDROCK: '' } });
    await expect(find(env, undefined, [join(home, 'project')])).rejects.toMatchObject({ code: 'account.provider' });
    file('.claude/settings.json', { env: { CLAUDE_CODE_USE_BEDROCK: '0' } });
    expect((await find(env)).kind).toBe('api-key');
  });

  it('refuses a named profile, which ranks before the login', async () => {
    file('.claude/.credentials.json', login('login'));
    await expect(find({ ANTHROPIC_PROFILE: 'work' })).rejects.toMatchObject({ code: 'account.profile' });
  });

  it('counts a provider switch that says no as unset', async () => {
    expect(await headers({ CLAUDE_CODE_USE_BEDROCK: '0', ANTHROPIC_API_KEY: token('key') })).toHaveProperty(
      'x-api-key',
    );
  });

  it.each([
    { description: 'a line break within', value: `${'x'.repeat(20)}\r\nx-evil: 1` },
    { description: 'nothing but spaces', value: '   ' },
    { description: 'letters no token has', value: 'schlüssel-schlüssel' },
  ])('refuses a token with $description, and does not repeat it', async ({ value }) => {
    const error = await find({ ANTHROPIC_API_KEY: value }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'account.malformed' });
    expect(JSON.stringify([error, String(error)])).not.toContain(value.trim().slice(0, 8) || '\u0000');
  });

  it.each([
    '{',
    '[]',
    `{"env": ${'"'}`,
  ])('refuses broken settings (%s) instead of going on without them', async (content) => {
    const path = file('.claude/settings.json', content);
    await expect(find({ ANTHROPIC_API_KEY: token('key') })).rejects.toMatchObject({
      code: 'account.file',
      args: { path },
    });
  });
});

describe('settings of an organisation', () => {
  it('are refused when a program would have to compute them', async () => {
    file('managed/managed-settings.json', { policyHelper: { path: '/opt/policy' } });
    await expect(find({ ANTHROPIC_API_KEY: token('key') })).rejects.toMatchObject({ code: 'account.policy-helper' });
  });
});

describe('clientBaseUrl', () => {
  const base = (env: Environment) => clientBaseUrl({ env, home, managedFolder: join(home, 'managed') }).href;

  it('is where a plain claude would send its requests', () => {
    expect(base({})).toBe('https://api.anthropic.com/');
    expect(base({ ANTHROPIC_BASE_URL: 'https://shell.example/llm' })).toBe('https://shell.example/llm');
    file('.claude/settings.json', { env: { ANTHROPIC_BASE_URL: 'https://user.example' } });
    expect(base({ ANTHROPIC_BASE_URL: 'https://shell.example' })).toBe('https://user.example/');
    file('managed/managed-settings.json', { env: { ANTHROPIC_BASE_URL: 'https://managed.example' } });
    expect(base({})).toBe('https://managed.example/');
  });

  it.each(['nowhere', 'file:///etc/passwd', 'javascript:x'])('refuses %s', (url) => {
    expect(() => base({ ANTHROPIC_BASE_URL: url })).toThrow(expect.objectContaining({ code: 'account.base-url' }));
  });
});

describe('apiKeyHelper', () => {
  const counting = () => `printf x >> ${join(home, 'runs')}; echo ${token('helper')}`;
  const runs = () => readFileSync(join(home, 'runs'), 'utf8').length;

  it('runs once for as long as its key is kept, also when asked twice at once', async () => {
    file('.claude/settings.json', { apiKeyHelper: counting() });
    let now = 0;
    const source = await find({ PATH: '/usr/bin:/bin' }, () => now);
    await Promise.all([source.read(), source.read()]);
    now = 299_999;
    await source.read();
    expect(runs()).toBe(1);
    now = 300_000;
    await source.read();
    expect(runs()).toBe(2);
  });

  it('keeps to CLAUDE_CODE_API_KEY_HELPER_TTL_MS', async () => {
    file('.claude/settings.json', { apiKeyHelper: counting(), env: { CLAUDE_CODE_API_KEY_HELPER_TTL_MS: '10' } });
    let now = 0;
    const source = await find({ PATH: '/usr/bin:/bin' }, () => now);
    await source.read();
    now = 10;
    await source.read();
    expect(runs()).toBe(2);
  });

  it('refuses when it fails, without what it printed, and asks again the next time', async () => {
    file('.claude/settings.json', {
      apiKeyHelper: `if [ -e ${home}/ok ]; then echo ${token('late')}; else echo ${token('half')}; exit 3; fi`,
    });
    const source = await find({ PATH: '/usr/bin:/bin' });
    const error = await source.read().catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'account.helper', args: { status: 3 } });
    expect(JSON.stringify(error) + String(error)).not.toContain(token('half'));
    file('ok', '');
    expect((await source.read()).headers['x-api-key']).toBe(token('late'));
  });

  it('runs again when the provider refused what it printed, and not again at once when it prints the same', async () => {
    file('.claude/settings.json', { apiKeyHelper: `${counting()}; cat ${home}/key 2>/dev/null || true` });
    let now = 0;
    const source = await find({ PATH: '/usr/bin:/bin' }, () => now);
    const first = await source.read();
    expect(await source.renew?.(first)).toBeUndefined();
    expect(await source.renew?.(first)).toBeUndefined();
    expect(runs()).toBe(2);
    now = 10_000;
    expect(await source.renew?.(first)).toBeUndefined();
    expect(runs()).toBe(3);
  });

  it('runs once for requests that are refused side by side, or later with what it printed first', async () => {
    file('key', token('first'));
    file('.claude/settings.json', { apiKeyHelper: `printf x >> ${home}/runs; cat ${home}/key` });
    const source = await find({ PATH: '/usr/bin:/bin' });
    const first = await source.read();
    file('key', token('second'));
    const [one, other] = await Promise.all([source.renew?.(first), source.renew?.(first)]);
    expect([one, other].map((credential) => credential?.headers['x-api-key'])).toEqual([
      token('second'),
      token('second'),
    ]);
    expect((await source.renew?.(first))?.headers['x-api-key']).toBe(token('second'));
    expect(runs()).toBe(2);
  });

  it('takes that of the organisation before that of the person', async () => {
    file('.claude/settings.json', { apiKeyHelper: `echo ${token('user')}` });
    file('managed/managed-settings.json', { apiKeyHelper: `echo ${token('managed')}` });
    expect(await headers({ PATH: '/usr/bin:/bin' })).toMatchObject({ 'x-api-key': token('managed') });
  });
});

describe('the kept token', () => {
  it('is kept for its owner alone and can be dropped', async () => {
    const path = keptTokenFile({ env: {}, home });
    keepToken(path, `${token('kept')}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await headers()).toEqual({ authorization: `Bearer ${token('kept')}` });
    expect([dropToken(path), dropToken(path)]).toEqual([true, false]);
    await expect(find()).rejects.toMatchObject({ code: 'account.none' });
  });

  it('is refused when others could have read it', async () => {
    file('.config/sotto/token', token('kept'), 0o644);
    await expect(find()).rejects.toMatchObject({ code: 'account.open-file' });
  });

  it('leaves the token before in place when the new one cannot be one', async () => {
    const path = keptTokenFile({ env: {}, home });
    keepToken(path, token('kept'));
    expect(() => keepToken(path, 'two words')).toThrow(expect.objectContaining({ code: 'account.malformed' }));
    expect(readFileSync(path, 'utf8').trim()).toBe(token('kept'));
  });

  it('stands where XDG_CONFIG_HOME says, unless that is relative', () => {
    expect(keptTokenFile({ env: { XDG_CONFIG_HOME: '/x' }, home: '/h' })).toBe('/x/sotto/token');
    expect(keptTokenFile({ env: { XDG_CONFIG_HOME: 'x' }, home: '/h' })).toBe('/h/.config/sotto/token');
  });
});
