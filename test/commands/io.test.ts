import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot, run } from '../../src/host/index.ts';

it('ends without a word when its reader has seen enough', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-pipe-'));
  const bin = join(packageRoot(), 'bin/sotto.js');
  const shell = `"$0" "$1" policy show | true; echo "$PIPESTATUS"`;
  const { stdout, stderr } = await run('bash', ['-c', shell, process.execPath, bin], {
    cwd: folder,
    env: { HOME: mkdtempSync(join(tmpdir(), 'sotto-home-')), PATH: '/usr/bin:/bin' },
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('141\n');
});
