import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { packageRoot, patternsFolder } from '../host/index.ts';
import { compile } from './compile.ts';
import { parsePack, type Rule } from './pack.ts';
import type { PreparedScanner, ScannerOptions } from './scanner.ts';

/** Counts up when the engine finds other things in the same text with the same packs. */
const ENGINE_VERSION = 1;

/** The built-in rules, parsed once by the build; used while `hash` is that of the packs. */
export interface PackCache {
  hash: string;
  rules: Rule[];
}

/** Where the build lays the built-in rules as JSON: reading them as YAML takes a second. */
export function packCacheFile(): string {
  return join(packageRoot(), 'dist', 'patterns.json');
}

/**
 * Loads and compiles the built-in packs and those of the options, for {@link createScanner} in this thread and in others.
 * @throws Refusal `scan.bad-pack`, `scan.pack-missing`
 */
export async function prepareScanner(options: ScannerOptions): Promise<PreparedScanner> {
  const hash = createHash('sha256').update(`engine ${ENGINE_VERSION}\n`);
  const builtIn = await loadBuiltIn();
  hash.update(builtIn.hash);
  const extra = await loadPacks(options.packs);
  hash.update(JSON.stringify(extra));
  const rules = [...builtIn.rules, ...extra];
  const wanted = rules.filter((rule) => options.personalData || !rule.personalData);
  hash.update(JSON.stringify([options.personalData, options.allow]));
  return { options, hash: hash.digest('hex'), compiled: compile(wanted) };
}

/**
 * The rules of packs named by path: a YAML file, or a folder of them.
 * @throws Refusal `scan.bad-pack`, `scan.pack-missing`
 */
export async function loadPacks(packs: readonly string[]): Promise<Rule[]> {
  const rules: Rule[] = [];
  for (const pack of packs) {
    const info = await stat(pack).catch(() => undefined);
    if (info === undefined) throw new Refusal('scan.pack-missing', { file: pack });
    const files = info.isDirectory() ? await readPatterns(pack) : [{ file: pack, text: await readFile(pack, 'utf8') }];
    rules.push(...files.flatMap(({ file, text }) => parsePack(text, file).rules));
  }
  return rules;
}

/** The rules of the packs that come with sotto, from the build's cache when it is fresh. */
export async function loadBuiltIn(): Promise<PackCache> {
  const packs = await readPatterns(patternsFolder());
  const cache = await readCache();
  return cache?.hash === hashOf(packs) ? cache : parseAll(packs);
}

/** Parses the packs that come with sotto, whatever the cache holds. */
export async function parsePatterns(): Promise<PackCache> {
  return parseAll(await readPatterns(patternsFolder()));
}

function parseAll(packs: readonly { file: string; text: string }[]): PackCache {
  return { hash: hashOf(packs), rules: packs.flatMap(({ file, text }) => parsePack(text, file).rules) };
}

function hashOf(packs: readonly { file: string; text: string }[]): string {
  const digest = createHash('sha256');
  for (const { file, text } of packs) digest.update(`${file}\0${text}\0`);
  return digest.digest('hex');
}

async function readCache(): Promise<PackCache | undefined> {
  try {
    return JSON.parse(await readFile(packCacheFile(), 'utf8')) as PackCache;
  } catch {
    // No build yet, or one cut short: the YAML files are the truth, the cache only saves time.
    return undefined;
  }
}

/** All YAML files under a folder, sorted by path. */
export async function readPatterns(folder: string): Promise<{ file: string; text: string }[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  // `paths/` holds packs of path patterns: they are policy's.
  const files = names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('paths/')).sort();
  return Promise.all(
    files.map(async (name) => ({
      file: relative(packageRoot(), join(folder, name)),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}
