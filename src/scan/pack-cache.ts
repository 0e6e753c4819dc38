// The packs that come with sotto, read and compiled by the build: as YAML they take seconds, from here milliseconds.
// In a checkout, where packs are edited, the cache counts only while no pack file has changed since; an installed package
// has no `src` folder, and its packs do not change.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot, patternsFolder } from '../host/index.ts';
import { assemble, type Compiled, compileRule, type Part } from './compile.ts';
import { DETECTORS } from './detectors/index.ts';
import { type Frozen, freeze, thaw } from './freeze.ts';
import type { Rule } from './pack.ts';
import { type PackText, packNames, parseTexts, readBuiltIn } from './packs.ts';

/** What a scanner needs of the built-in packs. */
export interface BuiltIn {
  /** SHA-256 over the packs. */
  hash: string;
  /** Every rule by itself; read only where other packs or other options need tables of their own. */
  parts: () => Promise<readonly Part[]>;
  /** The tables for the rules that are on by default. */
  compiled?: Compiled;
}

interface CacheHead {
  hash: string;
  fingerprint: string;
  tables: Frozen;
}

const file = (name: string) => join(packageRoot(), 'dist', name);

/** Run by the build. @throws Refusal `scan.bad-pack` */
export async function writePackCache(): Promise<void> {
  const fingerprint = await fingerprintOf();
  const { texts, hash } = await readBuiltIn();
  const rules = parseTexts(texts);
  const parts = rules.map(compileRule);
  const { head: tables, body } = freeze(assemble(parts.filter(isDefault)));
  await writeFile(file('patterns.json'), JSON.stringify({ fingerprint, rules }));
  await writeFile(file('compiled.bin'), body);
  await writeFile(file('parts.json'), JSON.stringify(parts));
  const head: CacheHead = { hash, fingerprint, tables };
  await writeFile(file('compiled.json'), JSON.stringify(head));
}

/** The built-in packs ready for use, from the cache when it is fresh. */
export async function loadCompiled(): Promise<BuiltIn> {
  const head = read<CacheHead>('compiled.json');
  if (head !== undefined && (await isFresh(head.fingerprint))) {
    return {
      hash: head.hash,
      parts: async () => read<Part[]>('parts.json') ?? compilePacks((await readBuiltIn()).texts),
      compiled: thaw(head.tables, readShared(file('compiled.bin'))),
    };
  }
  const { texts, hash } = await readBuiltIn();
  return { hash, parts: async () => compilePacks(texts) };
}

/** @throws Refusal `scan.bad-pack` */
function compilePacks(texts: readonly PackText[]): Part[] {
  return parseTexts(texts).map(compileRule);
}

/** The built-in rules with their examples. @throws Refusal `scan.bad-pack` */
export async function loadBuiltIn(): Promise<Rule[]> {
  const cache = read<{ fingerprint: string; rules: Rule[] }>('patterns.json');
  if (cache !== undefined && (await isFresh(cache.fingerprint))) return cache.rules;
  return parseTexts((await readBuiltIn()).texts);
}

/** Rules on personal data are on only when policy says so. */
export function isDefault({ rule }: Part): boolean {
  return !rule.personalData;
}

function read<T>(name: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file(name), 'utf8')) as T;
  } catch {
    // No build yet, or one cut short: the YAML files are the truth, the cache only saves time.
    return undefined;
  }
}

/** A file in memory that worker threads share. */
function readShared(path: string): SharedArrayBuffer {
  const descriptor = openSync(path, 'r');
  try {
    const memory = new SharedArrayBuffer(fstatSync(descriptor).size);
    readSync(descriptor, new Uint8Array(memory));
    return memory;
  } finally {
    closeSync(descriptor);
  }
}

async function isFresh(fingerprint: string): Promise<boolean> {
  return !existsSync(join(packageRoot(), 'src')) || fingerprint === (await fingerprintOf());
}

/** Over names, sizes and times of the pack files, and over what the detectors look for. */
async function fingerprintOf(): Promise<string> {
  const digest = createHash('sha256');
  const folder = patternsFolder();
  for (const name of await packNames(folder)) {
    const { size, mtimeMs } = statSync(join(folder, name));
    digest.update(`${name}\0${size}\0${mtimeMs}\0`);
  }
  for (const { keywords } of DETECTORS) digest.update(JSON.stringify(keywords));
  return digest.digest('hex');
}
