// Bundles src/main.ts and every src/**/*.worker.ts (programs that run in a thread or a process of their own)
// into dist/. Most packages are bundled too: resolving and compiling their hundreds of files takes longer than all the rest
// of a start. External stay those with native parts, and those that are loaded only when they are needed.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function workers() {
  return readdirSync(join(root, 'src'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.worker.ts'))
    .map((file) => join(root, 'src', file));
}

const EXTERNAL = ['node-pty', 'ink', 'react', 'react/jsx-runtime', '@secretlint/*', '@opentelemetry/*', 'esbuild'];

/** CommonJS packages in an ES module bundle still call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

export async function build() {
  const { build: bundle } = await import('esbuild');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const options = {
    entryNames: '[name]',
    outdir: join(root, 'dist'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: EXTERNAL,
    banner: { js: REQUIRE },
    legalComments: 'linked',
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: false,
    logLevel: 'warning',
  };
  await bundle({ ...options, entryPoints: [join(root, 'src/main.ts')], splitting: true });
  const caches = ['src/scan/pack-cache.ts', 'src/policy/path-packs.ts'];
  await bundle({ ...options, entryPoints: caches.map((file) => join(root, file)) });
  // Each worker by itself: in chunks shared with main it would load every package that main needs, and a thread that copies
  // files would start with a schema library.
  await bundle({ ...options, entryPoints: workers() });
  const { writePackCache } = await import(`${pathToFileURL(join(root, 'dist/pack-cache.js')).href}?${Date.now()}`);
  await writePackCache();
  const { writePathPackCache } = await import(`${pathToFileURL(join(root, 'dist/path-packs.js')).href}?${Date.now()}`);
  await writePathPackCache();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build();
