// Where rule packs lie and how they are read: the built-in ones under `patterns/`, and those that policy names by path.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { packageRoot, patternsFolder } from '../host/index.ts';
import { readGitleaks } from './foreign/gitleaks.ts';
import type { PackContent } from './foreign/pack-content.ts';
import { readSecretlintrc } from './foreign/secretlintrc.ts';
import { badPack, parsePack, type Rule } from './pack.ts';

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

/** A pack that policy names. */
export interface NamedPack extends PackContent {
  /** As policy names it. */
  path: string;
}

/**
 * The packs at these paths: a YAML file, a `.gitleaks.toml`, a `.secretlintrc`, a folder of YAML files, or an installed npm package.
 * @throws Refusal `scan.bad-pack`, `scan.pack-missing`
 */
export async function readPacks(packs: readonly string[]): Promise<NamedPack[]> {
  const read: NamedPack[] = [];
  for (const path of packs) {
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) throw new Refusal('scan.pack-missing', { file: path });
    const files = info.isDirectory() ? await filesOf(path) : [path];
    const contents = await Promise.all(files.map(async (file) => contentOf(await textOf(file), file)));
    read.push({
      path,
      rules: contents.flatMap(({ rules }) => rules),
      exceptions: contents.flatMap(({ exceptions }) => exceptions),
    });
  }
  return read;
}

/** The rules of packs. @throws Refusal `scan.bad-pack`, `scan.pack-missing` */
export async function loadPacks(packs: readonly string[]): Promise<Rule[]> {
  return (await readPacks(packs)).flatMap(({ rules }) => rules);
}

async function textOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Refusal('scan.pack-missing', { file });
  return text.replace(/^\ufeff/, '');
}

/** What a file is, its name says; anything else is a pack of ours, whose reader refuses what it does not know. */
function contentOf(text: string, file: string): PackContent {
  const name = basename(file);
  if (name.endsWith('.toml')) return readGitleaks(text, file);
  if (/^\.?secretlintrc(\.(json|ya?ml))?$/.test(name)) return readSecretlintrc(text, file);
  return { rules: parsePack(text, file).rules, exceptions: [] };
}

/** The packs in a folder; a package can name its own: `"sotto": { "packs": ["rules.yaml"] }` in its package.json. */
async function filesOf(folder: string): Promise<string[]> {
  const manifest = join(folder, 'package.json');
  const text = await readFile(manifest, 'utf8').catch(() => undefined);
  const named = text === undefined ? undefined : packsOf(text, manifest);
  const names = named ?? (await packNames(folder));
  if (names.length === 0) throw badPack(folder, 1, 'there is no pack in this folder');
  return names.map((name) => join(folder, name));
}

/** Data only: nothing of a package runs, and it names no file outside itself. */
function packsOf(text: string, file: string): string[] | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw badPack(file, 1, 'this is not JSON');
  }
  const packs = (manifest as { sotto?: { packs?: unknown } } | null)?.sotto?.packs;
  if (packs === undefined) return undefined;
  const good =
    Array.isArray(packs) && packs.every((one) => typeof one === 'string' && !/^[/\\]|(^|[/\\])\.\.([/\\]|$)/.test(one));
  if (!good) throw badPack(file, 1, 'sotto.packs: must be a list of files in the package');
  return packs as string[];
}

/** Names of the YAML files under a folder, sorted; `paths/` holds packs of path patterns, which are policy's. */
export async function packNames(folder: string): Promise<string[]> {
  const names = namesUnder(folder);
  return names.filter((name) => /\.ya?ml$/.test(name) && !/^paths\/|(^|\/)node_modules\//.test(name)).sort();
}

/** At once: asked for one by one, two thousand folders take four times as long, and that at every start in a checkout. */
function namesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
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
