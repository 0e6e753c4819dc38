import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lendToolchains } from '../../src/sandbox/index.ts';

const home = mkdtempSync(join(tmpdir(), 'sotto-tools-'));
for (const path of [
  '.nvm/versions/node/v20.1.0/bin',
  '.pyenv/shims',
  '.cargo/bin',
  '.rustup/toolchains',
  'bin',
  'secrets',
  '.ssh',
]) {
  mkdirSync(join(home, path), { recursive: true });
}
afterAll(() => rmSync(home, { recursive: true }));

const targets = (path: string) => lendToolchains(path, home).mounts.map(({ target }) => target.replace(home, '~'));

describe('lendToolchains', () => {
  it.each([
    {
      description: "nvm: one version, not nvm's folder",
      path: '.nvm/versions/node/v20.1.0/bin',
      lent: ['~/.nvm/versions/node/v20.1.0'],
    },
    { description: 'pyenv: its folder, since shims run it', path: '.pyenv/shims', lent: ['~/.pyenv'] },
    {
      description: 'cargo: programs and toolchains, not the registry token',
      path: '.cargo/bin',
      lent: ['~/.cargo/bin', '~/.rustup/toolchains'],
    },
    { description: "the person's own programs", path: 'bin', lent: ['~/bin'] },
    { description: 'a folder of the home that holds no programs: not at all', path: 'secrets', lent: [] },
    { description: 'keys that stand in PATH by mistake: not at all', path: '.ssh', lent: [] },
    { description: 'the home itself: never', path: '', lent: [] },
    { description: 'a folder that does not exist', path: '.bun/bin', lent: [] },
  ])('lends $description', ({ path, lent }) => {
    expect(targets(join(home, path))).toEqual(lent);
  });

  it('keeps the order of PATH and drops what is not lent, relative or empty', () => {
    const path = `${home}/bin::relative:/usr/bin:${home}/.ssh:${home}/.cargo/bin:/usr/bin`;
    expect(lendToolchains(path, home).path).toBe(`${home}/bin:/usr/bin:${home}/.cargo/bin`);
  });
});
