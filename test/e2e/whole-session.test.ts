// One whole session of the real Claude Code in an internet of the test's own: whatever it, its commands and its programs
// ask for, from the start over an idle time to the end, only the provider is reached, by the routes that are allowed.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRoute } from '../../src/gateway/routes.ts';
import { run } from '../../src/host/index.ts';
import { ledgerFolder, listSessions, readLedger } from '../../src/ledger/index.ts';
import { type Internet, openInternet } from '../support/internet.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sent, type World } from '../support/sotto.ts';

const PROVIDER = 'api.anthropic.com';
/** Asked for once by the wrapper, before the session. */
const OWN = 'GET /api/claude_code/settings';
/** Longer than the timers that the client starts with: OBSERVED 23 to 26 saw all their traffic within this time. */
const IDLE_MS = 12_000;

let world: World;
let internet: Internet;
let screen: Screen | undefined;
beforeEach(async () => {
  world = await makeWorld({ 'readme.md': 'words-of-the-readme\n' });
  internet = await openInternet(join(world.folder, 'internet'), { [PROVIDER]: world.standIn.url });
  const { SOTTO_UPSTREAM: _, ...env } = world.env;
  world.env = { ...env, NODE_EXTRA_CA_CERTS: internet.authority };
});
afterEach(async () => {
  screen?.kill();
  internet.close();
  await world.close();
});

/** What programs inside try: the client's own update and check, a client with an empty environment, and plain ways out. */
const TRIES = [
  'claude=/run/sotto/claude',
  'timeout 8 $claude update',
  'timeout 8 env -i HOME=/tmp/other PATH="$PATH" ANTHROPIC_API_KEY=made-up-key $claude -p hello',
  'curl -sS -m 3 https://elsewhere.example/',
  'curl -sS -m 3 --noproxy "*" https://elsewhere.example/',
  'curl -sS -m 3 http://elsewhere.example/',
  'echo programs-are-through',
].join('; ');

const SCRIPT = [
  [{ tool: 'Bash', input: { command: TRIES, timeout: 40_000 } }],
  // The client with an empty environment finds managed settings, and so the gateway.
  [{ text: 'answer-to-the-second-client' }],
  [
    {
      tool: 'Agent',
      input: {
        description: 'read',
        prompt: 'told-to-the-subagent',
        subagent_type: 'general-purpose',
        run_in_background: false,
      },
    },
  ],
  // The subagent and the conversation go on side by side, so whoever asks is told the same.
  ...Array.from({ length: 2 }, () => [{ tool: 'Bash', input: { command: 'cat readme.md' } }]),
  ...Array.from({ length: 3 }, () => [{ text: 'All of it is done.' }]),
];

/** Commands of the client and what tells that it has answered. */
const COMMANDS: readonly [words: string, shows: RegExp][] = [
  ['/compact', /Compacted/],
  ['/cost', /Total duration/],
  ['/status', /base URL/],
  ['/feedback it is broken', /feedback has been disabled/],
  ['/bug it is broken', /bug has been disabled/],
  ['/release-notes', /CHANGELOG/],
  ['/upgrade', /needs a Claude subscription/],
  ['/plugin', /No plugins|unavailable/],
];

async function command(words: string, shows: RegExp): Promise<void> {
  const on = screen as Screen;
  on.type(words);
  await on.until((text) => isTyped(text, words), `${words} as typed`);
  on.type('\r');
  await on.until((text) => shows.test(text), `the answer to ${words}`, 50_000);
  // Closes what opened; pressed where nothing did, it would rewind the conversation.
  if (/Esc to (?:close|cancel)|to switch/.test(on.text())) on.type('\x1b');
  await on.until((text) => isTyped(text, ''), 'the empty prompt');
}

/** The prompt is the last of its signs on the screen; those above it are earlier prompts. */
function isTyped(text: string, words: string): boolean {
  return (
    text
      .split('\n')
      .findLast((row) => row.startsWith('❯'))
      ?.slice(1)
      .trim() === words
  );
}

function start(): Screen {
  const own = ['claude', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash,Read,Agent'];
  const { file, args } = internet.wrap(world.project, process.execPath, [BIN, ...own]);
  return openScreen(file, args, { cwd: world.project, env: world.env, rows: 40 });
}

/** In the conversation that gives a subagent its task, the words are the assistant's. */
function saysUser(body: Buffer, words: string): boolean {
  const { messages = [] } = JSON.parse(body.toString('utf8') || '{}') as { messages?: { role: string }[] };
  return messages.some((message) => message.role === 'user' && JSON.stringify(message).includes(words));
}

function ledger(): Record<string, unknown>[] {
  return listSessions(ledgerFolder({ env: {}, home: world.home })).flatMap(
    ({ path }) => readLedger(path) as unknown as Record<string, unknown>[],
  );
}

describe('a whole session', () => {
  it('reaches the provider alone, and only by the routes of the table that lead out', async () => {
    world.standIn.script([...SCRIPT]);
    screen = start();
    await screen.until((text) => text.includes('❯') && text.includes('incognito'), 'the prompt');
    const done = command('please do it', /All of it is done/);
    // The one way out that a person is asked about.
    await screen.until((text) => text.includes('wants to reach a host'), 'the question', 40_000);
    // A person reads first: what is typed in the first moment does not count.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    screen.type('n');
    await done;
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    for (const [words, shows] of COMMANDS) await command(words, shows);
    screen.type('/exit');
    await screen.until((text) => isTyped(text, '/exit'), 'the command');
    screen.type('\r');
    expect(await screen.ended).toMatchObject({ exitCode: 0 });

    const happened = ['programs-are-through', 'words-of-the-readme', 'answer-to-the-second-client'];
    expect(happened.filter((what) => sent(world, what) === 0)).toEqual([]);
    expect(world.standIn.received.some(({ body }) => saysUser(body, 'told-to-the-subagent'))).toBe(true);
    expect(new Set([...internet.asked, ...internet.reached])).toEqual(new Set([PROVIDER]));
    const routes = world.standIn.received.map(({ method, url }) => [method, url.split('?')[0]].join(' '));
    expect(routes.filter((route) => route === OWN)).toHaveLength(1);
    const leadsOut = (route: string) => {
      const [method, path] = route.split(' ') as [string, string];
      return findRoute(PROVIDER, method, path)?.action !== 'answer' && findRoute(PROVIDER, method, path) !== undefined;
    };
    expect(routes.filter((route) => route !== OWN && !leadsOut(route))).toEqual([]);
    expect(new Set(routes)).toEqual(new Set([OWN, 'POST /v1/messages']));
    const refused = ledger().filter(({ kind }) => kind === 'refused');
    // The question of one may be answered after the refusal of the other.
    const codes = refused.filter(({ host }) => host === 'elsewhere.example').map(({ code }) => code);
    expect(codes.sort()).toEqual(['gateway.plain', 'gateway.route']);
  });

  it('would be seen elsewhere, had it gone there', async () => {
    const curl = ['-sS', '-m', '5', '--cacert', internet.authority, 'https://elsewhere.example/'];
    const { file, args } = internet.wrap(world.project, 'curl', curl);
    await run(file, args);
    expect(internet.asked).toContain('elsewhere.example');
  });
});
