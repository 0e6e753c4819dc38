import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorld, sent, sotto, type World } from '../support/sotto.ts';

const PASSWORD = ['correct', 'Horse', '#42', 'battery'].join('');
let world: World;

beforeEach(async () => {
  world = await makeWorld({
    'config.js': `export const password = '${PASSWORD}';\nexport const region = 'eu';\n`,
    '.env': `DB_PASSWORD=${PASSWORD}\n`,
    'readme.md': 'plain\n',
  });
});
afterEach(() => world.close());

const claude = (...args: string[]) => sotto(world, ['claude', ...args]);

describe('sotto claude -p', () => {
  it('prints what Claude Code prints and nothing of its own, and passes the status on', async () => {
    world.standIn.script([[{ text: 'Four words, no more.' }]]);
    expect(await claude('-p', 'hello')).toEqual({
      code: 0,
      signal: null,
      stdout: 'Four words, no more.\n',
      stderr: '',
    });
    expect((await claude('--no-such-flag')).code).toBe(1);
    expect((await claude('--version')).stdout).toMatch(/^\d+\.\d+\.\d+ \(Claude Code\)\n$/);
  });

  it('keeps json and stream-json whole', async () => {
    world.standIn.script([[{ text: 'one' }], [{ text: 'two' }]]);
    const json = await claude('-p', 'hello', '--output-format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ type: 'result', result: 'one' });
    const lines = (await claude('-p', 'hello', '--output-format', 'stream-json', '--verbose')).stdout
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toContain('result');
  });

  it('passes standard input through', async () => {
    world.standIn.script([[{ text: 'read' }]]);
    await sotto(world, ['claude', '-p', 'what is this?'], 'piped words that the model must see\n');
    expect(sent(world, 'piped words that the model must see')).toBe(1);
  });

  it('shows Claude Code placeholders where secrets stand and no hidden file at all', async () => {
    world.standIn.script([
      [{ tool: 'Bash', id: 'toolu_ls', input: { command: 'cat config.js; ls -A; cat .env' } }],
      [{ text: 'done' }],
    ]);
    await claude('-p', 'look', '--permission-mode', 'bypassPermissions');
    expect(sent(world, PASSWORD)).toBe(0);
    expect(sent(world, /password = 'REDACTED_[a-z0-9_]+_[0-9a-f]{8}'/g)).toBeGreaterThan(0);
    expect(sent(world, '.env: No such file')).toBeGreaterThan(0);
  });

  it('brings edits back with secrets restored, while the session runs', async () => {
    const file = join(world.project, 'config.js');
    let during = '';
    world.standIn.script([
      [{ tool: 'Read', input: { file_path: file } }],
      [{ tool: 'Edit', input: { file_path: file, old_string: "region = 'eu'", new_string: "region = 'us'" } }],
      [
        {
          tool: 'Bash',
          input: { command: 'echo made > made.txt; mv readme.md moved.md; echo X > .env; chmod +x made.txt' },
        },
      ],
      async () => {
        await expect.poll(() => existsSync(join(world.project, 'moved.md')), { timeout: 5000 }).toBe(true);
        during = readFileSync(file, 'utf8');
        return [{ text: 'done' }];
      },
    ]);
    expect((await claude('-p', 'edit', '--permission-mode', 'bypassPermissions')).code).toBe(0);
    expect(during).toBe(`export const password = '${PASSWORD}';\nexport const region = 'us';\n`);
    expect(readFileSync(file, 'utf8')).toBe(during);
    expect(readFileSync(join(world.project, '.env'), 'utf8')).toBe(`DB_PASSWORD=${PASSWORD}\n`);
    expect(readdirSync(world.project).sort()).toEqual(['.env', 'config.js', 'made.txt', 'moved.md']);
    expect(sent(world, PASSWORD)).toBe(0);
  });

  it('puts the real credential on the wire in its header only; inside there is a dummy', async () => {
    world.standIn.script([
      [{ tool: 'Bash', input: { command: 'env | sort; cat /proc/self/environ' } }],
      [{ text: 'done' }],
    ]);
    await claude('-p', 'env', '--permission-mode', 'bypassPermissions');
    const key = world.env.ANTHROPIC_API_KEY as string;
    const { headers } = world.standIn.received[0]!;
    expect(headers[headers.findIndex((name) => name.toLowerCase() === 'x-api-key') + 1]).toBe(key);
    expect(world.standIn.received.filter(({ body }) => body.includes(key)).length).toBe(0);
  });

  it('works on a project that is too large for memory from a private folder, and removes it', async () => {
    mkdirSync(join(world.home, '.config/sotto'), { recursive: true });
    writeFileSync(join(world.home, '.config/sotto/policy.yaml'), 'workspace:\n  memory: 0.000000001\n');
    let copies = '';
    world.standIn.script([
      [{ tool: 'Bash', input: { command: 'cat config.js; echo new > made.txt' } }],
      async () => {
        copies = readdirSync(join(world.home, '.local/state/sotto/copies')).join();
        return [{ text: 'done' }];
      },
    ]);
    expect((await claude('-p', 'look', '--permission-mode', 'bypassPermissions')).code).toBe(0);
    expect(copies).toMatch(/^copy-\d+-/);
    expect(sent(world, PASSWORD)).toBe(0);
    expect(readFileSync(join(world.project, 'made.txt'), 'utf8')).toBe('new\n');
    expect(readdirSync(join(world.home, '.local/state/sotto/copies'))).toEqual([]);
  });

  it('redacts a secret that stands in the prompt', async () => {
    world.standIn.script([[{ text: 'seen' }]]);
    const token = ['gh', 'p_'].join('') + 'never-a-real-token'.length;
    expect((await claude('-p', `the file says password = '${PASSWORD}' and ${token}`)).code).toBe(0);
    expect(sent(world, PASSWORD)).toBe(0);
    expect(sent(world, 'REDACTED_')).toBeGreaterThan(0);
  });

  it('leaves nothing in the home but the ledger and marks of clean files', async () => {
    world.standIn.script([
      [{ tool: 'Bash', input: { command: 'echo x > ~/left; echo y > /tmp/left-by-sotto-test' } }],
      [{ text: 'done' }],
    ]);
    await claude('-p', 'leave traces', '--permission-mode', 'bypassPermissions');
    expect(readdirSync(world.home).sort()).toEqual(['.local', 'project']);
    const left = readdirSync(join(world.home, '.local/state/sotto'));
    expect(left).toEqual(expect.arrayContaining(['ledger', 'marks']));
    expect(left.filter((name) => !['key', 'ledger', 'marks', 'sessions'].includes(name))).toEqual([]);
    expect(existsSync('/tmp/left-by-sotto-test')).toBe(false);
  });
});
