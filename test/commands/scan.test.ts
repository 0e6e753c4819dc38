import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScanOptions, scan } from '../../src/commands/scan.ts';
import { createPaint, packageRoot } from '../../src/host/index.ts';
import { TOKEN } from '../scan/token.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sotto-scan-'));
  write('clean/readme.md', 'nothing here\n');
  write('src/config.ts', `// é𝒳\nconst x = '𝒳'; const token = '${TOKEN}';\n`);
  write('node_modules/dep/index.js', `const token = '${TOKEN}';\n`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function run(paths: string[], options: Partial<ScanOptions> = {}, cwd = root) {
  const printed: string[] = [];
  const io = { out: (text: string) => printed.push(text), err: () => {}, terminal: false };
  const host = { cwd, home: join(root, 'home'), variables: { PATH: process.env.PATH ?? '' } };
  const exit = await scan(host, paths, { format: 'human', ...options }, io, createPaint({}, {}));
  return { exit, out: printed.join('') };
}

describe('sotto scan', () => {
  it('ends with 1 and names path, line, column and rule, but no value', async () => {
    const { exit, out } = await run([]);
    expect(exit).toBe(1);
    expect(out).toContain('src/config.ts:2:32  github.');
    expect(out).not.toContain(TOKEN);
    expect(out).not.toContain(TOKEN.slice(4, 20));
  });

  it('ends with 0 where there is nothing', async () => {
    expect((await run(['clean'])).exit).toBe(0);
  });

  it('does not look into bulky folders', async () => {
    expect((await run([])).out).not.toContain('node_modules');
  });

  it('prints JSON with spans and without values', async () => {
    const { out } = await run(['src/config.ts'], { format: 'json' });
    const report = JSON.parse(out) as { files: number; findings: Record<string, unknown>[] };
    expect(report.files).toBe(1);
    expect(report.findings[0]).toMatchObject({ path: 'src/config.ts', line: 2, column: 32 });
    expect(out).not.toContain(TOKEN);
  });

  it('prints SARIF that says where and by which rule', async () => {
    const { out } = await run([], { format: 'sarif' });
    const log = JSON.parse(out) as { version: string; runs: { results: { locations: unknown[] }[] }[] };
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0]?.results[0]?.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'src/config.ts' }, region: { startLine: 2, startColumn: 32 } },
    });
    expect(out).not.toContain(TOKEN);
  });

  it('refuses a path that does not exist', async () => {
    await expect(run(['nowhere'])).rejects.toMatchObject({ code: 'scan.not-found', exit: 2 });
  });

  it('prints no content when the debug channel of secretlint is on', () => {
    const bin = join(packageRoot(), 'bin/sotto.js');
    const env = { PATH: process.env.PATH, HOME: join(root, 'home'), DEBUG: '@secretlint/*' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'scan'], { cwd: root, env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain(TOKEN);
    expect(stderr).toBe('');
  });
});

describe('sotto scan --staged', () => {
  it('scans what is staged, not what stands in the work tree', async () => {
    const repository = join(root, 'repository');
    mkdirSync(repository);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: repository });
    git('init', '-q');
    writeFileSync(join(repository, 'staged name.txt'), `key ${TOKEN}\n`);
    writeFileSync(join(repository, 'other.txt'), `key ${TOKEN}\n`);
    git('add', 'staged name.txt');
    writeFileSync(join(repository, 'staged name.txt'), 'gone again\n');
    const { exit, out } = await run([], { staged: true }, repository);
    expect(exit).toBe(1);
    expect(out).toContain('staged name.txt:1:5');
    expect(out).not.toContain('other.txt');
  });

  it('refuses outside a repository', async () => {
    await expect(run([], { staged: true })).rejects.toMatchObject({ code: 'scan.no-repository' });
  });
});
