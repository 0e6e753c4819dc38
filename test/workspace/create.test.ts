import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../src/errors/index.ts';
import { folder, open, project, secret } from './project.ts';

const read = (path: string) => readFileSync(path, 'utf8');

describe('createWorkspace', () => {
  it('copies what holds no secret byte for byte, with mode and time', async () => {
    const root = project({ 'src/a.ts': 'let a = 1;\n', 'run.sh': '#!/bin/sh\n', 'empty/': '', 'src/none': '' });
    chmodSync(join(root, 'run.sh'), 0o751);
    utimesSync(join(root, 'run.sh'), 1_600_000_000.5, 1_600_000_000.25);
    const { copy, workspace } = await open(root);
    expect(read(join(copy, 'src/a.ts'))).toBe('let a = 1;\n');
    expect(statSync(join(copy, 'run.sh')).mode & 0o777).toBe(0o751);
    expect(statSync(join(copy, 'run.sh')).mtimeMs).toBeCloseTo(1_600_000_000_250, 0);
    expect(readdirSync(join(copy, 'empty'))).toEqual([]);
    expect(workspace.report.files).toBe(3);
    expect(workspace.snapshot.get('empty')).toMatchObject({ kind: 'folder' });
  });

  it('puts a placeholder where a secret stood, and the secret into the vault', async () => {
    const root = project({ 'config.txt': `before\nkey = ${secret()}\nafter\n` });
    const { copy, vault, workspace } = await open(root);
    const text = read(join(copy, 'config.txt'));
    expect(text).toMatch(/^before\nkey = REDACTED_acme_key_[0-9a-f]{8}\nafter\n$/);
    expect(vault.find(secret())).toMatchObject({ rule: 'acme.key', origins: new Set(['config.txt']) });
    expect(workspace.report.redacted).toEqual({ 'acme.key': 1 });
    expect(workspace.report.redactedFiles).toEqual(['config.txt']);
    const entry = workspace.snapshot.get('config.txt');
    expect(entry).toMatchObject({ kind: 'file', placeholders: [vault.find(secret())?.placeholder] });
    expect(entry?.kind === 'file' && entry.real !== entry.copy).toBe(true);
  });

  it('gives a secret one placeholder even where different rules find it', async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 30; n++) files[`f${n}`] = n % 2 ? `acme-pass = ${secret()}\n` : `${secret()}\n`;
    const { copy, vault } = await open(project(files));
    const { placeholder } = vault.find(secret()) as { placeholder: string };
    for (const name of Object.keys(files)) expect(read(join(copy, name))).toContain(placeholder);
    expect(vault.size).toBe(1);
  });

  it('leaves out what is hidden, a whole folder without looking into it', async () => {
    const root = project({ '.env': secret(), 'keys/a/b': secret(1), 'keep/.env': 'x', 'keep/a': 'x' });
    const { copy, workspace, vault } = await open(root, { hide: ['.env', '/keys/'] });
    expect(readdirSync(copy, { recursive: true }).map(String).sort()).toEqual(['keep', 'keep/a']);
    expect(workspace.snapshot.get('keys')).toMatchObject({ kind: 'withheld', why: 'hide', folder: true, stub: false });
    expect(workspace.report.hidden.map((one) => one.path).sort()).toEqual(['.env', 'keep/.env', 'keys']);
    expect(vault.size).toBe(0);
  });

  it('lays a stub that says so where the person must be asked', async () => {
    const { copy, workspace } = await open(project({ 'report.csv': `a,${secret()}` }), { ask: ['*.csv'] });
    expect(read(join(copy, 'report.csv'))).toMatch(/^sotto: this file is withheld until the person .* allows it/);
    expect(workspace.snapshot.get('report.csv')).toMatchObject({ kind: 'withheld', why: 'ask', stub: true });
    expect(workspace.report.asked).toEqual([
      { path: 'report.csv', pattern: '*.csv', source: '.sotto.yaml:1', rule: '' },
    ]);
  });

  it('copies unscanned only what is trusted', async () => {
    const { copy, vault } = await open(project({ 'fixtures/a': secret(), b: secret() }), { trust: ['fixtures/'] });
    expect(read(join(copy, 'fixtures/a'))).toBe(secret());
    expect(read(join(copy, 'b'))).toBe(vault.find(secret())?.placeholder);
  });

  it.each([
    { description: 'an archive is asked for', bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], why: 'ask' },
    { description: 'a binary file with a secret is withheld', bytes: [0, 1, 2, 0, 255, 0, 3], why: 'binary' },
  ])('$description', async ({ bytes, why }) => {
    const content = Buffer.concat([
      Buffer.from(bytes),
      Buffer.from(why === 'binary' ? ` ${secret()} ` : 'x'),
      Buffer.alloc(64),
    ]);
    const { copy, workspace } = await open(
      project({ blob: content, plain: Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]) }),
    );
    expect(workspace.snapshot.get('blob')).toMatchObject({ kind: 'withheld', why, stub: true });
    expect(read(join(copy, 'blob'))).toMatch(/^sotto: /);
    expect(readFileSync(join(copy, 'plain'))).toEqual(Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]));
  });

  it('keeps links that stay inside, and says so where one leads out', async () => {
    const root = project({ 'a/file': 'x', 'b/': '' });
    symlinkSync('../a/file', join(root, 'b/relative'));
    symlinkSync(join(root, 'a'), join(root, 'b/absolute'));
    symlinkSync('nowhere', join(root, 'b/dangling'));
    symlinkSync('/etc/passwd', join(root, 'b/out'));
    symlinkSync('../../..', join(root, 'b/above'));
    symlinkSync('/proc/self/root', join(root, 'b/proc'));
    symlinkSync(`${root}/b/proc/etc/passwd`, join(root, 'b/through'));
    const { copy, workspace } = await open(root);
    expect(readlinkSync(join(copy, 'b/relative'))).toBe('../a/file');
    expect(readlinkSync(join(copy, 'b/absolute'))).toBe(join(root, 'a'));
    expect(readlinkSync(join(copy, 'b/dangling'))).toBe('nowhere');
    for (const name of ['out', 'above', 'proc', 'through']) {
      expect(lstatSync(join(copy, 'b', name)).isFile(), name).toBe(true);
      expect(read(join(copy, 'b', name))).toMatch(/points outside the project/);
      expect(workspace.snapshot.get(`b/${name}`)).toMatchObject({ kind: 'link', stub: true });
    }
  });

  it('leaves pipes and sockets out without waiting on them, and reports them', async () => {
    const root = project({ a: 'x' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer().listen(join(root, 'sock'));
    await new Promise((resolve) => server.once('listening', resolve));
    const { copy, workspace } = await open(root);
    server.close();
    expect(readdirSync(copy)).toEqual(['a']);
    expect(workspace.report.skipped.map((one) => one.path).sort()).toEqual(['pipe', 'sock']);
  });

  it('withholds every other name of a hidden file, and copies other hard links as files of their own', async () => {
    const root = project({ '.env': secret(), 'deep/keys/k': 'plain', one: 'same' });
    linkSync(join(root, '.env'), join(root, 'innocent.txt'));
    linkSync(join(root, 'deep/keys/k'), join(root, 'other.txt'));
    linkSync(join(root, 'one'), join(root, 'two'));
    const { copy, workspace } = await open(root, { hide: ['.env', 'keys/'] });
    expect(workspace.snapshot.get('innocent.txt')).toMatchObject({ kind: 'withheld', why: 'hard-link' });
    expect(read(join(copy, 'innocent.txt'))).toMatch(/another name of a file that policy hides/);
    expect(workspace.snapshot.get('other.txt')).toMatchObject({ kind: 'withheld', why: 'hard-link' });
    expect([read(join(copy, 'one')), read(join(copy, 'two'))]).toEqual(['same', 'same']);
    expect(statSync(join(copy, 'one')).nlink).toBe(1);
  });

  it('never copies git metadata: the folder, a submodule, a bare repository', async () => {
    const root = project({ 'src/a': 'x', 'sub/.git': 'gitdir: ../.git/modules/sub\n', 'nested/.git/config': 'x' });
    execFileSync('git', ['init', '-q', '--bare', join(root, 'backup')]);
    const { copy } = await open(root);
    expect(readdirSync(copy, { recursive: true }).map(String).sort()).toEqual(['nested', 'src', 'src/a', 'sub']);
  });

  it('keeps odd names and a very deep folder as they are', async () => {
    const root = project({});
    const names = ['new\nline', '-dash', 'n'.repeat(255), 'e\u0301', '\u00e9', 'sp ace ', '"quote\\'].map((name) =>
      Buffer.from(name),
    );
    names.push(Buffer.from([0x66, 0xff, 0xfe, 0x80]));
    for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), secret());
    const deep = Array.from({ length: 60 }, () => 'deep-folder').join('/');
    mkdirSync(join(root, deep), { recursive: true });
    writeFileSync(join(root, deep, 'file'), 'deep');
    const { copy, workspace } = await open(root);
    const found = readdirSync(copy, { encoding: 'buffer' }).map((name) => name.toString('hex'));
    expect(found.sort()).toEqual([...names, Buffer.from('deep-folder')].map((name) => name.toString('hex')).sort());
    expect(read(join(copy, deep, 'file'))).toBe('deep');
    for (const name of names) expect(workspace.snapshot.get(name.toString('latin1'))).toMatchObject({ kind: 'file' });
    expect(workspace.report.redacted).toEqual({ 'acme.key': names.length });
  });

  it('copies a file that is written all the while, or says that it could not; never half of a secret', async () => {
    const root = project({ a: 'x' });
    const writer = spawn(process.execPath, [
      '-e',
      `const fs = require('fs'); for (let n = 0; ; n++) fs.writeFileSync(${JSON.stringify(join(root, 'busy'))}, '${secret()}\\n'.repeat(n % 900));`,
    ]);
    for (let n = 0; n < 5; n++) {
      const { copy, workspace } = await open(root);
      const entry = workspace.snapshot.get('busy');
      if (entry?.kind === 'file') expect(read(join(copy, 'busy'))).not.toContain(secret().slice(0, 12));
      else expect(entry?.kind ?? 'withheld').toBe('withheld');
    }
    writer.kill('SIGKILL');
  });

  it.runIf(process.getuid?.() === 0)('leaves a device out without opening it', async () => {
    const root = project({ a: 'x' });
    execFileSync('mknod', [join(root, 'zero'), 'c', '1', '5']);
    const { copy, workspace } = await open(root);
    expect(readdirSync(copy)).toEqual(['a']);
    expect(workspace.report.skipped).toEqual([{ path: 'zero', why: 'a pipe, a socket or a device' }]);
  });

  it('withholds a file too large to scan, and keeps the holes of a trusted one', async () => {
    const root = project({});
    execFileSync('truncate', ['-s', '101M', join(root, 'big')]);
    execFileSync('truncate', ['-s', '4G', join(root, 'huge')]);
    execFileSync('truncate', ['-s', '300M', join(root, 'image.raw')]);
    const { copy, workspace } = await open(root, { trust: ['*.raw'] });
    expect(workspace.snapshot.get('big')).toMatchObject({ kind: 'withheld', why: 'too-large', stub: true });
    expect(workspace.snapshot.get('huge')).toMatchObject({ kind: 'withheld', why: 'too-large', stub: true });
    expect(statSync(join(copy, 'image.raw')).size).toBe(300 * 1024 * 1024);
    expect(statSync(join(copy, 'image.raw')).blocks).toBeLessThan(100);
  });

  it.each([
    { description: 'a folder that is not there', root: '/nonexistent/project', code: 'workspace.root' },
    { description: 'the file system as a whole', root: '/', code: 'workspace.root' },
  ])('refuses $description', async ({ root, code }) => {
    await expect(open(root)).rejects.toThrowError(expect.objectContaining({ code }) as Refusal);
  });

  it('refuses a project that policy hides as a whole, and a target that holds something', async () => {
    const root = project({ a: 'x' });
    expect(existsSync(join(root, 'a'))).toBe(true);
    const { copy } = await open(root);
    expect(readdirSync(copy)).toEqual(['a']);
    await expect(open(folder(), { hide: ['*'] })).resolves.toBeDefined();
  });
});

describe('createWorkspace on a tree that takes threads', () => {
  it('copies and redacts every file, each secret under the one placeholder of the vault', async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 1500; n++)
      files[`d${n % 40}/f${n}`] = n % 10 ? `plain ${n}` : `acme-pass = ${secret(n % 7)} ${n}`;
    files['other-rule'] = secret(3);
    const { copy, vault, workspace } = await open(project(files));
    expect(workspace.report.files).toBe(1501);
    expect(vault.size).toBe(7);
    for (const [name, text] of Object.entries(files)) {
      const expected = text.replace(/acme_[a-z0-9]+/, (found) => vault.find(found)?.placeholder ?? 'none');
      expect(read(join(copy, name))).toBe(expected);
    }
  });

  it('refuses, and stops its threads, when the copy cannot be written', async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 600; n++) files[`f${n}`] = 'x';
    const root = project(files);
    const { createWorkspace } = await import('../../src/workspace/index.ts');
    const { policyOf, scannerOf } = await import('./project.ts');
    const { createVault } = await import('../../src/redact/index.ts');
    const policy = policyOf(root);
    const target = folder();
    const prepared = await scannerOf(policy);
    const making = createWorkspace({
      root,
      target,
      policy,
      prepared,
      vault: createVault(),
      onProgress: () => {},
    });
    writeFileSync(join(target, 'f1'), 'somebody was here');
    await expect(making).rejects.toMatchObject({ code: 'workspace.write', args: { code: 'EEXIST' } });
  });
});
