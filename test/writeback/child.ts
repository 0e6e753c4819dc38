// The writer of fixtures/writer.ts as a process of its own, over a project and a copy that the test made.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/host/index.ts';
import type { Said } from './fixtures/writer.ts';
import { folder, type Ready, rules } from './session.ts';

/** Bundles the writer beside the build, where its packages and its thread are found. */
export async function buildWriter(): Promise<{ file: string; dispose(): void }> {
  const file = join(packageRoot(), 'dist', `test-writer-${process.pid}.mjs`);
  const entry = join(import.meta.dirname, 'fixtures/writer.ts');
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return { file, dispose: () => rmSync(file, { force: true }) };
}

/**
 * Writes down what the writer starts from.
 * @param options.moved the project's files are other ones by then, with the same content
 * @returns the file's name, the writer's argument
 */
export function saidTo(at: Ready, sessions: string, mode: Said['mode'], options: { moved?: boolean } = {}): string {
  const secrets = [...at.vault.entries()].flatMap(({ rule, secret, origins }) =>
    [...origins].map((origin) => ({ rule, secret, origin })),
  );
  const said: Said = {
    root: at.root,
    copy: at.copy,
    journal: join(sessions, 'one'),
    mode,
    moved: options.moved === true,
    writeback: rules({ fsync: true }),
    key: Buffer.from(at.vault.key).toString('hex'),
    secrets,
    snapshot: JSON.stringify([...at.workspace.snapshot], (_key, value) =>
      typeof value === 'bigint' ? `${value}n` : value,
    ),
  };
  const file = join(folder(), 'said.json');
  writeFileSync(file, JSON.stringify(said));
  return file;
}
