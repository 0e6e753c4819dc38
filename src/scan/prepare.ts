import { createHash } from 'node:crypto';
import { packsThatExcept } from './allow.ts';
import { assemble, compileRule } from './compile.ts';
import { isDefault, loadCompiled } from './pack-cache.ts';
import { readPacks } from './packs.ts';
import type { PreparedScanner, ScannerOptions } from './scanner.ts';

/** Counts up when the engine finds other things in the same text with the same packs. */
const ENGINE_VERSION = 1;

/**
 * Loads and compiles the built-in packs and those of the options, for {@link createScanner} in this thread and in others.
 * @throws Refusal `scan.bad-pack`, `scan.pack-missing`
 */
export async function prepareScanner(options: ScannerOptions): Promise<PreparedScanner> {
  const builtIn = await loadCompiled();
  const packs = await readPacks(options.packs);
  const extra = packs.flatMap(({ rules }) => rules);
  const trusted = packsThatExcept(options.allow, new Date().toISOString());
  const exceptions = packs.flatMap((pack) => (trusted.has(pack.path) ? pack.exceptions : []));
  const asBuilt = extra.length === 0 && !options.personalData ? builtIn.compiled : undefined;
  const parts = async () => [...(await builtIn.parts()), ...extra.map(compileRule)];
  const compiled = asBuilt ?? assemble((await parts()).filter((part) => options.personalData || isDefault(part)));
  const hash = createHash('sha256').update(JSON.stringify([ENGINE_VERSION, builtIn.hash, extra, exceptions, options]));
  return { options, hash: hash.digest('hex'), compiled, exceptions };
}
