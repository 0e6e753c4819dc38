import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account } from '../../src/commands/account.ts';
import { login } from '../../src/commands/login.ts';

const ORG = '00000000-0000-4000-8000-000000000001';
const TOKEN = ['made', 'up', 'token', '0123456789'].join('-');
let home: string;
let project: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'account-'));
  project = join(home, 'project');
  mkdirSync(project);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(json = false, variables: Record<string, string> = {}) {
  let out = '';
  const io = { out: (text: string) => (out += text), err: () => {}, terminal: false };
  const status = await account({ home, variables, cwd: project }, { json, managedFolder: join(home, 'managed') }, io);
  return { status, out };
}

function signIn(plan: string) {
  mkdirSync(join(home, '.claude'));
  writeFileSync(
    join(home, '.claude/.credentials.json'),
    JSON.stringify({ claudeAiOauth: { accessToken: TOKEN, subscriptionType: plan } }),
  );
  writeFileSync(
    join(home, '.claude.json'),
    JSON.stringify({ oauthAccount: { emailAddress: 'ada@example.com', organizationName: 'Ac\x1bme' } }),
  );
}

describe('sotto account', () => {
  it('names account, plan and the terms that can apply, never the token', async () => {
    signIn('max');
    const { status, out } = await run();
    expect(status).toBe(0);
    expect(out).toContain('ada@example.com');
    expect(out).toContain('training: yes; kept: up to 5 years');
    expect(out).toContain('training: no; kept: 30 days');
    expect(out).toContain('Ac\\u{1b}me');
    expect(out + (await run(true)).out).not.toContain(TOKEN);
  });

  it('names one row for a key, whatever login stands beside it', async () => {
    signIn('max');
    expect(JSON.parse((await run(true, { ANTHROPIC_API_KEY: TOKEN })).out)).toMatchObject({
      kind: 'api-key',
      plan: 'api',
      terms: [{ training: 'no', retention: '30 days' }],
    });
  });

  it('says where requests go, and which organization policy demands, or refuses another', async () => {
    signIn('team');
    writeFileSync(join(project, '.sotto.yaml'), `account:\n  organization: ${ORG}\n`);
    expect((await run()).out).toContain(`must be of    ${ORG} (the provider is told to refuse others)`);
    expect((await run(false, { ANTHROPIC_BASE_URL: 'https://llm.example/x' })).out).toContain(
      'goes to       llm.example',
    );
    writeFileSync(
      join(home, '.claude.json'),
      JSON.stringify({ oauthAccount: { organizationUuid: ORG.replace('1', '2') } }),
    );
    await expect(run()).rejects.toMatchObject({ code: 'account.organization' });
  });

  it('answers in a home as well, where no session starts', async () => {
    signIn('max');
    project = home;
    expect((await run()).out).toContain('ada@example.com');
  });

  it('refuses as a session would', async () => {
    await expect(run()).rejects.toMatchObject({ code: 'account.none' });
    signIn('max');
    mkdirSync(join(home, 'managed'));
    writeFileSync(join(home, 'managed/managed-settings.json'), JSON.stringify({ forceLoginMethod: 'console' }));
    await expect(run()).rejects.toMatchObject({ code: 'account.method' });
  });
});

describe('sotto login', () => {
  const quiet = { out: () => {}, err: () => {}, terminal: false };

  it('refuses without a terminal, and keeps nothing', async () => {
    await expect(login({ home, variables: {} }, {}, quiet)).rejects.toMatchObject({
      code: 'account.no-terminal',
      exit: 2,
    });
    expect(() => statSync(join(home, '.config'))).toThrow();
  });

  it('forgets a kept token', async () => {
    mkdirSync(join(home, '.config/sotto'), { recursive: true });
    writeFileSync(join(home, '.config/sotto/token'), TOKEN, { mode: 0o600 });
    await login({ home, variables: {} }, { forget: true }, quiet);
    expect(() => statSync(join(home, '.config/sotto/token'))).toThrow();
  });
});
