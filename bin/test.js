// `npm test`: sets up, checks types and style, runs all tests; the last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setUp } from './setup.js';

setUp();
const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
const results = join(folder, 'results.json');
const bin = (name) => join(root, 'node_modules/.bin', name);

function step(name, args) {
  const done = spawnSync(bin(name), args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return done.status === 0 ? 0 : 1;
}

const checks = step('tsc', ['--noEmit']) + step('biome', ['check', '--error-on-warnings', '.']);
const tests = step('vitest', [
  ...[
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ],
  ...process.argv.slice(2),
]);
const { numPassedTests = 0, numFailedTests = 1, numFailedTestSuites = 0, success = false } = read(results);
rmSync(folder, { recursive: true, force: true });
// A suite that cannot load, a type error and a lint error count as one failure each: none may pass unseen.
const failed = Math.max(numFailedTests, success ? 0 : Math.min(1, numFailedTestSuites + tests)) + checks;
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && tests === 0 ? 0 : 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
