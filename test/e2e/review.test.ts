// The review before a session, in a real terminal, with the real Claude Code behind it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sent, type World } from '../support/sotto.ts';

const PASSWORD = ['wrong', 'Pony', '#43', 'staple'].join('');
let world: World;
let screen: Screen;

beforeEach(async () => {
  world = await makeWorld({
    'config.js': `export const password = '${PASSWORD}';\n`,
    'notes.txt': 'a cormorant dries its wings\n',
    'data.sqlite': 'a table of plain words',
  });
});
afterEach(async () => {
  screen.kill();
  await world.close();
});

function start(own: string[], ...args: string[]): Screen {
  const words = [BIN, ...own, 'claude', '--permission-mode', 'acceptEdits', ...args];
  screen = openScreen(process.execPath, words, { cwd: world.project, env: world.env });
  return screen;
}

const reviewed = (text: string) => text.includes('s start q quit enter decide');

describe('the review before a session', () => {
  it('starts nothing after q', async () => {
    start(['--review']);
    await screen.until(reviewed, 'the review');
    expect(screen.text()).toContain('1 asked');
    screen.type('q');
    expect(await screen.ended).toMatchObject({ exitCode: 125 });
    expect(screen.text()).toContain('sotto: the session was not started [session.declined]');
    expect(world.standIn.received).toEqual([]);
  });

  it('makes the copy as the person decides, then starts, and asks about the next new file only', async () => {
    world.standIn.script([[{ tool: 'Bash', input: { command: 'ls; cat data.sqlite' } }], [{ text: 'Looked around.' }]]);
    start(['--review'], '--allowedTools', 'Bash', '--', 'look around');
    await screen.until(reviewed, 'the review');
    // data.sqlite is asked for by the built-in pack: show it, for good.
    await screen.until((text) => text.includes('[asked 1]'), 'the list of asked files');
    screen.type('\r');
    await screen.until((text) => text.includes('[this session]'), 'the decision');
    screen.type('\x1b[B');
    await screen.until((text) => text.includes('> redact'), 'the choice');
    screen.type('\t');
    await screen.until((text) => text.includes('[for good]'), 'for good');
    screen.type('\r');
    await screen.until((text) => text.includes('> redact data.sqlite'), 'the list again');
    screen.type('s');
    await screen.until((text) => text.includes('Looked around.'), 'the answer', 40_000);
    expect(sent(world, 'a table of plain words')).toBeGreaterThan(0);
    expect(sent(world, PASSWORD)).toBe(0);
    screen.type('/exit\r');
    await screen.until((text) => text.includes('/exit') || text.includes('sotto'), 'the command');
    screen.type('\r');
    await screen.ended;

    world.write('.env', `PASSWORD=${PASSWORD}\n`);
    start([]);
    await screen.until(reviewed, 'the review of what is new');
    expect(screen.text()).toContain('[new 1]');
    expect(screen.text()).toContain('> hide   new .env');
    screen.type('q');
    expect(await screen.ended).toMatchObject({ exitCode: 125 });
  });
});
