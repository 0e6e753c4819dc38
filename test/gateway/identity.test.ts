import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIdentity } from '../../src/gateway/identity.ts';
import { findIdentityTerms } from '../../src/gateway/identity-terms.ts';
import { createIdentityText } from '../../src/gateway/identity-text.ts';
import { run } from '../../src/host/index.ts';
import { type Checker, createChecker, TERMS } from './checker.ts';
import { GITHUB } from './setting.ts';

let checker: Checker;
beforeEach(async () => {
  checker = await createChecker('session');
});

const system = (text: string) => JSON.parse(checker.sent({ system: text })).system as string;
const user = (text: string) =>
  JSON.parse(checker.sent({ messages: [{ role: 'user', content: text }] })).messages[0].content as string;

describe('the person, in what the client writes about its surroundings', () => {
  it.each([
    ['Git user: Marianne Muster', 'Git user: A. User'],
    ['as marianne on mariannes-laptop', 'as user on host'],
    ['memory at /home/marianne/.claude/CLAUDE.md', 'memory at /home/user/.claude/CLAUDE.md'],
    ['# userEmail\nmarianne@firm.example is it', '# userEmail\nuser@example.com is it'],
    ['OS Version: Linux 6.18.44-generic\nnext', 'OS Version: Linux\nnext'],
    // The project's own path must stay true: tools are called with it.
    ['cwd /home/marianne/projects/shop/src', 'cwd /home/marianne/projects/shop/src'],
    ['cwd /home/marianne/projects/shopping', 'cwd /home/user/projects/shopping'],
    ['mariannette is another word', 'mariannette is another word'],
    [`marianne ${GITHUB.slice(0, 3)}`, 'user ghp'],
  ])('%j becomes %j', (text, expected) => {
    expect(system(text)).toBe(expected);
    expect(user(`<system-reminder>\n${text}`)).toBe(`<system-reminder>\n${expected}`);
  });

  it('is left alone in what the person writes, but for addresses', () => {
    expect(user('marianne wrote to marianne@firm.example')).toBe('marianne wrote to user@example.com');
  });

  it('is left alone with identity: keep', () => {
    expect(createIdentityText('keep', TERMS, '/p').edits('marianne', true)).toEqual([]);
  });

  it('is not touched where the name is one that many have', () => {
    expect(createIdentityText('session', [{ kind: 'user', value: 'root' }], '/p').edits('as root', true)).toEqual([]);
  });

  it('is never entered into the vault, where paths would be searched for it', () => {
    system('as marianne on mariannes-laptop');
    expect(checker.vault.size).toBe(0);
  });
});

describe('ids and headers', () => {
  const from = {
    'user-agent': 'claude-cli/2.1.330 (external, sdk-cli)',
    'x-claude-code-session-id': 'b1b1b1b1-0000-4000-8000-000000000000',
    'x-claude-code-agent-id': 'c1c1c1c1-0000-4000-8000-000000000000',
    'x-stainless-os': 'Linux',
    'x-stainless-arch': 'x64',
  };
  const id = JSON.stringify({ device_id: 'd', account_uuid: 'a', session_id: 's' });

  it('are other ones in each session, the same within one', () => {
    const [one, two] = [createIdentity('session'), createIdentity('session')];
    expect(one.headers(from)).toEqual(one.headers(from));
    expect(one.userId(id)).toBe(one.userId(id));
    expect(one.userId(id)).not.toBe(two.userId(id));
    const headers = one.headers(from);
    expect(Object.keys(headers).sort()).toEqual(['user-agent', 'x-claude-code-agent-id', 'x-claude-code-session-id']);
    for (const name of ['x-claude-code-session-id', 'x-claude-code-agent-id'] as const) {
      expect(headers[name]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(headers[name]).not.toBe(from[name]);
    }
  });

  it('are gone with identity: drop, all there with keep', () => {
    expect(createIdentity('drop').headers(from)).toEqual({ 'user-agent': 'claude-cli/2.1.330 (external, cli)' });
    expect(createIdentity('drop').userId(id)).toBeNull();
    expect(createIdentity('keep').headers(from)).toEqual(from);
    expect(createIdentity('keep').userId(id)).toBeUndefined();
  });
});

describe('what names the person', () => {
  it('is asked of system, account and the git of the project', async () => {
    const root = mkdtempSync(join(tmpdir(), 'sotto-identity-'));
    const variables = { PATH: '/usr/bin:/bin', HOME: root };
    const git = (...args: string[]) => run('git', args, { cwd: root, env: variables });
    await git('init', '-q');
    await git('config', 'user.name', 'Marianne Muster');
    await git('config', 'user.email', 'marianne.m@firm.example');
    const terms = await findIdentityTerms({
      user: 'mm',
      home: '/home/mm',
      email: 'paid@firm.example',
      root,
      variables,
      run,
    });
    rmSync(root, { recursive: true });
    const values = terms.map(({ kind, value }) => `${kind} ${value}`);
    expect(values).toEqual(
      expect.arrayContaining([
        'user mm',
        'home /home/mm',
        'name Marianne Muster',
        'email marianne.m@firm.example',
        'email paid@firm.example',
        'user marianne.m',
      ]),
    );
    expect(terms.some(({ kind }) => kind === 'host')).toBe(true);
  });
});
