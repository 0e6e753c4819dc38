import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { open, project, secret } from './project.ts';

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('refresh', () => {
  it('brings in a file that was changed outside, redacted, and keeps the snapshot true', async () => {
    const { root, copy, workspace, vault } = await open(project({ a: 'one' }));
    writeFileSync(join(root, 'a'), `two ${secret()}`);
    expect(await workspace.refresh('a')).toBe('updated');
    expect(read(copy, 'a')).toBe(`two ${vault.find(secret())?.placeholder}`);
    expect(vault.find(secret())?.origins).toEqual(new Set(['a']));
    expect(await workspace.refresh('a')).toBe('same');
    expect(readdirSync(copy)).toEqual(['a']);
  });

  it.each([
    { description: 'a new file', path: 'd/e/new', act: (root: string) => writeFileSync(join(root, 'd/e/new'), 'new') },
    { description: 'a changed file', path: 'd/e/a', act: (root: string) => writeFileSync(join(root, 'd/e/a'), 'new') },
    { description: 'a removed file', path: 'd/e/a', act: (root: string) => rmSync(join(root, 'd/e/a')) },
    {
      description: 'a removed folder',
      path: 'd/e',
      act: (root: string) => rmSync(join(root, 'd/e'), { recursive: true }),
    },
    { description: 'a folder’s mode', path: 'd/e', act: (root: string) => chmodSync(join(root, 'd/e'), 0o700) },
  ])('does not follow a link that a program inside put on the way: $description', async ({ path, act }) => {
    const { root, copy, workspace } = await open(project({ 'd/e/a': 'one', b: '1' }));
    const elsewhere = project({ 'e/a': 'one' });
    chmodSync(join(elsewhere, 'e'), 0o755);
    rmSync(join(copy, 'd'), { recursive: true });
    symlinkSync(elsewhere, join(copy, 'd'));
    act(root);
    expect(await workspace.refresh(path)).toBe('edited');
    expect(readdirSync(elsewhere, { recursive: true }).sort()).toEqual(['e', 'e/a']);
    expect(read(elsewhere, 'e/a')).toBe('one');
    expect(lstatSync(join(elsewhere, 'e')).mode & 0o777).toBe(0o755);
  });

  it('takes up a link where a file was', async () => {
    const { root, copy, workspace } = await open(project({ a: 'one', b: 'two' }));
    rmSync(join(root, 'a'));
    symlinkSync('b', join(root, 'a'));
    expect(await workspace.refresh('a')).toBe('updated');
    expect(read(copy, 'a')).toBe('two');
  });

  it('takes up a new mode', async () => {
    const { root, copy, workspace } = await open(project({ a: 'one' }));
    chmodSync(join(root, 'a'), 0o700);
    expect(await workspace.refresh('a')).toBe('updated');
    expect(lstatSync(join(copy, 'a')).mode & 0o777).toBe(0o700);
  });

  it('brings in a new file with its folders, and a new folder with all that is in it', async () => {
    const { root, copy, workspace } = await open(project({ a: 'one' }), { hide: ['.env'] });
    mkdirSync(join(root, 'x/y'), { recursive: true });
    writeFileSync(join(root, 'x/y/file'), 'new');
    writeFileSync(join(root, 'x/.env'), secret());
    expect(await workspace.refresh('x/y/file')).toBe('same');
    expect(read(copy, 'x/y/file')).toBe('new');
    expect(existsSync(join(copy, 'x/.env'))).toBe(false);
    expect(workspace.snapshot.get('x/.env')).toMatchObject({ kind: 'withheld', why: 'hide' });
  });

  it('removes what was removed outside', async () => {
    const { root, copy, workspace } = await open(project({ 'x/y/file': 'new', a: 'b' }));
    rmSync(join(root, 'x'), { recursive: true });
    expect(await workspace.refresh('x')).toBe('updated');
    expect(readdirSync(copy)).toEqual(['a']);
    expect([...workspace.snapshot.keys()]).toEqual(['a']);
  });

  it.each([
    { description: 'was changed outside', act: (root: string) => writeFileSync(join(root, 'd/a'), 'outside') },
    { description: 'was removed outside', act: (root: string) => rmSync(join(root, 'd/a')) },
    { description: 'lost its folder outside', act: (root: string) => rmSync(join(root, 'd'), { recursive: true }) },
    {
      description: 'became a folder outside',
      act: (root: string) => {
        rmSync(join(root, 'd/a'));
        mkdirSync(join(root, 'd/a'));
      },
    },
  ])('never overwrites an edit made inside in a file that $description', async ({ act }) => {
    const { root, copy, workspace } = await open(project({ 'd/a': 'one', 'd/b': 'two' }));
    writeFileSync(join(copy, 'd/a'), 'inside');
    act(root);
    expect(await workspace.refresh(existsSync(join(root, 'd')) ? 'd/a' : 'd')).toBe('edited');
    expect(read(copy, 'd/a')).toBe('inside');
  });

  it('never replaces a file that was created inside at the same path', async () => {
    const { root, copy, workspace } = await open(project({ a: 'one' }));
    writeFileSync(join(copy, 'new'), 'inside');
    writeFileSync(join(root, 'new'), 'outside');
    expect(await workspace.refresh('new')).toBe('edited');
    expect(read(copy, 'new')).toBe('inside');
    expect(readdirSync(copy).sort()).toEqual(['a', 'new']);
  });

  it('does not follow a link that was put inside in place of a folder', async () => {
    const { root, copy, workspace } = await open(project({ 'd/a': 'one', 'elsewhere/a': 'x' }));
    rmSync(join(copy, 'd'), { recursive: true });
    symlinkSync('elsewhere', join(copy, 'd'));
    writeFileSync(join(root, 'd/a'), 'outside');
    expect(await workspace.refresh('d/a')).toBe('edited');
    expect(read(copy, 'elsewhere/a')).toBe('x');
  });

  it('turns a file into a folder, and a folder into a link', async () => {
    const { root, copy, workspace } = await open(project({ a: 'one', 'd/b': 'two' }));
    rmSync(join(root, 'a'));
    renameSync(join(root, 'd'), join(root, 'a'));
    symlinkSync('a', join(root, 'd'));
    expect(await workspace.refresh('a')).toBe('updated');
    expect(await workspace.refresh('d')).toBe('updated');
    expect(read(copy, 'd/b')).toBe('two');
    expect(lstatSync(join(copy, 'd')).isSymbolicLink()).toBe(true);
  });

  it('keeps a file out that became hidden or binary with a secret', async () => {
    const { root, copy, workspace } = await open(project({ blob: 'text' }), { hide: ['.env'] });
    writeFileSync(
      join(root, 'blob'),
      Buffer.concat([Buffer.alloc(64), Buffer.from(` ${secret()} `), Buffer.alloc(64)]),
    );
    writeFileSync(join(root, '.env'), secret());
    expect(await workspace.refresh('blob')).toBe('updated');
    expect(await workspace.refresh('.env')).toBe('same');
    expect(read(copy, 'blob')).toMatch(/^sotto: /);
    expect(readdirSync(copy)).toEqual(['blob']);
    expect(workspace.snapshot.get('.env')).toMatchObject({ kind: 'withheld', why: 'hide' });
  });
});

describe('admit', () => {
  it('brings in a file that was asked for, scanned and redacted', async () => {
    const { copy, workspace, vault } = await open(project({ 'x.csv': `a,${secret()}` }), { ask: ['*.csv'] });
    expect(await workspace.admit('x.csv')).toBe('updated');
    expect(read(copy, 'x.csv')).toBe(`a,${vault.find(secret())?.placeholder}`);
  });

  it('never brings in what is hidden', async () => {
    const { copy, workspace } = await open(project({ '.env': secret() }), { hide: ['.env'] });
    expect(await workspace.admit('.env')).toBe('same');
    expect(readdirSync(copy)).toEqual([]);
  });
});

describe('preview', () => {
  it('gives the redacted bytes of the real file and touches nothing', async () => {
    const { root, copy, workspace, vault } = await open(project({ a: 'one' }));
    writeFileSync(join(root, 'a'), secret());
    expect(Buffer.from((await workspace.preview('a')) ?? []).toString()).toBe(vault.find(secret())?.placeholder);
    expect(read(copy, 'a')).toBe('one');
    expect(await workspace.preview('none')).toBeUndefined();
  });
});

describe('consider', () => {
  it('tells what admitting a file would let in, and lets nothing in', async () => {
    const text = `${secret()} and ${secret()}\n`;
    const opened = await open(project({ 'x.csv': text, 'y.csv': Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]) }), {
      ask: ['*.csv'],
    });
    const { workspace, vault, copy } = opened;
    const { content, ...considered } = workspace.consider('x.csv') ?? {};
    expect(content).toMatch(/^[0-9a-f]{64}$/);
    const placeholder = vault.find(secret())?.placeholder;
    const redacted = Uint8Array.from(Buffer.from(`${placeholder} and ${placeholder}\n`));
    expect(considered).toEqual({ bytes: text.length, text: { findings: { 'acme.key': 2 }, redacted } });
    expect(workspace.consider('y.csv')).toMatchObject({ bytes: 6 });
    expect(workspace.consider('y.csv')?.text).toBeUndefined();
    expect(workspace.consider('gone.csv')).toBeUndefined();
    expect(readFileSync(join(copy, 'x.csv'), 'utf8')).toMatch(/^sotto: /);
  });
});
