import { mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/commands/explain.ts';
import { init } from '../../src/commands/init.ts';
import { lineDiff } from '../../src/commands/line-diff.ts';
import { checkPolicy, showPolicy } from '../../src/commands/policy.ts';
import { redact } from '../../src/commands/redact.ts';
import { trust } from '../../src/commands/trust.ts';
import { createPaint, patternsFolder } from '../../src/host/index.ts';
import { editorSchema, loadPolicy } from '../../src/policy/index.ts';

/** A rule of the team's own, so that these tests do not hang on what the built-in packs find. */
const PACK = `vendor: acme
rules:
  - id: acme.badge
    description: a badge of Acme, opens doors
    regex: 'badge-(?<secret>[a-z]{12})'
    keywords: [badge]
    confidence: certain
`;
const SECRET = ['qwer', 'tyui', 'opas'].join('');

const paint = createPaint({}, {});

function plant(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-verbs-'));
  for (const name of ['root', 'home', 'etc']) mkdirSync(join(folder, name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { root: join(folder, 'root'), home: join(folder, 'home'), systemFolder: join(folder, 'etc'), env: {} };
}

/** Runs a verb and gives what it printed. */
async function said(
  verb: (io: { out(text: string): void; err(text: string): void; terminal: boolean }) => Promise<number>,
) {
  let text = '';
  const status = await verb({ out: (more) => (text += more), err: () => {}, terminal: false });
  return { status, text };
}

describe('policy show', () => {
  it('prints values and path patterns with where they come from', async () => {
    const input = plant({ 'root/.sotto.yaml': 'images: refuse\nhide:\n  - drafts/\nidentity: keep\n' });
    const { text } = await said((io) => showPolicy(input, { json: false, all: false }, io, paint));
    expect(text).toMatch(/^images: refuse +\.sotto\.yaml:1$/m);
    expect(text).toMatch(/^hide: drafts\/ +\.sotto\.yaml:3$/m);
    expect(text).toMatch(/^identity: session +default$/m);
    expect(text).toMatch(/^does not count: identity, \.sotto\.yaml:4: waits for sotto trust$/m);
    expect(text).not.toContain('id_rsa');
  });

  it('prints all of it as JSON', async () => {
    const { text } = await said((io) => showPolicy(plant({}), { json: true, all: false }, io, paint));
    expect(JSON.parse(text).paths.length).toBeGreaterThan(100);
  });

  it('shows no escape sequence of a pattern', async () => {
    const input = plant({ 'root/.claudeignore': 'a\x1b]52;c;AAAA\x07\u202eb\n' });
    const { text } = await said((io) => showPolicy(input, { json: false, all: false }, io, paint));
    expect(text).toContain('\\u{1b}]52;c;AAAA\\u{7}\\u{202e}b');
  });
});

describe('policy check', () => {
  it('passes, and tells what does not count', async () => {
    const input = plant({ 'root/.sotto.yaml': 'trust: [docs/]\n' });
    expect((await said((io) => checkPolicy(input, { strict: false }, io))).status).toBe(0);
    const strict = await said((io) => checkPolicy(input, { strict: true }, io));
    expect(strict.status).toBe(1);
    expect(strict.text).toContain('.sotto.yaml:1: trust does not count: not approved here');
  });

  it('refuses a pack whose expression does not compile', async () => {
    const pack = 'rules:\n  - id: x.y\n    pattern: "("\n';
    const input = plant({ 'root/.sotto.yaml': 'scan: { packs: [rules.yaml] }\n', 'root/rules.yaml': pack });
    await expect(checkPolicy(input, { strict: false }, { out() {}, err() {}, terminal: false })).rejects.toMatchObject({
      name: 'Refusal',
    });
  });
});

it('publishes the schema that the program checks with', () => {
  const published = JSON.parse(readFileSync(join(patternsFolder(), 'policy.schema.json'), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(editorSchema())));
});

describe('trust', () => {
  const no = async () => false;
  const yes = async () => true;

  it('shows the policy and what it would loosen, and approves after a yes only', async () => {
    const input = plant({ 'root/.sotto.yaml': 'identity: keep\n' });
    const options = { yes: false, withdraw: false };
    const refused = await said((io) => trust(input, options, io, paint, no));
    expect(refused.status).toBe(1);
    expect(refused.text).toContain('+ identity: keep\nwould loosen: identity (.sotto.yaml:1)\n');
    expect((await loadPolicy(input)).identity).toBe('session');
    expect((await said((io) => trust(input, options, io, paint, yes))).text).toContain('approved\n');
    expect((await loadPolicy(input)).identity).toBe('keep');
    expect((await said((io) => trust(input, options, io, paint, no))).text).toBe('already approved\n');
  });

  it('shows what changed since the last approval', async () => {
    const input = plant({ 'root/.sotto.yaml': 'identity: keep\nhide: [x]\n' });
    await said((io) => trust(input, { yes: true, withdraw: false }, io, paint, no));
    writeFileSync(join(input.root, '.sotto.yaml'), 'identity: keep\nhide: [y]\n');
    const { text } = await said((io) => trust(input, { yes: false, withdraw: false }, io, paint, no));
    expect(text).toContain('  identity: keep\n- hide: [x]\n+ hide: [y]\n');
  });

  it('approves nothing that changed while the person was reading', async () => {
    const input = plant({ 'root/.sotto.yaml': 'identity: keep\n' });
    const swap = async () => {
      writeFileSync(join(input.root, '.sotto.yaml'), 'identity: keep\nimages: pass\n');
      return true;
    };
    const { status } = await said((io) => trust(input, { yes: false, withdraw: false }, io, paint, swap));
    expect(status).toBe(1);
    expect((await loadPolicy(input)).images).toBe('ask');
  });
});

describe('trust of sotto:allow', () => {
  const LINE = `const u = 'badge-${SECRET}'; // sotto:allow made up for this test\n`;
  const files = () => ({
    'root/a.ts': LINE,
    'root/b.ts': `const v = 'badge-${SECRET}';\n`,
    'root/rules.yaml': PACK,
    'root/.sotto.yaml': 'scan: { packs: [rules.yaml] }\n',
  });
  const no = async () => false;
  const yes = async () => true;
  const found = async (input: ReturnType<typeof plant>) => {
    const { text } = await said((io) => explain(input, ['a.ts', 'b.ts'], { json: true }, io, paint));
    return (JSON.parse(text) as { findings: unknown[] }[]).map(({ findings }) => findings.length);
  };
  const ask = { yes: false, withdraw: false };

  it('hides nothing in a fresh clone, and only what was shown after a yes', async () => {
    const input = plant(files());
    expect(await found(input)).toEqual([1, 1]);
    const refused = await said((io) => trust(input, ask, io, paint, no));
    expect(refused.text).toContain('would show: a.ts:1 (acme.badge, sotto:allow)\n');
    expect(refused.text).not.toContain(SECRET);
    expect(await found(input)).toEqual([1, 1]);
    expect((await said((io) => trust(input, ask, io, paint, yes))).text).toContain('approved\n');
    expect(await found(input)).toEqual([0, 1]);
    expect((await said((io) => trust(input, ask, io, paint, no))).text).toBe('already approved\n');
  });

  it('counts for that very content, until it is withdrawn', async () => {
    const input = plant(files());
    await said((io) => trust(input, ask, io, paint, yes));
    writeFileSync(join(input.root, 'a.ts'), `${LINE}// more\n`);
    expect(await found(input)).toEqual([1, 1]);
    writeFileSync(join(input.root, 'a.ts'), LINE);
    expect(await found(input)).toEqual([0, 1]);
    await said((io) => trust(input, { yes: false, withdraw: true }, io, paint, no));
    expect(await found(input)).toEqual([1, 1]);
  });

  it('does not count where the organisation locks exceptions', async () => {
    const input = plant({ ...files(), 'etc/sotto/policy.yaml': 'lock: [scan.allow]\n' });
    await said((io) => trust(input, ask, io, paint, yes));
    expect(await found(input)).toEqual([1, 1]);
  });

  it('keeps an approved comment in a copy that redacts other lines of the file', async () => {
    const input = plant({ ...files(), 'root/a.ts': `${LINE}const w = 'badge-${SECRET}';\n` });
    await said((io) => trust(input, ask, io, paint, yes));
    const target = join(input.root, '../copy');
    const host = { cwd: input.root, home: input.home, variables: {} };
    await said((io) => redact(host, '.', target, {}, io));
    const [first, second] = readFileSync(join(target, 'a.ts'), 'utf8').split('\n');
    expect(`${first}\n`).toBe(LINE);
    expect(second).not.toContain(SECRET);
  });
});

describe('explain', () => {
  it('says what becomes of a file, why, and which rules match besides', async () => {
    const input = plant({ 'root/a/.env': 'X=1', 'root/.sotto.yaml': 'ask: [a/]\n' });
    const { text } = await said((io) => explain(input, ['a/.env', '.git/config', 'a'], { json: false }, io, paint));
    expect(text).toContain(
      'a/.env: hide (does not exist for the session)\n  because of .env in built-in:env: environment settings, often with passwords\n',
    );
    expect(text).toContain('.git/config: hide');
    expect(text).toContain('a: ask (asks you before it is read)\n  because of a/ in .sotto.yaml:1\n');
  });

  it('finds the secret on a line and never shows it', async () => {
    const input = plant({
      'root/a.ts': `const a = 1;\nconst u = 'badge-${SECRET}';\n`,
      'root/rules.yaml': PACK,
      'root/.sotto.yaml': 'scan: { packs: [rules.yaml] }\n',
    });
    const { text } = await said((io) => explain(input, ['a.ts:2'], { json: true }, io, paint));
    const [one] = JSON.parse(text);
    expect(one).toMatchObject({ path: 'a.ts', decision: 'redact', pattern: '*', source: 'default' });
    const description = 'a badge of Acme, opens doors';
    expect(one.findings).toEqual([{ rule: 'acme.badge', line: 2, confidence: 'certain', description }]);
    expect(text).not.toContain(SECRET);
    const other = await said((io) => explain(input, ['a.ts:1'], { json: true }, io, paint));
    expect(JSON.parse(other.text)[0].findings).toEqual([]);
  });

  it('refuses what is not of the project', async () => {
    const io = { out() {}, err() {}, terminal: false };
    await expect(explain(plant({}), ['../home'], { json: false }, io, paint)).rejects.toMatchObject({
      code: 'policy.outside',
    });
  });
});

describe('init', () => {
  it('proposes rule files of other tools only when they can be read, and says why not', async () => {
    const good = "[[rules]]\nid = 'x'\ndescription = 'x'\nregex = '''badge-([a-z]{12})'''\n";
    const input = plant({ 'root/.gitleaks.toml': good, 'root/.secretlintrc.json': '{ "rules": [' });
    const { text } = await said((io) => init(input, { yes: false }, io, paint, async () => false));
    expect(text).toContain('- ".gitleaks.toml"');
    expect(text).toMatch(/# not proposed, \.secretlintrc\.json: rule pack .* is not valid/);
    expect(text).not.toContain('- ".secretlintrc.json"');
  });

  it('shows what would happen, proposes with reasons, and writes after a yes', async () => {
    const input = plant({
      'root/.env': 'X=1',
      'root/src/a.ts': `const u = 'badge-${SECRET}';\n`,
      'home/.config/sotto/rules.yaml': PACK,
      'home/.config/sotto/policy.yaml': 'scan: { packs: [rules.yaml] }\n',
      'root/backups/x.txt': '',
      'root/src/reports/a.ts': '',
      'root/people [1].csv': '',
    });
    truncateSync(join(input.root, 'people [1].csv'), 2_000_000);
    const refused = await said((io) => init(input, { yes: false }, io, paint, async () => false));
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.text).toContain('1 would be hidden\n  .env  (.env)\n');
    expect(refused.text).toContain('1 would be shown with secrets redacted\n  1 x acme.badge\n');
    expect(refused.text).not.toContain(SECRET);
    const { status } = await said((io) => init(input, { yes: true }, io, paint, async () => false));
    expect(status).toBe(0);
    const policy = await loadPolicy(input);
    const own = policy.paths.filter(({ source }) => source.startsWith('.sotto.yaml'));
    expect(own.map(({ pattern, decision, reason }) => [decision, pattern, reason])).toEqual([
      ['hide', '/backups/', 'copies of production data'],
      ['ask', '/people \\[1].csv', 'a large table of records'],
    ]);
    expect(policy.pending).toEqual([]);
  });

  it('never writes over a policy', async () => {
    const input = plant({ 'root/.sotto.yaml': '# mine\n' });
    const io = { out() {}, err() {}, terminal: false };
    await expect(init(input, { yes: true }, io, paint, async () => true)).rejects.toMatchObject({
      code: 'policy.exists',
    });
    expect(readFileSync(join(input.root, '.sotto.yaml'), 'utf8')).toBe('# mine\n');
  });
});

it('compares texts line by line', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
  const changed = lineDiff(before, before.replace('d', 'D')).map(({ kind, text }) => `${kind} ${text}`);
  expect(changed).toEqual(['same b', 'same c', 'removed d', 'added D', 'same e', 'same f', 'gap ...']);
  expect(lineDiff('', 'a\n')).toEqual([{ kind: 'added', text: 'a' }]);
});
