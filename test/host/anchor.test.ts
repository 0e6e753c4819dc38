import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Anchor, holdFolder, openAnchor } from '../../src/host/index.ts';

const folders: string[] = [];
const anchors: Anchor[] = [];
afterEach(() => {
  for (const anchor of anchors.splice(0)) anchor.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function made(files: Record<string, string> = {}): string {
  const top = mkdtempSync(join(tmpdir(), 'sotto-anchor-'));
  folders.push(top);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(top, name, '..'), { recursive: true });
    writeFileSync(join(top, name), content);
  }
  return top;
}

function anchored(top: string): Anchor {
  const anchor = openAnchor(top);
  anchors.push(anchor);
  return anchor;
}

const file = { bytes: Buffer.from('new'), mode: 0o640, fsync: false };

describe('an anchor', () => {
  it('reads, lists, writes, moves and removes below its folder', () => {
    const top = made({ 'd/a': 'one' });
    const anchor = anchored(top);
    expect(anchor.read('d/a')?.bytes.toString()).toBe('one');
    expect(anchor.list('d')).toEqual(['a']);
    anchor.create('d/n', file);
    expect([readFileSync(join(top, 'd/n'), 'utf8'), lstatSync(join(top, 'd/n')).mode & 0o777]).toEqual(['new', 0o640]);
    anchor.mkdir('e', 0o750);
    anchor.rename('d/n', 'e/n');
    anchor.link('e/n', 'e/m');
    anchor.symlink('n', 'e/l');
    anchor.unlink('d/a');
    anchor.rmdir('d');
    anchor.chmod('e/n', 0o600);
    expect(readdirSync(top, { recursive: true }).sort()).toEqual(['e', 'e/l', 'e/m', 'e/n']);
    expect([readlinkSync(join(top, 'e/l')), lstatSync(join(top, 'e/n')).mode & 0o777]).toEqual(['n', 0o600]);
  });

  it('never follows a link on the way', () => {
    const elsewhere = made({ 'e/a': 'untouched' });
    const top = made();
    symlinkSync(elsewhere, join(top, 'd'));
    const anchor = anchored(top);
    expect([anchor.look('d/e/a'), anchor.read('d/e/a'), anchor.list('d/e'), anchor.list('d')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const act of [
      () => anchor.create('d/n', file),
      () => anchor.create('d/e/n', file),
      () => anchor.unlink('d/e/a'),
      () => anchor.rename('d/e/a', 'stolen'),
      () => anchor.mkdir('d/n', 0o755),
      () => anchor.symlink('x', 'd/n'),
      () => anchor.chmod('d/e', 0o700),
      () => holdFolder(top, 'd/e'),
    ])
      expect(act).toThrow(/ELOOP|ENOTDIR/);
    expect(readdirSync(elsewhere, { recursive: true }).sort()).toEqual(['e', 'e/a']);
  });

  it('does not follow a link at the end either', () => {
    const elsewhere = made({ a: 'untouched' });
    const top = made();
    symlinkSync(join(elsewhere, 'a'), join(top, 'l'));
    const anchor = anchored(top);
    expect(anchor.look('l')?.isSymbolicLink()).toBe(true);
    expect(anchor.read('l')).toBeUndefined();
    expect(() => anchor.create('l', file)).toThrow('EEXIST');
    anchor.chmod('l', 0o600);
    expect(lstatSync(join(elsewhere, 'a')).mode & 0o777).not.toBe(0o600);
  });

  it('refuses steps that are no names', () => {
    const anchor = anchored(made({ a: '1', 'd/x': '2' }));
    for (const path of ['../a', 'd/../a', './a', 'd//a', 'a\0b'])
      expect(() => anchor.look(path)).toThrow('internal error');
  });

  it('takes names of any bytes', () => {
    const anchor = anchored(made());
    anchor.create('f\xff\n', file);
    expect(anchor.list('')).toEqual(['f\xff\n']);
    expect(anchor.read('f\xff\n')?.bytes.toString()).toBe('new');
  });

  it('is not stopped by a pipe', () => {
    const top = made();
    execFileSync('mkfifo', [join(top, 'pipe')]);
    expect(anchored(top).read('pipe')).toBeUndefined();
  });

  it('stays on its folder when that is renamed', () => {
    const top = made({ a: 'one' });
    const anchor = anchored(top);
    renameSync(top, `${top}-moved`);
    folders.push(`${top}-moved`);
    expect(anchor.read('a')?.bytes.toString()).toBe('one');
  });

  it('leaves no descriptor open', () => {
    const top = made({ 'd/e/a': 'one', 'd/f/b': 'two' });
    const before = readdirSync('/proc/self/fd').length;
    const anchor = openAnchor(top);
    anchor.read('d/e/a');
    anchor.rename('d/e/a', 'd/f/a');
    anchor.look('d/nothing/at/all');
    expect(() => anchor.mkdir('d/f', 0o755)).toThrow('EEXIST');
    holdFolder(top, 'd/f').close();
    expect(() => holdFolder(top, 'd/x')).toThrow('ENOENT');
    anchor.close();
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});
