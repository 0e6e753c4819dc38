// Questions over the screen of the real Claude Code: a file under *ask* is read, the person answers, the model acts on it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSession, ledgerFolder, readLedger } from '../../src/ledger/index.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { BIN, makeWorld, sent, sotto, type World } from '../support/sotto.ts';

const ROW = 'ann,1042';
let world: World;
let screen: Screen;

beforeEach(async () => {
  world = await makeWorld({ 'report.csv': `name,amount\n${ROW}\n`, '.sotto.yaml': 'ask: ["*.csv"]\n' });
});
afterEach(async () => {
  screen?.kill();
  await world.close();
});

function start(prompt: string, ...more: string[]): void {
  const args = ['claude', '--permission-mode', 'acceptEdits', ...more, prompt];
  screen = openScreen(process.execPath, [BIN, ...args], { cwd: world.project, env: world.env });
}

const read = () => [{ tool: 'Read', input: { file_path: join(world.project, 'report.csv') } }];

/** A step that waits, so that the screen stands still. */
const after = (ms: number, text: string) => async () => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return [{ text }];
};

/** Where the fixed parts of Claude Code's screen stand: what it says, spinner, tips and clock move by themselves. */
const layout = () =>
  ['Claude Code v', '~/project', 'read the report', 'accept edits on'].map((part) =>
    screen.rows().findIndex((row) => row.includes(part)),
  );

function decisions(): unknown[] {
  const { path } = findSession(ledgerFolder({ env: {}, home: world.home }));
  return readLedger(path)
    .filter(({ kind }) => kind === 'decision')
    .map(({ path: file, answer, by }) => ({ file, answer, by }));
}

/** A person reads first: what is typed in the first moment was meant for Claude Code and does not count. */
async function answer(key: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  screen.type(key);
}

describe('a file under ask', () => {
  it('is shown after a yes, and the screen of Claude Code comes back', async () => {
    world.standIn.script([read(), read(), [{ text: 'The report is read.' }]]);
    start('read the report');
    await screen.until((text) => text.includes('wants to read'), 'the question');
    expect(screen.text()).toContain('Read wants to read');
    expect(screen.text()).toContain('report.csv');
    expect(sent(world, ROW)).toBe(0);
    await answer('o');
    await screen.until((text) => text.includes('The report is read.'), 'the answer');
    await screen.until((text) => text.includes('Claude Code v') && text.includes('❯'), 'its whole screen');
    expect(sent(world, ROW)).toBeGreaterThan(0);
    expect(sent(world, 'The user allowed report.csv')).toBeGreaterThan(0);
    expect(decisions()).toEqual([{ file: 'report.csv', answer: 'once', by: 'person' }]);
  });

  it('stays withheld after a no; the model is told so; the screen is the same before and after', async () => {
    world.standIn.script([
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 2500));
        return read();
      },
      after(4000, 'Then not.'),
    ]);
    start('read the report');
    await screen.until((text) => text.includes('read the report') && text.includes('Claude Code v'), 'the prompt');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const before = layout();
    expect(before).not.toContain(-1);
    await screen.until((text) => text.includes('wants to read'), 'the question');
    await answer('n');
    await screen.until((text) => text.includes('Claude Code v'), 'its screen');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(layout()).toEqual(before);
    await screen.until((text) => text.includes('Then not.'), 'the answer');
    expect(sent(world, ROW)).toBe(0);
    expect(sent(world, 'The user was asked and refused to show report.csv')).toBeGreaterThan(0);
    expect(decisions()).toEqual([{ file: 'report.csv', answer: 'no', by: 'person' }]);
  });

  it('is seen whatever tool reads it: shell, search, mention', async () => {
    const bash = { tool: 'Bash', input: { command: 'grep -r ann . ; cat report.csv' } };
    world.standIn.script([[bash], [{ text: 'done' }]]);
    const done = await sotto(world, ['claude', '-p', 'look at @report.csv', '--allowedTools', 'Bash']);
    expect(done.code).toBe(0);
    expect(sent(world, ROW)).toBe(0);
    expect(sent(world, 'Nobody is at the terminal to be asked')).toBeGreaterThan(1);
  });

  it('is not answered by what was typed before the question', async () => {
    world.standIn.script([
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return read();
      },
      [{ text: 'done' }],
    ]);
    start('read the report');
    await screen.until((text) => text.includes('Claude Code v'), 'the screen');
    screen.type('ooo');
    await screen.until((text) => text.includes('wants to read'), 'the question');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(screen.text()).toContain('wants to read');
    await answer('n');
    await screen.until((text) => text.includes('done') && text.includes('ooo'), 'what was typed, in the prompt');
    expect(sent(world, ROW)).toBe(0);
  });
});

describe('what the gateway cannot decide alone', () => {
  it('a host that policy does not name is asked for, and refused after a no', async () => {
    const curl = { tool: 'Bash', input: { command: 'curl -sS -m 20 https://example.com/page 2>&1' } };
    world.standIn.script([[curl], [{ text: 'No way out.' }]]);
    start('fetch it', '--allowedTools', 'Bash', '--');
    await screen.until((text) => text.includes('wants to reach a host'), 'the question');
    expect(screen.text()).toContain('GET https://example.com/page');
    await answer('n');
    await screen.until((text) => text.includes('No way out.'), 'the answer');
    expect(sent(world, 'sotto: ')).toBeGreaterThan(0);
    expect(decisions()).toMatchObject([{ answer: 'no', by: 'person' }]);
  });

  it('a picture goes after a yes', async () => {
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const file = world.write('dot.png', Buffer.from(pixel, 'base64'));
    world.standIn.script([[{ tool: 'Read', input: { file_path: file } }], [{ text: 'A red dot.' }]]);
    start('look at the picture');
    await screen.until((text) => text.includes('wants to send a picture'), 'the question');
    expect(sent(world, '"type":"image"')).toBe(0);
    await answer('o');
    await screen.until((text) => text.includes('A red dot.'), 'the answer');
    expect(sent(world, '"type":"image"')).toBe(1);
  });
});

describe('the review before a session', () => {
  it('is shown when a file is new to it; q starts nothing, with status 125', async () => {
    world.standIn.script([[{ text: 'one' }]]);
    start('hello');
    await screen.until((text) => text.includes('Claude Code v'), 'a first session, of which nothing is new');
    screen.kill();
    await screen.ended;
    world.write('.env', 'A=1\n');
    start('hello');
    await screen.until((text) => text.includes('.env'), 'the review');
    const requests = world.standIn.received.length;
    screen.type('q');
    expect(await screen.ended).toMatchObject({ exitCode: 125 });
    expect(world.standIn.received.length).toBe(requests);
  });
});

describe('a secret in the prompt', () => {
  it('is named in the status line, as a count', async () => {
    world.standIn.script([[{ text: 'one' }], [{ text: 'two' }]]);
    start(`remember password = '${['Qz7', '!kLw', '92pt'].join('')}'`);
    await screen.until((text) => text.includes('1 kept out of the prompt'), 'the count');
  });

  it('is redacted on the wire, and a file that gets its placeholder gets the secret', async () => {
    const password = ['Tr0ub4dor', '&3', 'x9'].join('');
    let placeholder = '';
    const file = join(world.project, 'settings.js');
    world.standIn.script([
      async () => {
        const last = world.standIn.received.at(-1)?.body.toString('utf8') ?? '';
        placeholder = /REDACTED_[a-z0-9_]+_[0-9a-f]{8}/.exec(last)?.[0] ?? 'none';
        return [{ tool: 'Write', input: { file_path: file, content: `export const password = '${placeholder}';\n` } }];
      },
      [{ text: 'Written.' }],
    ]);
    const prompt = `write a settings.js with password = '${password}'`;
    expect((await sotto(world, ['claude', '-p', prompt, '--permission-mode', 'acceptEdits'])).code).toBe(0);
    expect(sent(world, password)).toBe(0);
    expect(placeholder).toMatch(/^REDACTED_/);
    expect(readFileSync(file, 'utf8') === `export const password = '${password}';\n`).toBe(true);
  });
});
