import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createPathRules,
  decideForGood,
  lastReview,
  loadPolicy,
  rememberReview,
  withdrawProject,
} from '../../src/policy/index.ts';

/** A project, a home and a system folder with the given files. */
function plant(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-policy-'));
  for (const name of ['root', 'home', 'etc']) mkdirSync(join(folder, name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { root: join(folder, 'root'), home: join(folder, 'home'), systemFolder: join(folder, 'etc'), env: {} };
}

const decisions = async (input: ReturnType<typeof plant>, paths: readonly string[]) => {
  const rules = createPathRules(await loadPolicy(input));
  return Object.fromEntries(paths.map((path) => [path, rules.decide(path, false).decision]));
};

describe('loadPolicy', () => {
  it('hides what every credential guide names when no file says anything', async () => {
    const verdicts = await decisions(plant({}), [
      '.env',
      'packages/web/.ENV.production',
      '.env.example',
      'certs/server.key',
      'a/b/.aws/credentials',
      '.npmrc',
      'home/.ssh/config',
      'infra/prod.tfstate',
      'data/app.sqlite',
      'src/main.ts',
      'src/environment.ts',
      'package.json',
    ]);
    expect(verdicts).toEqual({
      '.env': 'hide',
      'packages/web/.ENV.production': 'hide',
      '.env.example': 'redact',
      'certs/server.key': 'hide',
      'a/b/.aws/credentials': 'hide',
      '.npmrc': 'hide',
      'home/.ssh/config': 'hide',
      'infra/prod.tfstate': 'hide',
      'data/app.sqlite': 'ask',
      'src/main.ts': 'redact',
      'src/environment.ts': 'redact',
      'package.json': 'redact',
    });
  });

  it('lets a project tighten at once and loosen only after approval', async () => {
    const input = plant({
      'root/.sotto.yaml':
        "hide: [customers/, '!.npmrc']\ntrust: [docs/**]\nidentity: keep\nimages: refuse\ngit: { depth: 3 }\n",
    });
    const policy = await loadPolicy(input);
    expect(await decisions(input, ['customers/a.txt', '.npmrc', 'docs/a.md'])).toEqual({
      'customers/a.txt': 'hide',
      '.npmrc': 'hide',
      'docs/a.md': 'redact',
    });
    expect(policy.pending).toEqual([
      { key: 'identity', source: '.sotto.yaml:3', why: 'approval' },
      { key: 'hide', source: '.sotto.yaml:1', why: 'approval' },
      { key: 'trust', source: '.sotto.yaml:2', why: 'approval' },
    ]);
    expect([policy.identity, policy.images, policy.git.depth]).toEqual(['session', 'refuse', 3]);
    expect([policy.origins.images, policy.origins.identity]).toEqual(['.sotto.yaml:4', 'default']);
  });

  it('lets a user loosen, but not what the organisation locks', async () => {
    const input = plant({
      'etc/sotto/policy.yaml': 'lock: [hide, upstream]\nhide: [ledger/]\nupstream: https://gateway.example.com/a\n',
      'home/.config/sotto/policy.yaml':
        "hide: ['!ledger/', '!.npmrc']\nask: ['!*.sqlite']\nupstream: https://elsewhere.example.com\n",
    });
    const policy = await loadPolicy({ ...input, env: { SOTTO_UPSTREAM: 'http://127.0.0.1:1' } });
    expect(await decisions(input, ['ledger/x', '.npmrc', 'a.sqlite'])).toEqual({
      'ledger/x': 'hide',
      '.npmrc': 'hide',
      'a.sqlite': 'redact',
    });
    const locked = policy.paths.filter((rule) => rule.locked === true).map(({ pattern }) => pattern);
    expect([locked.includes('ledger/'), locked.includes('.npmrc'), locked.includes('!.npmrc')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(policy.upstream).toBe('https://gateway.example.com/a');
    expect(policy.pending.map(({ key, why }) => `${key} ${why}`)).toEqual([
      'upstream lock',
      'hide lock',
      'hide lock',
      'upstream lock',
    ]);
  });

  it('lets the user take back a built-in pattern and point inference elsewhere', async () => {
    const input = plant({ 'home/.config/sotto/policy.yaml': "hide: ['!.npmrc']\n" });
    expect(await decisions(input, ['.npmrc', '.env'])).toEqual({ '.npmrc': 'redact', '.env': 'hide' });
    const policy = await loadPolicy({ ...input, env: { SOTTO_UPSTREAM: 'http://127.0.0.1:8080/x' } });
    expect([policy.upstream, policy.origins.upstream]).toEqual(['http://127.0.0.1:8080/x', 'SOTTO_UPSTREAM']);
  });

  it('says the whole of a network exception, also what its file leaves unsaid', async () => {
    const text =
      'network: { allow: [{ host: a.example, reason: docs }, { host: b.example, path: /x, methods: [POST], reason: y }] }\n';
    const { network } = await loadPolicy(plant({ 'home/.config/sotto/policy.yaml': text }));
    expect(network.allow).toEqual([
      { host: 'a.example', methods: ['GET', 'HEAD'], path: '/', opaque: false, reason: 'docs' },
      { host: 'b.example', methods: ['POST'], path: '/x', opaque: false, reason: 'y' },
    ]);
  });

  it('reads ignore files of other tools as hide, nested ones too', async () => {
    const input = plant({
      'root/.cursorignore': '# no\nfixtures/\n*.csv\n',
      'root/web/.claudeignore': '/private.txt\nbig*\n!big.md\n',
      'root/web/deep/.claudeignore': '!bigger\n',
    });
    expect(
      await decisions(input, [
        'fixtures/a',
        'x/a.csv',
        'web/private.txt',
        'web/a/private.txt',
        'web/big.js',
        'web/big.md',
        'web/deep/bigger',
        'bigger',
      ]),
    ).toEqual({
      'fixtures/a': 'hide',
      'x/a.csv': 'hide',
      'web/private.txt': 'hide',
      'web/a/private.txt': 'redact',
      'web/big.js': 'hide',
      'web/big.md': 'redact',
      'web/deep/bigger': 'redact',
      bigger: 'redact',
    });
  });

  it('lets no ignore file take back what a policy hides', async () => {
    const input = plant({ 'root/.claudeignore': '!.env\n!*.key\n' });
    expect(await decisions(input, ['.env', 'a.key'])).toEqual({ '.env': 'hide', 'a.key': 'hide' });
  });

  it('reads deny rules of Claude Code with their four anchors', async () => {
    const input = plant({});
    mkdirSync(join(input.root, '.claude'));
    mkdirSync(join(input.home, '.claude'));
    const deny = [
      'Read(notes.txt)',
      'Read(./top.txt)',
      'Read(/anchored/**)',
      `Read(/${input.root}/abs/**)`,
      'Bash(cat:*)',
      'Read',
      'Read(//**/anywhere.txt)',
    ];
    writeFileSync(join(input.root, '.claude/settings.json'), JSON.stringify({ permissions: { deny } }));
    writeFileSync(join(input.home, '.claude/settings.json'), JSON.stringify({ permissions: { deny: ['Read(mine)'] } }));
    expect(
      await decisions(input, [
        'a/notes.txt',
        'top.txt',
        'a/top.txt',
        'anchored/x',
        'a/anchored/x',
        'abs/x',
        'z/anywhere.txt',
        'mine',
        'other',
      ]),
    ).toEqual({
      'a/notes.txt': 'hide',
      'top.txt': 'hide',
      'a/top.txt': 'redact',
      'anchored/x': 'hide',
      'a/anchored/x': 'redact',
      'abs/x': 'hide',
      'z/anywhere.txt': 'hide',
      mine: 'hide',
      other: 'redact',
    });
  });

  it('gives an exclamation mark in a deny rule no meaning', async () => {
    const input = plant({});
    mkdirSync(join(input.root, '.claude'));
    const deny = ['Read(secret/**)', 'Read(!secret/a)'];
    writeFileSync(join(input.root, '.claude/settings.json'), JSON.stringify({ permissions: { deny } }));
    expect(await decisions(input, ['secret/a'])).toEqual({ 'secret/a': 'hide' });
  });

  it('hides everything when a rule denies a folder above the project', async () => {
    const input = plant({});
    mkdirSync(join(input.home, '.claude'));
    writeFileSync(
      join(input.home, '.claude/settings.json'),
      JSON.stringify({ permissions: { deny: [`Read(/${dirname(input.root)})`] } }),
    );
    expect(await decisions(input, ['a', 'b/c'])).toEqual({ a: 'hide', 'b/c': 'hide' });
  });

  it('switches foreign lists off where a user says so', async () => {
    const files = { 'root/.cursorignore': 'x\n', 'root/.aiignore': 'y\n' };
    const input = plant({ ...files, 'home/.config/sotto/policy.yaml': 'read: { cursorignore: false }\n' });
    expect(await decisions(input, ['x', 'y'])).toEqual({ x: 'redact', y: 'hide' });
    const without = plant({
      ...files,
      'root/.sotto.yaml': 'hide: [z]',
      'home/.config/sotto/policy.yaml': 'project: ignore\n',
    });
    expect(await decisions(without, ['x', 'y', 'z'])).toEqual({ x: 'redact', y: 'redact', z: 'redact' });
  });

  it('is frozen, and its hash changes with what it says', async () => {
    const one = await loadPolicy(plant({}));
    const other = await loadPolicy(plant({ 'root/.sotto.yaml': 'hide: [x]' }));
    expect(() => (one.scan.packs as string[]).push('x')).toThrow(TypeError);
    expect(one.hash).not.toBe(other.hash);
    expect((await loadPolicy(plant({}))).hash).toBe(one.hash);
  });
});

describe('decisions of the person', () => {
  it('count over files, for this session or for good, and not over a lock', async () => {
    const input = plant({
      'etc/sotto/policy.yaml': 'lock: [hide]\nhide: [locked.txt]\n',
      'root/.sotto.yaml': "ask: ['*.csv']\n",
    });
    const paths = ['a [1].csv', 'b.csv', 'src/a.ts', 'locked.txt'];
    await decideForGood(input, [
      { path: 'a [1].csv', decision: 'redact' },
      { path: 'src/a.ts', decision: 'hide' },
      { path: 'locked.txt', decision: 'redact' },
    ]);
    expect(Object.values(await decisions(input, paths))).toEqual(['redact', 'ask', 'hide', 'hide']);
    const session = {
      ...input,
      decisions: [
        { path: 'a [1].csv', decision: 'hide' as const },
        { path: 'b.csv', decision: 'redact' as const },
      ],
    };
    expect(Object.values(await decisions(session, paths))).toEqual(['hide', 'redact', 'hide', 'hide']);
    await withdrawProject(input);
    expect(Object.values(await decisions(input, paths))).toEqual(['ask', 'ask', 'redact', 'hide']);
  });

  it('lets a decision for the session take back one for good', async () => {
    const input = plant({});
    await decideForGood(input, [{ path: 'src/a.ts', decision: 'hide' }]);
    const session = { ...input, decisions: [{ path: 'src/a.ts', decision: 'redact' as const }] };
    expect(await decisions(session, ['src/a.ts'])).toEqual({ 'src/a.ts': 'redact' });
  });

  it('remembers what a review showed, as hashes only', async () => {
    const input = plant({});
    expect(await lastReview(input)).toBeUndefined();
    await rememberReview(input, ['hidden customers/ada.txt']);
    const seen = await lastReview(input);
    expect([seen?.has('hidden customers/ada.txt'), seen?.has('hidden x')]).toEqual([true, false]);
    const folder = join(input.home, '.config/sotto/reviewed');
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(readFileSync(join(folder, files[0] as string), 'utf8')).toMatch(/^[0-9a-f]{16}\n$/);
    await rememberReview(
      input,
      Array.from({ length: 50_001 }, (_, at) => `hidden ${at}`),
    );
    expect((await lastReview(input))?.has('hidden x')).toBe(true);
  });
});

describe('scan.packs', () => {
  it('names an installed npm package, looked for from the policy file upwards', async () => {
    const input = plant({
      'root/.sotto.yaml': "scan: { packs: ['@acme/rules', here] }\n",
      'root/node_modules/@acme/rules/package.json': '{}',
      'root/here/rules.yaml': '',
      'root/node_modules/here/rules.yaml': '',
    });
    const { scan, root } = await loadPolicy(input);
    expect(scan.packs).toEqual([join(root, 'node_modules/@acme/rules'), join(root, 'here')]);
  });

  it('stay in the project, links followed', async () => {
    const input = plant({ 'root/.sotto.yaml': 'scan: { packs: [rules] }\n', 'etc/rules/rules.yaml': '' });
    mkdirSync(join(input.root, 'node_modules'));
    symlinkSync(join(input.systemFolder, 'rules'), join(input.root, 'node_modules/rules'));
    await expect(loadPolicy(input)).rejects.toMatchObject({ code: 'policy.invalid' });
  });

  it("make exceptions for the rules of others only once the project's policy is approved", async () => {
    const allow = '[{ pack: own.toml, reason: reviewed }]';
    const input = plant({ 'root/.sotto.yaml': `scan: { packs: [own.toml], allow: ${allow} }\n` });
    const { scan, pending } = await loadPolicy(input);
    expect(scan).toMatchObject({ packs: [join(input.root, 'own.toml')], allow: [] });
    expect(pending.map(({ key }) => key)).toEqual(['scan.allow']);
  });
});
