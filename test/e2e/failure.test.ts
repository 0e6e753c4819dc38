// What goes wrong while a session runs: nothing is sent then, Claude Code shows why, and after mending the session goes on.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, failWith, openFront } from '../support/front.ts';
import { type Internet, openInternet } from '../support/internet.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sent, sotto, type World } from '../support/sotto.ts';

let world: World;
let front: Front;
let screen: Screen | undefined;
let internet: Internet | undefined;
beforeEach(async () => {
  world = await makeWorld({ 'a.txt': 'a\n' });
  front = await openFront(world.standIn.url);
  world.env.SOTTO_UPSTREAM = front.url;
});
afterEach(async () => {
  screen?.kill();
  internet?.close();
  await front.leave();
  await world.close();
});

async function open(file = process.execPath, before: readonly string[] = []): Promise<Screen> {
  const args = [...before, BIN, 'claude', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash'];
  screen = openScreen(file, args, { cwd: world.project, env: world.env });
  await screen.until((text) => text.includes('❯') && text.includes('incognito'), 'the prompt');
  return screen;
}

async function say(on: Screen, words: string): Promise<void> {
  on.type(words);
  await on.until((text) => text.includes(words), 'what was typed');
  on.type('\r');
}

describe('an upstream that fails', () => {
  it('is named on the screen with the reason, and the session goes on when it is back', async () => {
    world.standIn.script(['one', 'two', 'three'].map((number) => [{ text: `answer ${number}` }]));
    const on = await open();
    await front.leave();
    await say(on, 'the first question');
    await on.until((text) => /could not be reached \(ECONNREFUSED\)/.test(text), 'the reason');
    expect(world.standIn.received).toEqual([]);
    await front.comeBack();
    await on.until((text) => text.includes('answer one'), 'the answer', 40_000);
    front.fail(failWith(500, 'api_error', 'trouble of the provider'));
    await say(on, 'the second question');
    await on.until((text) => text.includes('trouble of the provider'), 'the provider’s own words');
    front.fail(failWith(529, 'overloaded_error', 'too many at once'));
    await on.until((text) => /too many at once|529/.test(text), 'that it is overloaded');
    front.fail(undefined);
    await on.until((text) => text.includes('answer two'), 'the answer', 40_000);
    front.fail(failWith(401, 'authentication_error', 'invalid x-api-key'));
    await say(on, 'the third question');
    await on.until((text) => text.includes('the provider does not accept the credential (api-key)'), 'the reason');
    expect(on.text()).not.toContain('/login');
    front.fail(undefined);
    await say(on, 'and once more');
    await on.until((text) => text.includes('answer three'), 'the answer');
  });

  it.each([
    {
      description: 'expired',
      certificates: { at: new Date(Date.now() - 30 * 24 * 3600_000) },
      why: 'CERT_HAS_EXPIRED',
    },
    { description: 'for another name', certificates: { name: 'other.example' }, why: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  ])('gets nothing when its certificate is $description', async ({ certificates, why }) => {
    internet = await openInternet(join(world.folder, 'internet'), { 'api.anthropic.com': front.url }, certificates);
    const { SOTTO_UPSTREAM: _, ...env } = world.env;
    const { file, args } = internet.wrap(world.project, process.execPath, [BIN, 'claude', '-p', 'hello']);
    const done = await sotto({ ...world, env: { ...env, NODE_EXTRA_CA_CERTS: internet.authority } }, args, '', {
      file,
    });
    expect(done).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`is not accepted (${why}), nothing was sent`),
    });
    expect(front.count).toBe(0);
  });
});

describe('a ledger that cannot be written', () => {
  it('stops each request before it is sent, and the session goes on once there is room', async () => {
    const state = join(world.folder, 'state');
    mkdirSync(state);
    world.env.XDG_STATE_HOME = state;
    world.standIn.script(Array.from({ length: 40 }, (_, number) => [{ text: `answer ${number}.` }]));
    const small = 'mount -t tmpfs -o size=256k none "$0" && exec "$@"';
    const on = await open('unshare', [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      small,
      state,
      process.execPath,
    ]);
    await say(on, 'the first question');
    await on.until((text) => text.includes('answer 0.'), 'the answer');
    const filler = `/proc/${on.pid}/root${state}/filler`;
    fill(filler);
    // The page that the ledger ends in has room for a few lines more.
    let sent = 0;
    for (let number = 1; sent !== world.standIn.received.length; number += 1) {
      sent = world.standIn.received.length;
      await say(on, `question number ${number}`);
      await on.until((text) => text.includes(`answer ${number}.`) || isRefused(text), 'an answer or a refusal');
    }
    expect(on.text()).toContain('cannot write the ledger');
    rmSync(filler);
    await say(on, 'is there room now');
    await on.until((text) => text.split('room now')[1]?.includes('answer') ?? false, 'an answer again');
  });
});

const isRefused = (text: string) => /API Error: 451 sotto:/.test(text);

/** Takes all that is left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(1024));
  } catch {
    // ENOSPC, as was wanted
  } finally {
    closeSync(file);
  }
}

describe('a part of the session that is killed', () => {
  it('opens no way out when it is the holder of the namespaces, and loses no edit', async () => {
    const curl =
      'curl -sS -m 3 --noproxy "*" http://93.184.216.34/ || echo "no way $((40 + 2))"; echo changed > a.txt; echo new > b.txt';
    world.standIn.script([[{ tool: 'Bash', input: { command: curl } }], [{ text: 'tried it' }]]);
    const on = await open();
    const holder = holderOf(on.pid);
    process.kill(holder, 'SIGKILL');
    await expect.poll(() => isAlive(holder)).toBe(false);
    await say(on, 'try it');
    await on.until((text) => text.includes('tried it'), 'the end');
    on.type('/exit');
    await on.until((text) => text.includes('/exit'), 'the command');
    on.type('\r');
    expect(await on.ended).toMatchObject({ exitCode: 0 });
    expect(sent(world, 'no way 42')).toBeGreaterThan(0);
    expect(['a.txt', 'b.txt'].map((name) => readFileSync(join(world.project, name), 'utf8'))).toEqual([
      'changed\n',
      'new\n',
    ]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What nobody has waited for yet is there by number only.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The innermost process of the chain that holds the namespaces. */
function holderOf(wrapper: number): number {
  const lines = execFileSync('ps', ['axww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((match) => match !== null);
  const holders = all
    .filter(([, , , args]) => args?.includes('holder.worker'))
    .map(([, pid, parent]) => [Number(pid), Number(parent)]);
  const outer = holders.find(([, parent]) => parent === wrapper)?.[0];
  const inner = holders.find(([, parent]) => parent === outer)?.[0];
  return inner ?? outer ?? -1;
}
