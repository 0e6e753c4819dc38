import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  const said: string[] = [];
  const io = { out: (text: string) => printed.push(text), err: (text: string) => said.push(text), terminal: false };
  const host = { cwd, home: join(root, 'home'), variables: { PATH: process.env.PATH ?? '' } };
  const exit = await scan(host, paths, { format: 'human', ...options }, io, createPaint({}, {}));
  return { exit, out: printed.join(''), err: said.join('') };
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

  it('prints SARIF with everything that its schema asks for', async () => {
    write('odd #1?.ts', `const token = '${TOKEN}';\n`);
    const { out } = await run(['odd #1?.ts'], { format: 'sarif' });
    const log = JSON.parse(out);
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'sotto' } } }] });
    const [{ results, tool, columnKind }] = log.runs;
    expect(['utf16CodeUnits', 'unicodeCodePoints']).toContain(columnKind);
    expect(results.length).toBeGreaterThan(0);
    for (const result of results) {
      expect(result.message.text).toMatch(/^a secret /);
      expect(['none', 'note', 'warning', 'error']).toContain(result.level);
      const described = tool.driver.rules.find(({ id }: { id: string }) => id === result.ruleId);
      expect(described.shortDescription.text.length).toBeGreaterThan(9);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toBe('odd%20%231%3F.ts');
      expect(Object.values(region).every((one) => Number.isInteger(one) && (one as number) > 0)).toBe(true);
      expect(result.partialFingerprints['sotto/v1']).toMatch(/^[0-9a-f]{32}$/);
    }
    rmSync(join(root, 'odd #1?.ts'));
  });

  it('prints annotations for a pull request, in which no path can say a command', async () => {
    write('a,b\n::set-env name=x::y.ts', `const token = '${TOKEN}';\n`);
    const { out } = await run([], { format: 'github' });
    rmSync(join(root, 'a,b\n::set-env name=x::y.ts'));
    expect(out).toContain('::error file=src/config.ts,line=2,endLine=2,col=32,');
    expect(out).toContain('file=a%2Cb%0A%3A%3Aset-env name=x%3A%3Ay.ts,line=1,');
    expect(out.split('\n').filter((line) => line !== '' && !line.startsWith('::error file='))).toEqual([]);
    expect(out).not.toContain(TOKEN);
  });

  it('follows no link, opens no pipe, and shows odd names escaped', async () => {
    const folder = join(root, 'odd');
    mkdirSync(folder);
    writeFileSync(join(root, 'outside.txt'), `key ${TOKEN}\n`);
    symlinkSync(join(root, 'outside.txt'), join(folder, 'link'));
    symlinkSync('.', join(folder, 'loop'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'two\nlines\x1b[2J'), `key ${TOKEN}\n`);
    const { exit, out } = await run(['odd']);
    rmSync(join(root, 'outside.txt'));
    rmSync(folder, { recursive: true });
    expect(exit).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(out).not.toContain('\x1b[2J');
    expect(out).toContain(':1:5');
  });

  it('finds the secret in a file with NUL bytes, and in one in UTF-16', async () => {
    write('binary.dat', `\0\x01\x02 key ${TOKEN} \0\0`);
    writeFileSync(join(root, 'wide.txt'), Buffer.from(`\ufeffkey ${TOKEN}\n`, 'utf16le'));
    const { out } = await run(['binary.dat', 'wide.txt']);
    expect(out).toContain('binary.dat:1:');
    expect(out).toContain('wide.txt:1:');
    for (const name of ['binary.dat', 'wide.txt']) rmSync(join(root, name));
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

describe('sotto scan --baseline', () => {
  const known = () => join(root, 'known.json');

  it('leaves out what was known, and finds what is new, wherever the lines move', async () => {
    write('legacy.ts', `const token = '${TOKEN}';\n`);
    expect((await run(['legacy.ts'], { writeBaseline: known() })).exit).toBe(0);
    expect((await run(['legacy.ts'], { baseline: known() })).exit).toBe(0);
    write('legacy.ts', `// moved\n\nconst token = '${TOKEN}';\nconst other = '${TOKEN}';\n`);
    const { exit, out, err } = await run(['legacy.ts'], { baseline: known() });
    expect(exit).toBe(1);
    expect(out).toContain('legacy.ts:4:');
    expect(out).not.toContain('legacy.ts:3:');
    expect(err).toContain('1 more are in the baseline');
  });

  it('knows one line once: the same line again is new', async () => {
    write('legacy.ts', `const token = '${TOKEN}';\n`);
    await run(['legacy.ts'], { writeBaseline: known() });
    write('legacy.ts', `const token = '${TOKEN}';\nconst token = '${TOKEN}';\n`);
    expect((await run(['legacy.ts'], { baseline: known() })).exit).toBe(1);
  });

  it('holds no value and no hash of one', async () => {
    write('legacy.ts', `const token = '${TOKEN}';\n`);
    await run(['legacy.ts'], { writeBaseline: known() });
    const before = readFileSync(known(), 'utf8');
    write('legacy.ts', `const token = '${TOKEN.replace('ghp', 'gho')}';\n`);
    expect(before).not.toContain(TOKEN.slice(4, 20));
    expect(before).toMatch(/"legacy\.ts": \[\s+"[0-9a-f]{32}"/);
  });

  it('refuses a file that is no baseline', async () => {
    write('broken.json', '{"version":1,');
    const refused = { code: 'scan.bad-baseline', exit: 2 };
    await expect(run([], { baseline: join(root, 'broken.json') })).rejects.toMatchObject(refused);
    await expect(run([], { baseline: join(root, 'missing.json') })).rejects.toMatchObject(refused);
  });
});

describe('sotto scan and sotto:allow', () => {
  it('counts no comment by itself, says so, and counts all when told to', async () => {
    write('allowed.ts', `const token = '${TOKEN}'; // sotto:allow made up\n`);
    const { exit, err } = await run(['allowed.ts']);
    expect(exit).toBe(1);
    expect(err).toContain('hint: 1 stand beside sotto:allow');
    expect((await run(['allowed.ts'], { allowComments: true })).exit).toBe(0);
    rmSync(join(root, 'allowed.ts'));
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
