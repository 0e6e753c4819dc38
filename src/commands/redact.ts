// `sotto redact SRC DST`: a redacted copy of a tree on disk. Made for measurements and for handing a tree to somebody else;
// a session has its own copy in memory (workspace/). The vault dies with the command: this copy cannot be restored.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { createVault, redactBytes } from '../redact/index.ts';
import { createScanner, prepareScanner, walk } from '../scan/index.ts';
import { type Io, processIo } from './io.ts';

export interface RedactOptions {
  /** Redact every text file; no path rules, nothing left out. */
  allText?: boolean;
  personalData?: boolean;
}

export async function redact(source: string, target: string, options: RedactOptions, io: Io): Promise<number> {
  const prepared = await prepareScanner({ packs: [], allow: [], personalData: options.personalData === true });
  const scanner = createScanner(prepared);
  const vault = createVault();
  const counts = new Map<string, number>();
  let files = 0;
  for await (const { file, path } of walk(resolve(source))) {
    const bytes = await readFile(file);
    const { kind, findings } = scanner.scanBytes(bytes, { path });
    const copy =
      kind === 'text' ? redactBytes(bytes, findings, (rule, secret) => vault.place(rule, secret, path)).bytes : bytes;
    if (kind === 'text') for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    await writeCopy(join(target, path), copy, (await stat(file)).mode);
    files++;
  }
  for (const [rule, count] of [...counts].sort((a, b) => b[1] - a[1]))
    io.out(`${String(count).padStart(7)}  ${rule}\n`);
  io.out(`${files} files, ${[...counts.values()].reduce((sum, count) => sum + count, 0)} findings\n`);
  return 0;
}

async function writeCopy(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes, { mode: mode & 0o777 });
}

export function redactCommand(): Command {
  return new Command('redact')
    .description('make a redacted copy of a tree')
    .argument('<source>', 'folder to copy')
    .argument('<target>', 'folder to make')
    .option('--all-text', 'redact every text file, without path rules')
    .option('--personal-data', 'look for personal data as well')
    .action(async (source: string, target: string, options: RedactOptions) => {
      process.exitCode = await redact(source, target, options, processIo);
    });
}
