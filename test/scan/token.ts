import { fileURLToPath } from 'node:url';
import { createScanner, prepareScanner, type Scanner } from '../../src/scan/index.ts';

/** A made-up token in GitHub's shape with right check digits, put together at run time. */
export const TOKEN = ['ghp', `${'a1B2c3D4e5'.repeat(3)}3tDovh`].join('_');

/** A pack with the one rule that {@link TOKEN} fits. */
export const PACK = fileURLToPath(new URL('./fixtures/github.yaml', import.meta.url));

export async function scannerOfPack(): Promise<Scanner> {
  return createScanner(await prepareScanner({ packs: [PACK], allow: [], personalData: false }));
}
