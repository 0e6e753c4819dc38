// Making the working copy beside `cp -a`, onto the same tmpfs and onto disk, in one run; what counts is the ratio.
//   npm run bench:workspace                 trees of 1,000 and 10,000 made-up files
//   npm run bench:workspace -- --large      and of 100,000
//   npm run bench:workspace -- PATH         a tree of your own
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/host/index.ts';
import { loadPolicy } from '../src/policy/index.ts';
import { createVault } from '../src/redact/index.ts';
import { prepareScanner } from '../src/scan/index.ts';
import { createWorkspace } from '../src/workspace/index.ts';

const MEMORY = '/dev/shm';
const RUNS = 3;

export async function bench(args: readonly string[]): Promise<number> {
  const path = args.find((arg) => !arg.startsWith('--'));
  const trees = path ? [path] : [1000, 10_000, ...(args.includes('--large') ? [100_000] : [])].map(makeTree);
  console.log('files    MB      workspace ms   cp -a tmpfs ms   ratio   cp -a disk ms   ratio   redacted   extra MB');
  for (const tree of trees) {
    console.log(await row(tree));
    if (path === undefined) rmSync(tree, { recursive: true });
  }
  return 0;
}

async function row(tree: string): Promise<string> {
  const made = await best(() => create(tree));
  const memory = await best(async () => copy(tree, MEMORY));
  const disk = await best(async () => copy(tree, tmpdir()), 1);
  const cells = [
    String(made.files).padEnd(8),
    (made.bytes / 1e6).toFixed(0).padEnd(7),
    made.ms.toFixed(0).padEnd(14),
    memory.ms.toFixed(0).padEnd(16),
    (made.ms / memory.ms).toFixed(2).padEnd(7),
    disk.ms.toFixed(0).padEnd(15),
    (made.ms / disk.ms).toFixed(2).padEnd(7),
    String(made.redacted).padEnd(10),
    made.extra.toFixed(0),
  ];
  return cells.join(' ');
}

/** One run: the scanner is prepared before, because a session prepares it while policy is asked. */
async function create(root: string) {
  const policy = await loadPolicy({ root, home: '/nonexistent', env: {}, systemFolder: '/nonexistent' });
  const prepared = await prepareScanner(policy.scan);
  const target = mkdtempSync(join(MEMORY, 'sotto-bench-'));
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const workspace = await createWorkspace({ root, target, policy, prepared, vault: createVault() });
  const ms = performance.now() - start;
  const extra = (process.memoryUsage.rss() - before) / 1e6;
  const { files, bytes, redactedFiles } = workspace.report;
  await workspace.dispose();
  return { ms, files, bytes, redacted: redactedFiles.length, extra };
}

function copy(tree: string, place: string) {
  const target = mkdtempSync(join(place, 'sotto-bench-'));
  const start = performance.now();
  execFileSync('cp', ['-a', `${tree}/.`, target]);
  const ms = performance.now() - start;
  rmSync(target, { recursive: true });
  return { ms };
}

async function best<T extends { ms: number }>(run: () => Promise<T>, runs: number = RUNS): Promise<T> {
  let found: T | undefined;
  for (let count = 0; count < runs; count++) {
    const one = await run();
    if (found === undefined || one.ms < found.ms) found = one;
  }
  return found as T;
}

/** Files cut from our own sources, 7 kB in the middle, 40 to a folder; one in fifty holds a made-up secret. */
function makeTree(count: number): string {
  const root = mkdtempSync(join(tmpdir(), 'sotto-bench-tree-'));
  const src = join(packageRoot(), 'src');
  const sources = readdirSync(src, { recursive: true }).map(String);
  const text = sources
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(src, file), 'utf8'))
    .join('');
  for (let n = 0; n < count; n++) {
    const folder = join(root, `p${Math.floor(n / 1600)}`, `d${Math.floor(n / 40) % 40}`);
    if (n % 40 === 0) mkdirSync(folder, { recursive: true });
    const size = 200 + ((n * 7919) % 13_600);
    const from = (n * 104_729) % (text.length - size);
    const secret = n % 50 === 0 ? `\npassword = "${['k7', 'Qz9', 'xW2', 'mP4', 'vB8', n].join('')}"\n` : '';
    writeFileSync(join(folder, `f${n}.ts`), text.slice(from, from + size) + secret);
  }
  return root;
}
