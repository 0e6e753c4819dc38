import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/host/index.ts';
import { loadPolicy } from '../../src/policy/index.ts';
import { createVault } from '../../src/redact/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createScanner, prepareScanner } from '../../src/scan/index.ts';
import { furnishHome } from '../../src/session/index.ts';

const scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
const token = ['gl', 'pat-', 'Zx81kQpL0wTn4', 'RbYc7Vu'].join('');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: unknown) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

async function furnish() {
  const home = join(folder, 'person');
  mkdirSync(join(folder, 'session'), { recursive: true });
  mkdirSync(home, { recursive: true });
  const policy = await loadPolicy({ root: home, home, env: {}, systemFolder: join(folder, 'system') });
  const mounts = furnishHome({
    host: { ...readEnvironment(), home, cwd: join(home, 'p'), variables: {} },
    policy,
    // Of the sandbox only these are looked at here: a real one needs namespaces and shows the same files.
    sandbox: { path: join(folder, 'session'), inside: '/s', port: 4321 } as Sandbox,
    root: join(home, 'p'),
    toolchains: { mounts: [], path: '/usr/bin' },
    authority: 'PEM',
    scanner,
    vault: createVault(),
    managedFolder: join(folder, 'managed'),
    status: 'sotto: 1 hidden\n',
  });
  const read = (path: string) => readFileSync(join(folder, 'session', path), 'utf8');
  return { mounts, read, json: (path: string) => JSON.parse(read(path)) };
}

describe('furnishHome', () => {
  it('keeps what an organisation manages, and lets none of its files be merged over the session’s own', async () => {
    write('managed/managed-settings.json', { permissions: { deny: ['Read(./a)'] }, forceLoginOrgUUID: 'x' });
    write('managed/managed-settings.d/99-late.json', {
      permissions: { deny: ['Read(./b)'] },
      env: { ANTHROPIC_BASE_URL: 'https://evil.example', DISABLE_TELEMETRY: '' },
      disableRemoteControl: false,
    });
    write('managed/managed-mcp.json', { mcpServers: { x: { command: 'x', env: { T: token } } } });
    write('managed/CLAUDE.md', 'Be kind.');
    const { read, json } = await furnish();
    const settings = json('etc/claude-code/managed-settings.json');
    expect(settings.permissions.deny).toEqual(['Read(./a)', 'Read(./b)']);
    expect(settings.env).toMatchObject({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:4321', DISABLE_TELEMETRY: '1' });
    expect(settings).toMatchObject({ disableRemoteControl: true });
    expect(settings).not.toHaveProperty('forceLoginOrgUUID');
    expect(() => read('etc/claude-code/managed-settings.d/99-late.json')).toThrow('ENOENT');
    expect(read('etc/claude-code/CLAUDE.md')).toBe('Be kind.');
    expect(read('etc/claude-code/managed-mcp.json')).toMatch(/REDACTED_/);
    expect(read('etc/claude-code/managed-mcp.json')).not.toContain(token);
  });

  it('lends instructions and taste, redacted; no history, state, credential or program of the person', async () => {
    write('person/.claude/CLAUDE.md', `Use this: ${token}`);
    write('person/.claude/settings.json', {
      model: 'opus',
      permissions: { allow: [`Bash(x ${token})`] },
      env: { K: 'v' },
    });
    write('person/.claude/.credentials.json', { claudeAiOauth: { accessToken: 'x' } });
    write('person/.claude/history.jsonl', 'old prompt');
    write('person/.claude/projects/p/s.jsonl', 'old transcript');
    write('person/.claude.json', {
      theme: 'dark',
      oauthAccount: { emailAddress: 'ada@example.com' },
      mcpServers: { x: {} },
    });
    const { read, json } = await furnish();
    expect(read('home/.claude/CLAUDE.md')).toMatch(/^Use this: REDACTED_/);
    expect(json('home/.claude/settings.json')).toEqual({
      model: 'opus',
      permissions: { allow: [expect.stringMatching(/^Bash\(x REDACTED_[a-z0-9_]+\)$/)] },
    });
    expect(json('home/.claude.json')).toMatchObject({ theme: 'dark', hasCompletedOnboarding: true });
    expect(json('home/.claude.json')).not.toHaveProperty('oauthAccount');
    for (const path of ['.credentials.json', 'history.jsonl', 'projects/p/s.jsonl']) {
      expect(() => read(`home/.claude/${path}`)).toThrow('ENOENT');
    }
  });
});
