// Where rule packs lie and how they are read: the built-in ones under `patterns/`, and those that policy names by path.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { packageRoot, patternsFolder } from '../host/index.ts';
import { parsePack, type Rule } from './pack.ts';

/** A pack's text and its name in messages. */
export interface PackText {
  file: string;
  text: string;
}

/** The texts of the packs that come with sotto, and a SHA-256 over them. */
export async function readBuiltIn(): Promise<{ texts: PackText[]; hash: string }> {
  const texts = await readPatterns(patternsFolder());
  const digest = createHash('sha256');
  for (const { file, text } of texts) digest.update(`${file}\0${text}\0`);
  return { texts, hash: digest.digest('hex') };
}

/** @throws Refusal `scan.bad-pack` */
export function parseTexts(texts: readonly PackText[]): Rule[] {
  return texts.flatMap(({ file, text }) => parsePack(text, file).rules);
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
    const texts = info.isDirectory() ? await readPatterns(pack) : [{ file: pack, text: await readFile(pack, 'utf8') }];
    rules.push(...parseTexts(texts));
  }
  return rules;
}

/** Names of the YAML files under a folder, sorted; `paths/` holds packs of path patterns, which are policy's. */
export async function packNames(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  return names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('paths/')).sort();
}

/** All packs under a folder, unparsed. */
export async function readPatterns(folder: string): Promise<PackText[]> {
  const names = await packNames(folder);
  return Promise.all(
    names.map(async (name) => ({
      file: relative(packageRoot(), join(folder, name)),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}
