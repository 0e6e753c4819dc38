// Two writers at once, live, without waiting for each other: what was written last on either side must be found again.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startWriteback } from '../../src/writeback/index.ts';
import { ready, secret } from './session.ts';

const EDITS = 400;

/** The same numbers every time; what differs between runs is how the two sides meet. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

async function write(top: string, side: string, seed: number, alive: Set<string>): Promise<void> {
  const roll = dice(seed);
  for (let edit = 0; edit < EDITS; edit++) {
    const marker = `${side}-${edit};`;
    const folder = join(top, `${side}${roll(3)}`);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `f${roll(6)}`);
    const shared = join(top, `shared${roll(4)}`);
    const turn = roll(6);
    if (turn === 0) renameInto(file, join(folder, `f${roll(6)}`), alive);
    else if (turn === 1) remove(file, alive);
    else {
      appendFileSync(turn === 2 ? shared : file, `${marker}\n`);
      alive.add(marker);
    }
    if (roll(3) === 0) await wait(roll(4));
  }
}

function forget(file: string, alive: Set<string>): void {
  for (const marker of readFileSync(file, 'utf8').match(/\w+-\d+;/g) ?? []) alive.delete(marker);
}

function renameInto(from: string, to: string, alive: Set<string>): void {
  try {
    if (from !== to) forget(to, alive);
  } catch {
    // nothing stands there
  }
  try {
    renameSync(from, to);
  } catch {
    // nothing to rename
  }
}

function remove(file: string, alive: Set<string>): void {
  try {
    forget(file, alive);
    rmSync(file);
  } catch {
    // nothing to remove
  }
}

it('loses nothing of two writers at once', async () => {
  const shared = Object.fromEntries([0, 1, 2, 3].map((n) => [`shared${n}`, `key = ${secret(n)}\n`]));
  const at = await ready(shared);
  const alive = new Set<string>();
  const writeback = await startWriteback(at.input);
  await Promise.all([write(at.copy, 'inside', 7, alive), write(at.root, 'outside', 8, alive)]);
  await writeback.flush();
  const report = await writeback.stop();
  const files = readdirSync(at.root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const text = files.map((one) => readFileSync(join(one.parentPath, one.name), 'utf8')).join('');
  const lost = [...alive].filter((marker) => !text.includes(marker));
  expect(lost).toEqual([]);
  expect(text).not.toContain('REDACTED_');
  for (const n of [0, 1, 2, 3]) expect(readFileSync(join(at.root, `shared${n}`), 'utf8')).toContain(secret(n));
  expect(files.filter((one) => one.name.startsWith('.sotto-tmp-'))).toEqual([]);
  expect(report.problems).toEqual([]);
});
