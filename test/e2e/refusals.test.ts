// Starts that must not happen: each ends with its own code, status and hint, and Claude Code never runs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BIN, makeWorld, type Outcome, sent, sotto, type World } from '../support/sotto.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld({ 'a.txt': 'a\n' });
});
afterEach(() => world.close());

const start = (more: { cwd?: string } = {}) => sotto(world, ['claude', '-p', 'hello'], '', more);

/** Runs it where part of the machine is different, by bubblewrap's own means. */
function elsewhere(...flags: string[]): Outcome {
  const base = ['--dev-bind', '/', '/', '--die-with-parent', ...flags, '--chdir', world.project];
  const done = spawnSync('bwrap', [...base, '--', process.execPath, BIN, 'claude', '-p', 'hello'], {
    env: world.env,
    encoding: 'utf8',
  });
  return { code: done.status, signal: done.signal, stdout: done.stdout, stderr: done.stderr };
}

function expectRefusal(outcome: Outcome, code: string, status: number): void {
  expect(outcome).toMatchObject({ code: status, stdout: '' });
  expect(outcome.stderr).toContain(`[${code}]`);
  expect(outcome.stderr).toMatch(/^hint: .+/m);
  expect(world.standIn.received).toEqual([]);
}

describe('a start that is refused', () => {
  it('without Claude Code', async () => {
    const outcome = await sotto(world, ['--program', '/no/such/claude', 'claude', '-p', 'hello']);
    expectRefusal(outcome, 'session.no-claude', 127);
  });

  it('with a policy file that is no YAML, naming file and line', async () => {
    world.write('.sotto.yaml', 'paths:\n  hide: [unclosed\n');
    const outcome = await start();
    expect(outcome).toMatchObject({ code: 125, stdout: '' });
    expect(outcome.stderr).toMatch(/\.sotto\.yaml:\d+/);
    expect(world.standIn.received).toEqual([]);
  });

  it('with a rule whose regular expression does not compile', async () => {
    world.write(
      'rules.yaml',
      'vendor: acme\nrules:\n  - id: acme.token\n    description: a token\n    source: https://example.com\n    regex: "acme_(?<secret>[a-z"\n    keywords: [acme_]\n    confidence: certain\n    examples: [{text: x, secret: [x]}, {text: y, secret: [y]}]\n    nearMisses: [a, b]\n',
    );
    world.write('.sotto.yaml', 'scan:\n  packs: [./rules.yaml]\n');
    const outcome = await start();
    expect(outcome).toMatchObject({ code: 125, stdout: '' });
    expect(outcome.stderr).toContain('rules.yaml');
    expect(world.standIn.received).toEqual([]);
  });

  it('without bubblewrap', () => {
    const hidden = ['/usr/bin/bwrap', '/bin/bwrap'].flatMap((file) => ['--ro-bind-try', '/dev/null', file]).slice(0, 3);
    expectRefusal(elsewhere(...hidden), 'sandbox.no-bubblewrap', 125);
  });

  it('where user namespaces are switched off, naming the switch', () => {
    const off = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
    const args = ['-Ur', 'sh', '-c', off, 'sh', process.execPath, BIN, 'claude', '-p', 'hello'];
    const done = spawnSync('unshare', args, { env: world.env, encoding: 'utf8', cwd: world.project });
    expectRefusal({ code: done.status, ...done }, 'sandbox.userns-sysctl', 125);
  });

  it.each([
    { description: 'in /', cwd: () => '/' },
    { description: 'in the home folder', cwd: () => world.home },
    { description: 'above the home folder', cwd: () => world.folder },
  ])('$description', async ({ cwd }) => {
    expectRefusal(await start({ cwd: cwd() }), 'session.root-too-wide', 125);
  });

  it('without a credential', async () => {
    const { ANTHROPIC_API_KEY: _, ...env } = world.env;
    const outcome = await sotto({ ...world, env }, ['claude', '-p', 'hello']);
    expectRefusal(outcome, 'account.none', 125);
  });
});

describe('a start that asks for another cloud', () => {
  it.each([
    { name: 'CLAUDE_CODE_USE_BEDROCK', file: '.claude/settings.json' },
    { name: 'CLAUDE_CODE_USE_VERTEX', file: '.claude/settings.local.json' },
    { name: 'CLAUDE_CODE_USE_FOUNDRY', file: undefined },
  ])('by $name in $file is refused, and the key at hand is not used instead', async ({ name, file }) => {
    if (file === undefined) world.env[name] = '1';
    else world.write(file, JSON.stringify({ env: { [name]: '1' } }));
    const outcome = await start();
    expectRefusal(outcome, 'account.provider', 125);
    expect(outcome.stderr).toContain(file ?? 'the environment');
  });
});

describe('a start that is not refused', () => {
  it('in an empty folder that is no git repository', async () => {
    const empty = join(world.home, 'empty');
    mkdirSync(empty);
    world.standIn.script([[{ text: 'nothing here' }]]);
    expect(await start({ cwd: empty })).toMatchObject({ code: 0, stdout: 'nothing here\n' });
  });

  it('in a subfolder of a repository, whose top is the project', async () => {
    spawnSync('git', ['init', '-q'], { cwd: world.project });
    const below = join(world.project, 'below');
    mkdirSync(below);
    writeFileSync(join(below, 'b.txt'), 'b\n');
    world.standIn.script([[{ tool: 'Bash', input: { command: 'pwd; cat ../a.txt b.txt' } }], [{ text: 'done' }]]);
    expect(
      (await sotto(world, ['claude', '-p', 'x', '--permission-mode', 'bypassPermissions'], '', { cwd: below })).code,
    ).toBe(0);
    expect(sent(world, `${below}\\na\\nb`)).toBe(1);
    rmSync(below, { recursive: true });
  });
});
