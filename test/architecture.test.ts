// Holds the order of the rooms: a room imports only rooms that stand before it here, and only through their index.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/host/index.ts';

const ROOMS = [
  'errors',
  'host',
  'policy',
  'scan',
  'redact',
  'workspace',
  'sandbox',
  'ledger',
  'account',
  'gateway',
  'writeback',
  'session',
  'rehearsal',
  'report',
  'tui',
  'commands',
];

/** Foreign packages and their one door. */
const DOORS: Record<string, string> = {
  execa: 'host/process.ts',
  'node-pty': 'session/pty.ts',
  micromatch: 'policy/names.ts',
  '@secretlint/types': 'scan/detectors/secretlint.ts',
  '@secretlint/secretlint-rule-preset-recommend': 'scan/detectors/secretlint.ts',
};

const src = join(packageRoot(), 'src');
const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((file) => /\.tsx?$/.test(file));

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
}

const roomOf = (file: string) => file.split('/')[0] as string;

describe('architecture', () => {
  it('has only the rooms of the list', () => {
    const rooms = new Set(files.filter((file) => file.includes('/')).map(roomOf));
    expect([...rooms].filter((room) => !ROOMS.includes(room))).toEqual([]);
    expect(files.filter((file) => !file.includes('/'))).toEqual(['main.ts']);
  });

  it.each(
    files.filter((file) => file.includes('/')),
  )('%s imports only rooms before its own, through their index', (file) => {
    const own = ROOMS.indexOf(roomOf(file));
    for (const spec of importsOf(file).filter((spec) => spec.startsWith('.'))) {
      const target = relative(src, resolve(dirname(join(src, file)), spec));
      if (roomOf(target) === roomOf(file)) {
        expect(target, `${file} imports its own index`).not.toBe(`${roomOf(file)}/index.ts`);
        continue;
      }
      expect(ROOMS.indexOf(roomOf(target)), `${file} imports ${target}`).toBeLessThan(own);
      expect(target, `${file} passes by the index of ${roomOf(target)}`).toBe(`${roomOf(target)}/index.ts`);
    }
  });

  it('gives each foreign package one door', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((spec) => DOORS[spec] !== undefined && DOORS[spec] !== file)
        .map((spec) => `${file} imports ${spec}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the pure files pure', () => {
    const pure = files.filter(
      (file) => file.startsWith('redact/') || file === 'writeback/diff.ts' || file === 'writeback/reconcile.ts',
    );
    const impure = pure.filter((file) => importsOf(file).some((spec) => /^(node:)?(fs|child_process|net)/.test(spec)));
    expect(impure).toEqual([]);
  });

  it('reads platform, environment and working directory in host/ only', () => {
    const wrong = files.filter(
      (file) =>
        !file.startsWith('host/') && /\bprocess\.(env|platform|cwd)\b/.test(readFileSync(join(src, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });
});
