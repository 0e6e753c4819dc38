// What the agent and the person forbid: the wrapper is an ordinary user, and a folder or file without rights on either side must
// stop nothing but itself. As root nothing is forbidden, so the tests become somebody else for a while.
import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startWriteback } from '../../src/writeback/index.ts';
import { has, type Ready, read, ready } from './session.ts';

const NOBODY = 65_534;

/** Runs as an ordinary user to whom both trees belong. */
async function asOrdinary<T>(at: Ready, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  for (const top of [at.root, at.copy, at.input.journal]) give(top);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

function give(path: string): void {
  lchownSync(path, NOBODY, NOBODY);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
}

const FILES = { a: '1', 'd/b': '2', 'd/e/c': '3', 'z/y': '4' };

it.each<{ description: string; forbid: (at: Ready) => void; allow: (at: Ready) => void }>([
  {
    description: 'a folder inside that nobody may enter',
    forbid: (at) => chmodSync(join(at.copy, 'd'), 0),
    allow: (at) => chmodSync(join(at.copy, 'd'), 0o755),
  },
  {
    description: 'a folder inside that nobody may list',
    forbid: (at) => chmodSync(join(at.copy, 'd'), 0o300),
    allow: (at) => chmodSync(join(at.copy, 'd'), 0o755),
  },
  {
    description: 'a file inside that nobody may read',
    forbid: (at) => chmodSync(join(at.copy, 'd/b'), 0),
    allow: (at) => chmodSync(join(at.copy, 'd/b'), 0o644),
  },
  {
    description: 'a real folder that nobody may enter',
    forbid: (at) => chmodSync(join(at.root, 'd'), 0),
    allow: (at) => chmodSync(join(at.root, 'd'), 0o755),
  },
  {
    description: 'a real folder in which nobody may write',
    forbid: (at) => chmodSync(join(at.root, 'd'), 0o555),
    allow: (at) => chmodSync(join(at.root, 'd'), 0o755),
  },
  {
    description: 'the copy itself, which nobody may enter',
    forbid: (at) => chmodSync(at.copy, 0),
    allow: (at) => chmodSync(at.copy, 0o755),
  },
])('$description stops nothing but itself, and nothing is removed for it', async ({ forbid, allow }) => {
  const at = await ready(FILES);
  await asOrdinary(at, async () => {
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'd/b'), 'edited');
    forbid(at);
    await writeback.flush();
    expect(readdirSync(at.root).sort()).toEqual(['a', 'd', 'z']);
    allow(at);
    writeFileSync(join(at.copy, 'z/y'), 'edited');
    mkdirSync(join(at.copy, 'new'));
    writeFileSync(join(at.copy, 'new/x'), 'x');
    await writeback.stop();
    expect([read(at.root, 'z/y'), read(at.root, 'new/x'), read(at.root, 'd/b')]).toEqual(['edited', 'x', 'edited']);
    expect([read(at.root, 'd/e/c'), read(at.root, 'a'), has(at.copy, 'd/e/c')]).toEqual(['3', '1', true]);
  });
});

it('a forbidden folder does not hold up what else is edited while it is forbidden', async () => {
  const at = await ready(FILES);
  await asOrdinary(at, async () => {
    const writeback = await startWriteback(at.input);
    chmodSync(join(at.copy, 'd'), 0);
    await writeback.flush();
    writeFileSync(join(at.copy, 'z/y'), 'edited');
    await writeback.flush();
    expect(read(at.root, 'z/y')).toBe('edited');
    await writeback.stop();
    // The real folder takes the mode over, but stays open to its owner.
    expect([read(at.root, 'd/b'), read(at.root, 'd/e/c')]).toEqual(['2', '3']);
    expect(lstatSync(join(at.root, 'd')).mode & 0o777).toBe(0o700);
  });
});

it('a file without the right to write is replaced, and keeps its mode', async () => {
  const at = await ready(FILES);
  chmodSync(join(at.root, 'a'), 0o444);
  await at.workspace.refresh('a');
  await asOrdinary(at, async () => {
    const writeback = await startWriteback(at.input);
    chmodSync(join(at.copy, 'a'), 0o644);
    writeFileSync(join(at.copy, 'a'), 'edited');
    chmodSync(join(at.copy, 'a'), 0o444);
    await writeback.stop();
    expect([read(at.root, 'a'), lstatSync(join(at.root, 'a')).mode & 0o777]).toEqual(['edited', 0o444]);
  });
});
