// What goes wrong while a session runs: nothing is sent then, Claude Code shows why, and after mending the session goes on.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, failWith, openFront } from '../support/front.ts';
import { type Internet, openInternet } from '../support/internet.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sotto, type World } from '../support/sotto.ts';

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
