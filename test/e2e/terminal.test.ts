import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerFolder, listSessions, readLedger } from '../../src/ledger/index.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sent, type World } from '../support/sotto.ts';

const PASSWORD = ['wrong', 'Pony', '#43', 'staple'].join('');
let world: World;
let screen: Screen;

beforeEach(async () => {
  world = await makeWorld({ 'config.js': `export const password = '${PASSWORD}';\nexport const region = 'eu';\n` });
});
afterEach(async () => {
  screen.kill();
  await world.close();
});

function start(...args: string[]): Screen {
  screen = openScreen(process.execPath, [BIN, 'claude', '--permission-mode', 'acceptEdits', ...args], {
    cwd: world.project,
    env: world.env,
  });
  return screen;
}

/** Ctrl-D, or Ctrl-C, twice, as a person presses it: the second when the first was answered. */
async function leave(key = '\x04'): Promise<void> {
  screen.type(key);
  await screen.until((text) => text.includes('again to exit'), 'the question');
  screen.type(key);
}

/** Claude Code shows its prompt line. */
const ready = (text: string) => text.includes('❯') && text.includes('Claude Code');

describe('sotto claude in a terminal', () => {
  it('draws the screen of Claude Code, takes keys, follows a resize, ends with /exit and status 0', async () => {
    world.standIn.script([[{ text: 'The answer is forty-two.' }]]);
    start();
    await screen.until(ready, 'the prompt');
    await screen.until((text) => /sotto: 0 hidden, \d+ redacted, incognito/.test(text), 'the status line');
    screen.type('what is the answer?');
    await screen.until((text) => text.includes('what is the answer?'), 'what was typed');
    screen.type('\r');
    await screen.until((text) => text.includes('forty-two'), 'the answer');
    screen.resize(60, 20);
    await screen.until(
      (text) => text.includes('forty-two') && text.split('\n').every((row) => row.length <= 60),
      'the answer after a resize',
    );
    screen.type('/exit');
    await screen.until((text) => text.includes('/exit'), 'the command');
    screen.type('\r');
    expect(await screen.ended).toMatchObject({ exitCode: 0 });
  });

  it('passes title, paste, focus and mouse sequences on untouched and resets them at the end', async () => {
    start();
    await screen.until(ready, 'the prompt');
    for (const mode of ['?1049h', '?2004h', '?1004h', ']0;'])
      expect(screen.raw()).toContain(`\x1b${mode === ']0;' ? mode : `[${mode}`}`);
    screen.type('\x1b[200~pasted words\x1b[201~');
    await screen.until((text) => text.includes('pasted words'), 'the paste');
    screen.type('\x03');
    await screen.until((text) => !text.includes('pasted words'), 'an empty prompt');
    await leave('\x03');
    expect(await screen.ended).toMatchObject({ exitCode: 0 });
    for (const mode of ['?1049l', '?2004l']) expect(screen.raw()).toContain(`\x1b[${mode}`);
    expect(dropped(world)).toEqual([]);
  });

  it('keeps a question for the clipboard, which a program inside writes, from the terminal, and records it', async () => {
    const output = String.raw`\033]52;c;?\007\033]0;through\007`;
    world.standIn.script([
      [
        {
          tool: 'Bash',
          input: { command: `for p in /proc/[0-9]*; do printf '${output}' > $p/fd/1; done 2>/dev/null` },
        },
      ],
      [{ text: 'Written.' }],
    ]);
    start('--allowedTools', 'Bash', '--', 'write to the terminal');
    await screen.until((text) => text.includes('Written.'), 'the end of the command');
    expect(screen.raw()).toContain('\x1b]0;through\x07');
    expect(screen.raw()).not.toContain('\x1b]52;');
    await leave();
    await screen.ended;
    expect(dropped(world)).toEqual(['osc 52']);
  });

  it('edits a redacted file from the screen, with its secret restored', async () => {
    const file = join(world.project, 'config.js');
    world.standIn.script([
      [{ tool: 'Read', input: { file_path: file } }],
      [{ tool: 'Edit', input: { file_path: file, old_string: "region = 'eu'", new_string: "region = 'us'" } }],
      [{ text: 'Changed it.' }],
    ]);
    start('please edit');
    await screen.until((text) => text.includes('Changed it.'), 'the end of the edit');
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toBe(`export const password = '${PASSWORD}';\nexport const region = 'us';\n`);
    expect(sent(world, PASSWORD)).toBe(0);
    await leave();
    expect(await screen.ended).toMatchObject({ exitCode: 0 });
  });

  it('stops on Ctrl-Z like any program of a shell, and goes on with fg', async () => {
    screen = openScreen('/bin/bash', ['--norc', '-i'], { cwd: world.project, env: { ...world.env, PS1: 'shell> ' } });
    await screen.until((text) => text.includes('shell>'), 'a shell');
    screen.type(`${process.execPath} ${BIN} claude --permission-mode acceptEdits\r`);
    await screen.until(ready, 'the prompt');
    screen.type('\x1a');
    await screen.until((text) => /Stopped/.test(text), 'that the job is stopped');
    screen.type('echo "still $((40 + 2))"\r');
    await screen.until((text) => text.includes('still 42'), 'the shell working');
    screen.type('fg\r');
    await screen.until((text) => ready(text) && !text.includes('still 42'), 'Claude Code again');
    screen.type('typed after fg');
    await screen.until((text) => text.includes('typed after fg'), 'keys after fg');
    screen.type('\x15');
    await leave();
    await screen.until((text) => text.trimEnd().endsWith('shell>'), 'the shell again');
    screen.type('echo "status $?"\r');
    await screen.until((text) => text.includes('status 0'), 'the status in the shell');
  });
});

describe('the end of a session by a signal', () => {
  it.each([
    { description: 'SIGTERM', signal: 'SIGTERM', status: 143 },
    { description: 'SIGHUP (the window was closed)', signal: 'SIGHUP', status: 129 },
    { description: 'SIGKILL of the wrapper', signal: 'SIGKILL', status: undefined },
  ])('$description leaves no process and no file', async ({ signal, status }) => {
    world.standIn.script([
      [
        {
          tool: 'Bash',
          input: { command: `echo secret-free > ~/trace; echo x > /tmp/sotto-trace; sleep 7${process.pid}` },
        },
      ],
      [{ text: 'never said' }],
    ]);
    start('--allowedTools', 'Bash', '--', 'run a long command');
    await expect.poll(() => processes().includes(`sleep 7${process.pid}`), { timeout: 20_000 }).toBe(true);
    screen.kill(signal);
    const { exitCode } = await screen.ended;
    if (status !== undefined) expect(exitCode).toBe(status);
    await expect.poll(() => processes().includes(`sleep 7${process.pid}`), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => processes().includes(world.folder), { timeout: 10_000 }).toBe(false);
    expect(existsSync('/tmp/sotto-trace')).toBe(false);
    expect(existsSync(join(world.home, 'trace'))).toBe(false);
    expect(existsSync(join(world.home, '.claude'))).toBe(false);
    expect(existsSync(join(world.home, '.claude.json'))).toBe(false);
  });
});

/** Kinds of escape sequences that the sessions' ledgers say were kept from the terminal. */
function dropped(of: World): unknown[] {
  return listSessions(ledgerFolder({ env: {}, home: of.home }))
    .flatMap(({ path }) => readLedger(path))
    .filter(({ kind }) => kind === 'escape')
    .map(({ sequence }) => sequence);
}

function processes(): string {
  return execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' });
}
