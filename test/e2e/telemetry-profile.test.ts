// The eleven things that Claude Code is known to send about a person, each looked for in what reached a stand-in for the
// provider. The table that comes of it is the one in THREAT_MODEL.md; a difference fails here.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/host/index.ts';
import { makeWorld, sotto, type World } from '../support/sotto.ts';

const ID = (digit: string) => [8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join('-');
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const [ACCOUNT, ORGANIZATION, SESSION] = [ID('1'), ID('2'), '33333333-3333-4333-8333-333333333333'];
const DEVICE = 'd'.repeat(64);
const EMAIL = 'ada-markermail@example.com';
const SECRET = ['ghp', `${'a1B2c3D4e5'.repeat(3)}3tDovh`].join('_');
const FILE = `words-of-the-file ${SECRET}\n`;
const TERMINAL = 'terminal-marker';

/** One of the eleven: what it truly is here, and how a stand-in for it would look. */
interface Item {
  name: string;
  own: RegExp;
  instead?: readonly [what: string, form: RegExp];
}

const ITEMS: readonly Item[] = [
  { name: 'user id', own: RegExp(DEVICE), instead: ['made up', /device_id\\?":\\?"[0-9a-f]{64}/] },
  {
    name: 'session id',
    own: RegExp(SESSION),
    instead: ['made up', RegExp(`session[_-]id(?:: |\\\\?":\\\\?")${UUID}`, 'i')],
  },
  { name: 'account UUID', own: RegExp(ACCOUNT), instead: ['made up', RegExp(`account_uuid\\\\?":\\\\?"${UUID}`)] },
  { name: 'organization UUID', own: RegExp(ORGANIZATION) },
  { name: 'e-mail', own: /ada-markermail/ },
  { name: 'version', own: /\b2\.\d+\.\d{2,}/ },
  { name: 'platform', own: /\blinux\b/i },
  { name: 'terminal', own: RegExp(`${TERMINAL}|xterm-256color`) },
  { name: 'feature gates', own: /\/api\/eval|growthbook|statsig/i },
  {
    name: 'files read',
    own: RegExp([SECRET, ...['sha256', 'md5'].map((name) => createHash(name).update(FILE).digest('hex'))].join('|')),
    instead: ['redacted', /words-of-the-file/],
  },
  { name: 'prompt', own: RegExp(SECRET), instead: ['redacted', /words-of-the-prompt/] },
];

const SETTINGS: Readonly<Record<string, string>> = {
  '`session` (default)': 'identity: session\n',
  '`drop`': 'identity: drop\n',
  '`keep`': 'identity: keep\n',
  '`session`, `account.organization` set': `identity: session\naccount:\n  organization: ${ORGANIZATION}\n`,
};

let world: World;
beforeEach(async () => {
  world = await makeWorld({ 'notes.md': FILE });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', world.project, ...args], { env: world.env, stdio: 'ignore' });
  git('init');
  git('config', 'user.email', EMAIL);
  mkdirSync(join(world.home, '.config/sotto'), { recursive: true });
  mkdirSync(join(world.home, '.claude'));
  const oauthAccount = { accountUuid: ACCOUNT, emailAddress: EMAIL, organizationUuid: ORGANIZATION };
  writeFileSync(join(world.home, '.claude.json'), JSON.stringify({ userID: DEVICE, oauthAccount }));
  const accessToken = ['made', 'up', 'login', '0123456789'].join('-');
  const login = { claudeAiOauth: { accessToken, expiresAt: Date.now() + 1e7, subscriptionType: 'team' } };
  writeFileSync(join(world.home, '.claude/.credentials.json'), JSON.stringify(login));
  const { ANTHROPIC_API_KEY: _, ...env } = world.env;
  world.env = { ...env, TERM_PROGRAM: TERMINAL };
});
afterEach(() => world.close());

/** What reached the provider, by the place where it stood. */
async function leaving(policy: string): Promise<Record<string, string>> {
  const before = world.standIn.received.length;
  writeFileSync(join(world.home, '.config/sotto/policy.yaml'), policy);
  world.standIn.script([[{ tool: 'Read', input: { file_path: join(world.project, 'notes.md') } }], [{ text: 'done' }]]);
  const prompt = `words-of-the-prompt ${SECRET}`;
  const done = await sotto(world, ['claude', '-p', prompt, '--session-id', SESSION, '--permission-mode', 'auto']);
  expect(done).toMatchObject({ code: 0, stdout: 'done\n' });
  const places = { 'request line': '', headers: '', metadata: '', text: '' };
  for (const { url, headers, body } of world.standIn.received.slice(before)) {
    const { metadata, ...rest } = JSON.parse(body.toString('utf8') || '{}') as Record<string, unknown>;
    places['request line'] += `${url}\n`;
    for (let at = 0; at < headers.length; at += 2) places.headers += `${headers[at]}: ${headers[at + 1]}\n`;
    places.metadata += JSON.stringify(metadata ?? '');
    places.text += JSON.stringify(rest);
  }
  return places;
}

/** What became of an item: its class and the places where it stands. Never a value. */
function cellOf({ own, instead }: Item, places: Readonly<Record<string, string>>): string {
  const where = (form: RegExp) => Object.entries(places).flatMap(([place, text]) => (form.test(text) ? [place] : []));
  const truly = where(own);
  if (truly.length > 0) return `as it is: ${truly.join(', ')}`;
  const [what, form] = instead ?? ['', /(?!)/];
  return where(form).length > 0 ? `${what}: ${where(form).join(', ')}` : 'not sent';
}

describe('the telemetry profile', () => {
  it('leaves as the table of THREAT_MODEL.md says', { timeout: 60_000 }, async () => {
    const columns: string[][] = [];
    for (const policy of Object.values(SETTINGS)) {
      const places = await leaving(policy);
      columns.push(ITEMS.map((item) => cellOf(item, places)));
    }
    const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    const head = ['item', ...Object.keys(SETTINGS)];
    const table = [
      row(head),
      row(head.map(() => '---')),
      ...ITEMS.map(({ name }, at) => row([name, ...columns.map((column) => column[at] as string)])),
    ].join('\n');
    const document = readFileSync(join(packageRoot(), 'THREAT_MODEL.md'), 'utf8');
    expect(/^\| item \|.*(?:\n\|.*)*/m.exec(document)?.[0]).toBe(table);
  });
});
