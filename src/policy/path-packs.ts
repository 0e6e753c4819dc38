// The path packs that come with sotto: policy files like any other. As YAML they take longer to read than the rest of the
// start, so the build lays them down as JSON; in a checkout that counts only while no pack file has changed since.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, patternsFolder } from '../host/index.ts';
import { readPolicyText } from './layers.ts';
import type { Layer } from './merge.ts';
import type { PolicyFile } from './schema.ts';

interface Cache {
  fingerprint: string;
  packs: Pack[];
}

interface Pack {
  name: string;
  content: PolicyFile;
}

const folder = () => join(patternsFolder(), 'paths');
const cacheFile = () => join(packageRoot(), 'dist', 'path-packs.json');

/** The layers of the built-in packs, read once. */
export function readBuiltInLayers(): Promise<Layer[]> {
  layers ??= readPacks().then((packs) =>
    packs.map(({ name, content }) => ({ name, content, mayLoosen: true, mayLock: false, builtIn: true })),
  );
  return layers;
}

let layers: Promise<Layer[]> | undefined;

/** Run by the build. @throws Refusal `policy.invalid` */
export async function writePathPackCache(): Promise<void> {
  const cache: Cache = { fingerprint: fingerprintOf(), packs: await parsePacks() };
  writeFileSync(cacheFile(), JSON.stringify(cache));
}

async function readPacks(): Promise<Pack[]> {
  const cache = readCache();
  return cache !== undefined && isFresh(cache) ? cache.packs : parsePacks();
}

function readCache(): Cache | undefined {
  try {
    return JSON.parse(readFileSync(cacheFile(), 'utf8')) as Cache;
  } catch {
    // No build yet, or one cut short: the YAML files are the truth, the cache only saves time.
    return undefined;
  }
}

/** An installed package has no `src` folder, and its packs do not change. */
function isFresh(cache: Cache): boolean {
  return !existsSync(join(packageRoot(), 'src')) || cache.fingerprint === fingerprintOf();
}

function packFiles(): string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith('.yaml'))
    .sort();
}

function fingerprintOf(): string {
  return packFiles()
    .map((file) => {
      const { size, mtimeMs } = statSync(join(folder(), file));
      return `${file} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

async function parsePacks(): Promise<Pack[]> {
  const texts = await Promise.all(
    packFiles().map((file) =>
      readPolicyText({
        path: join(folder(), file),
        name: `built-in:${file.slice(0, -'.yaml'.length)}`,
        mayLoosen: true,
        mayLock: false,
      }),
    ),
  );
  return texts.flatMap((text) => (text === undefined ? [] : [{ name: text.place.name, content: text.content }]));
}
