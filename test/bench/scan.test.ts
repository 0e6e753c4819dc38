import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cpuSeconds, engine, filesOf, toolsOn } from '../../bench/scan.ts';

const home = mkdtempSync(join(tmpdir(), 'sotto-bench-scan-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('measures the engine on the files of a tree', async () => {
  mkdirSync(join(home, 'tree/a'), { recursive: true });
  writeFileSync(join(home, 'tree/a/one.ts'), 'const one = 1;\n'.repeat(100));
  writeFileSync(join(home, 'tree/two.ts'), 'const two = 2;\n'.repeat(100));
  const speed = await engine(await filesOf(join(home, 'tree')));
  expect(speed).toMatchObject({ files: 2, bytes: 3000 });
  expect(speed.rules).toBeGreaterThan(100);
  for (const one of [speed.cold, speed.warm, speed.startMs]) expect(one).toBeGreaterThan(0);
  expect(await filesOf(join(home, 'tree'), 2000)).toHaveLength(1);
});

it('asks the scanners that are installed, and says which are not', () => {
  mkdirSync(join(home, 'bin/rg'), { recursive: true });
  for (const name of ['gitleaks', 'secretlint']) {
    writeFileSync(join(home, 'bin', name), '#!/bin/sh\n');
    chmodSync(join(home, 'bin', name), 0o755);
  }
  const { found, missing } = toolsOn(join(home, 'bin'));
  expect(found.map(({ name }) => name)).toEqual(['secretlint', 'gitleaks']);
  expect(missing).toEqual(['betterleaks', 'kingfisher', 'rg']);
});

it('tells the CPU time of a program, and nothing of one that takes too much or is not there', () => {
  expect(cpuSeconds(process.execPath, ['-e', 'for (let i = 0; i < 1e8; i++);'])).toBeGreaterThan(0);
  expect(cpuSeconds(process.execPath, ['-e', 'for (;;);'], 1)).toBeUndefined();
  expect(cpuSeconds(join(home, 'absent'), [])).toBeUndefined();
});
