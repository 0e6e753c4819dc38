// Run by the build: parses the built-in packs once, so that a start reads JSON (10 ms) and not YAML (a second).
import { writeFile } from 'node:fs/promises';
import { packCacheFile, parsePatterns } from './prepare.ts';

/** Writes the parsed built-in packs into `dist/`. @throws Refusal `scan.bad-pack` */
export async function writePackCache(): Promise<void> {
  await writeFile(packCacheFile(), JSON.stringify(await parsePatterns()));
}
