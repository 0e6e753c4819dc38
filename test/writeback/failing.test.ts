// A disk that is full, or says no: nothing half done stays, it is told, and tried again.
import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AnchorStep } from '../../src/host/index.ts';
import { cycle } from '../../src/writeback/cycle.ts';
import { finish, layGround } from '../../src/writeback/start.ts';
import { startWatcher } from '../../src/writeback/watcher.ts';
import { folder, read, ready, secret } from './session.ts';

it.each<{ code: string; at: AnchorStep }>([
  { code: 'ENOSPC', at: 'write' },
  { code: 'ENOSPC', at: 'create' },
  { code: 'EDQUOT', at: 'fsync' },
  { code: 'EACCES', at: 'rename' },
  { code: 'EROFS', at: 'create' },
  { code: 'EIO', at: 'chmod' },
])('$code at $at: the real file stays whole, and the edit comes out once it can', async ({ code, at: step }) => {
  const at = await ready({ a: `key = ${secret()}\nport = 1\n`, b: '1' }, {}, { fsync: true });
  let failing = true;
  const beforeStep = (now: AnchorStep, path: string) => {
    const isFor = path === 'a' || path.startsWith('.sotto-tmp-');
    if (failing && now === step && isFor) throw Object.assign(new Error('no'), { code, syscall: now });
  };
  const ground = layGround(at.input, { beforeStep });
  writeFileSync(join(at.copy, 'a'), read(at.copy, 'a').replace('port = 1', 'port = 2'));
  await cycle(ground, ['a']);
  expect(ground.record.problems()).toEqual([{ path: 'a', code: 'writeback.failed', hint: code }]);
  expect(read(at.root, 'a')).toBe(`key = ${secret()}\nport = 1\n`);
  expect(readdirSync(at.root).sort()).toEqual(['a', 'b']);
  failing = false;
  await finish(ground);
  expect(ground.record.problems()).toEqual([]);
  expect(read(at.root, 'a')).toBe(`key = ${secret()}\nport = 2\n`);
});

it('says when events may have been lost', async () => {
  const top = folder();
  const sides = { inside: join(top, 'in'), outside: join(top, 'out') };
  for (const side of Object.values(sides)) mkdirSync(side);
  let suspected = 0;
  const watcher = await startWatcher(
    { bases: sides, scope: { overlays: [], bulky: [], kept: [] }, skip: [], quietMs: 5, capMs: 50, queue: 2 },
    { onPaths: () => {}, onSuspect: () => suspected++, onBlind: () => {} },
  );
  writeFileSync(join(top, 'one'), '1');
  linkSync(join(top, 'one'), join(sides.inside, 'one'));
  await watcher.flush();
  expect(suspected).toBe(0);
  // A rename is two events at once, however fast the thread reads.
  for (let turn = 0; turn < 100; turn++)
    renameSync(join(sides.inside, turn % 2 ? 'two' : 'one'), join(sides.inside, turn % 2 ? 'one' : 'two'));
  await watcher.flush();
  expect(suspected).toBeGreaterThan(0);
  await watcher.stop();
});

it('tells every path once it is quiet, also in folders that come, move and go', async () => {
  const top = folder();
  const sides = { inside: join(top, 'in'), outside: join(top, 'out') };
  for (const side of Object.values(sides)) mkdirSync(side);
  const told: string[] = [];
  const watcher = await startWatcher(
    { bases: sides, scope: { overlays: [], bulky: [], kept: [] }, skip: ['hidden'], quietMs: 5, capMs: 50 },
    { onPaths: (paths) => told.push(...paths), onSuspect: () => {}, onBlind: () => {} },
  );
  mkdirSync(join(sides.inside, 'a/b/c'), { recursive: true });
  writeFileSync(join(sides.inside, 'a/b/c/one'), '1');
  await watcher.flush();
  rmSync(join(sides.inside, 'a'), { recursive: true });
  mkdirSync(join(sides.inside, 'a/b'), { recursive: true });
  writeFileSync(join(sides.inside, 'a/b/two'), '2');
  await watcher.flush();
  writeFileSync(join(sides.inside, 'a/b/three'), '3');
  await watcher.flush();
  expect(told).toEqual(expect.arrayContaining(['a', 'a/b', 'a/b/c/one', 'a/b/two', 'a/b/three']));
  await watcher.stop();
});

it('removes nothing while what it may have moved to cannot be written', async () => {
  const at = await ready({ a: 'one\ntwo\n', b: '1' });
  let failing = true;
  const beforeStep = (now: AnchorStep, path: string) => {
    if (failing && now === 'create' && path.startsWith('.sotto-tmp-'))
      throw Object.assign(new Error('no'), { code: 'ENOSPC', syscall: now });
  };
  const ground = layGround(at.input, { beforeStep });
  rmSync(join(at.copy, 'a'));
  writeFileSync(join(at.copy, 'n'), 'one\ntwo\nthree\n');
  expect((await cycle(ground, ['a', 'n'])).later.sort()).toEqual(['a', 'n']);
  await finish(ground);
  expect(read(at.root, 'a')).toBe('one\ntwo\n');
  expect(ground.record.problems()).toContainEqual({ path: 'a', code: 'writeback.not-removed' });
  failing = false;
  await cycle(ground, ['a', 'n']);
  expect([readdirSync(at.root).sort(), read(at.root, 'n')]).toEqual([['b', 'n'], 'one\ntwo\nthree\n']);
  expect(ground.record.problems()).toEqual([]);
});

it('tells what is gone together with where it went, however long that is written to', async () => {
  const top = folder();
  const sides = { inside: join(top, 'in'), outside: join(top, 'out') };
  for (const side of Object.values(sides)) mkdirSync(side);
  writeFileSync(join(sides.inside, 'from'), '1');
  const told: string[][] = [];
  const watcher = await startWatcher(
    { bases: sides, scope: { overlays: [], bulky: [], kept: [] }, skip: [], quietMs: 20, capMs: 150 },
    { onPaths: (paths) => told.push([...paths]), onSuspect: () => {}, onBlind: () => {} },
  );
  renameSync(join(sides.inside, 'from'), join(sides.inside, 'to'));
  for (let turn = 0; turn < 60; turn++) {
    writeFileSync(join(sides.inside, 'to'), `${turn}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await watcher.flush();
  const first = told.findIndex((paths) => paths.includes('from'));
  expect(told.slice(0, first + 1).flat()).toContain('to');
  await watcher.stop();
});
