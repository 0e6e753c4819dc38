// Settings that an organisation manages on the provider's server: in force inside, and the same from the start to the end.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerFolder, listSessions, readLedger } from '../../src/ledger/index.ts';
import { type Front, openFront } from '../support/front.ts';
import { type Internet, openInternet } from '../support/internet.ts';
import { BIN, makeWorld, type Outcome, sent, sotto, type World } from '../support/sotto.ts';

const PATH = '/api/claude_code/settings';
const SETTINGS = {
  permissions: { deny: ['Read(./plans.md)'] },
  env: {
    MARK: 'mark-of-the-server',
    ANTHROPIC_BASE_URL: 'https://elsewhere.example',
    HTTPS_PROXY: 'http://elsewhere.example',
  },
  apiKeyHelper: 'touch /tmp/helper-ran',
  disableRemoteControl: false,
};

let world: World;
let front: Front;
let internet: Internet;
/** What the server manages now; undefined is a server in trouble. */
let managed: object | undefined;
let asked = 0;
beforeEach(async () => {
  asked = 0;
  managed = SETTINGS;
  world = await makeWorld({ 'plans.md': 'words-of-the-plans\n', 'other.md': 'words-of-the-other\n' });
  front = await openFront(world.standIn.url);
  front.fail(({ url }) => {
    if (!url?.startsWith(PATH)) return undefined;
    asked += 1;
    return managed === undefined
      ? { status: 500, body: {} }
      : { status: 200, body: { checksum: 'c', settings: managed } };
  });
  internet = await openInternet(join(world.folder, 'internet'), { 'api.anthropic.com': front.url });
  const { SOTTO_UPSTREAM: _, ...env } = world.env;
  world.env = { ...env, NODE_EXTRA_CA_CERTS: internet.authority };
});
afterEach(async () => {
  internet.close();
  await front.leave();
  await world.close();
});

function run(): Promise<Outcome> {
  const { file, args } = internet.wrap(world.project, process.execPath, [
    BIN,
    'claude',
    '-p',
    'x',
    '--allowedTools',
    'Bash',
  ]);
  return sotto(world, args, '', { file });
}

const bash = (command: string) => [{ tool: 'Bash', input: { command } }];
const FILE = '/etc/claude-code/managed-settings.json';

describe('server-managed settings', () => {
  it('count inside and outside, stay as they were when the server changes them, and the change is recorded', async () => {
    world.standIn.script([
      bash(`cat plans.md other.md; echo "is $MARK"; sha256sum ${FILE}`),
      async () => {
        managed = { env: { MARK: 'another-mark' } };
        return bash(`sha256sum ${FILE}; curl -sS https://api.anthropic.com${PATH}; grep -c elsewhere.example ${FILE}`);
      },
      [{ text: 'done' }],
    ]);
    expect(await run()).toMatchObject({ code: 0, stdout: 'done\n' });
    // Before the start, and once more at the end to tell of a change.
    expect(asked).toBe(2);
    expect(sent(world, 'is mark-of-the-server')).toBeGreaterThan(0);
    expect(sent(world, 'another-mark')).toBe(0);
    expect(sent(world, 'words-of-the-other')).toBeGreaterThan(0);
    expect(sent(world, 'words-of-the-plans')).toBe(0);
    const sums = [
      ...new Set(
        world.standIn.received.flatMap(({ body }) => body.toString().match(/[0-9a-f]{64}(?= {2}\/etc)/g) ?? []),
      ),
    ];
    expect(sums).toHaveLength(1);
    const lines = listSessions(ledgerFolder({ env: {}, home: world.home })).flatMap(
      ({ path }) => readLedger(path) as unknown as Record<string, unknown>[],
    );
    const hash = (settings: object | undefined) => createHash('sha256').update(JSON.stringify(settings)).digest('hex');
    expect(lines.find(({ kind }) => kind === 'session.start')?.serverSettings).toBe(hash(SETTINGS));
    expect(lines.find(({ kind }) => kind === 'server-settings')?.sha256).toBe(hash(managed));
    expect(lines.filter(({ kind, path }) => kind === 'request' && path === PATH)).toHaveLength(3);
    expect([...internet.asked, ...internet.reached]).not.toContain('elsewhere.example');
  });

  it('that cannot be read stop the start where they were in force before, and only there', async () => {
    managed = undefined;
    world.standIn.script([[{ text: 'done' }]]);
    expect(await run()).toMatchObject({ code: 0, stdout: 'done\n' });
    mkdirSync(join(world.home, '.claude'));
    writeFileSync(join(world.home, '.claude/remote-settings.json'), '{}');
    const before = world.standIn.received.length;
    expect(await run()).toMatchObject({ code: 125, stderr: expect.stringContaining('[gateway.settings]') });
    expect(world.standIn.received.length).toBe(before);
  });
});
