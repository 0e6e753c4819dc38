import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScreen } from '../support/screen.ts';
import { BIN, makeWorld, sotto, type World } from '../support/sotto.ts';

const TOKEN = ['made', 'up', 'long', 'lived', 'token', '0123456789'].join('-');
let world: World;
let path: string;
beforeEach(async () => {
  world = await makeWorld();
  path = join(world.home, '.config/sotto/token');
});
afterEach(() => world.close());

/** A program in the place of Claude Code that shows a token as `setup-token` does, and notes how it was called. */
function setupToken(script: string) {
  const bin = join(world.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'claude'), `#!/bin/sh\necho "$@" > ${world.folder}/called\n${script}\n`);
  chmodSync(join(bin, 'claude'), 0o755);
  world.env.PATH = `${bin}:${world.env.PATH}`;
}

const screen = () => openScreen(process.execPath, [BIN, 'login'], { cwd: world.project, env: world.env });

describe('sotto login', () => {
  it('runs setup-token on the person’s terminal, takes the token by paste, unseen, and keeps it for its owner', async () => {
    setupToken('test -t 0 && test -t 1 && echo "Your token: see above"');
    const shown = screen();
    await shown.until((text) => text.includes('paste the token'), 'the question');
    expect(readFileSync(join(world.folder, 'called'), 'utf8')).toBe('setup-token\n');
    shown.type(`\x1b[200~${TOKEN.slice(0, 10)}\r\n${TOKEN.slice(10)}\x1b[201~`);
    shown.type('\r');
    expect(await shown.ended).toMatchObject({ exitCode: 0 });
    expect(shown.raw().includes(TOKEN.slice(0, 10))).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(`${TOKEN}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    delete world.env.ANTHROPIC_API_KEY;
    expect(JSON.parse((await sotto(world, ['account', '--json'])).stdout)).toMatchObject({ kind: 'setup-token' });
  });

  it('keeps nothing when it is cancelled, or when setup-token fails', async () => {
    setupToken('test ! -e "$HOME/fail"');
    const shown = screen();
    await shown.until((text) => text.includes('paste the token'), 'the question');
    shown.type('\x03');
    expect(await shown.ended).toMatchObject({ exitCode: 130 });
    writeFileSync(join(world.home, 'fail'), '');
    const failed = screen();
    await failed.until((text) => text.includes('account.setup-token'), 'the refusal');
    expect(await failed.ended).toMatchObject({ exitCode: 125 });
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('takes a token from standard input, and refuses what is none', async () => {
    expect(await sotto(world, ['login', '--stdin'], `${TOKEN}\n`)).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe(`${TOKEN}\n`);
    expect(await sotto(world, ['login', '--stdin'], '')).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('account.malformed'),
    });
    expect(await sotto(world, ['login', '--forget'])).toMatchObject({ code: 0 });
    expect(() => statSync(path)).toThrow('ENOENT');
  });
});
