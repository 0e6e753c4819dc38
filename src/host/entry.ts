import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds sotto's package.json: the same from `src/` (tests) and from `dist/` (the bundle). */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('internal error: package.json of sotto not found');
    folder = parent;
  }
  return folder;
}

/** Absolute path of a built program that runs in a thread or process of its own: `src/<room>/<name>.worker.ts`. */
export function workerFile(name: string): string {
  return join(packageRoot(), 'dist', `${name}.worker.js`);
}

/** Absolute path of the rule packs that come with sotto. */
export function patternsFolder(): string {
  return join(packageRoot(), 'patterns');
}

/** sotto's own version, from its package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
