import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitsInMemory, makeDiskTarget } from '../../src/workspace/place.ts';
import { folder, policyOf, project } from './project.ts';

describe('fitsInMemory', () => {
  const large = 'x'.repeat(100_000);
  it.each([
    { description: 'fits', files: { a: large }, memory: 800_000, fits: true },
    { description: 'does not fit', files: { 'd/a': large, b: large }, memory: 400_000, fits: false },
    { description: 'fits without what is hidden', files: { a: large, 'secret/b': large }, memory: 800_000, fits: true },
    { description: 'fits without bulky folders', files: { 'p/node_modules/b': large }, memory: 400_000, fits: true },
    { description: 'fits without its history', files: { '.git/objects/b': large }, memory: 40_000, fits: true },
  ])('tells that a project $description', ({ files, memory, fits }) => {
    const root = project(files as Record<string, string>);
    expect(fitsInMemory({ root, policy: policyOf(root, { hide: ['secret/'] }), memory })).toBe(fits);
  });

  it('counts a sparse file by what it takes', () => {
    const root = project({ a: 'x' });
    execFileSync('truncate', ['-s', '4G', join(root, 'sparse')]);
    expect(fitsInMemory({ root, policy: policyOf(root), memory: 1_000_000 })).toBe(true);
  });
});

describe('makeDiskTarget', () => {
  it('makes a private folder and removes those of wrappers that are gone', () => {
    const below = join(folder(), 'copies');
    const first = makeDiskTarget(below);
    expect(statSync(first).mode & 0o777).toBe(0o700);
    expect(statSync(below).mode & 0o777).toBe(0o700);
    const dead = Number(execFileSync('sh', ['-c', 'echo $$']).toString());
    mkdirSync(join(below, `copy-${dead}-abc`));
    makeDiskTarget(below);
    expect(existsSync(join(below, `copy-${dead}-abc`))).toBe(false);
    expect(existsSync(first)).toBe(true);
  });
});
