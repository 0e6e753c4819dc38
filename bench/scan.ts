// The engine on a tree of your own, beside whichever other scanners are on PATH, in one run; what counts is the ratio.
//   npm run bench:scan -- PATH
// MB per CPU-second: user and system time of the whole process for the others, of the scan alone for the engine, cold (first
// pass of the process) and warm. The slow ones get a sample of the tree, so that a run stays short.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { locate, packageRoot } from '../src/host/index.ts';
import { createScanner, prepareScanner, scanTree, type TreeFile, walk } from '../src/scan/index.ts';

const MOST = 200_000_000;
const SAMPLE = 2_000_000;
const PASSES = 3;
const MOST_SECONDS = 120;
/** Exit statuses of a program that was not found, and of one that used up its CPU time. */
const NO_RESULT = [126, 127, 137, 152];
const OPTIONS = { packs: [], allow: [], personalData: false };

/** Another scanner, and how it is asked to look at a folder. */
export interface Tool {
  name: string;
  file: string;
  args: (folder: string) => string[];
  /** Gets the sample only. */
  slow: boolean;
}

const PRESET = JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] });

const TOOLS: readonly Omit<Tool, 'file'>[] = [
  { name: 'secretlint', args: (folder) => ['--secretlintrcJSON', PRESET, `${folder}/**/*`], slow: true },
  { name: 'gitleaks', args: (folder) => ['dir', '--no-banner', '--exit-code', '0', folder], slow: true },
  { name: 'betterleaks', args: (folder) => ['dir', '--no-banner', '--exit-code', '0', folder], slow: false },
  { name: 'kingfisher', args: (folder) => ['scan', '--no-validate', folder], slow: false },
  { name: 'rg', args: (folder) => ['-uuu', '-c', 'password|secret|token', folder], slow: false },
];

export async function bench(args: readonly string[]): Promise<number> {
  const [mode, given] = args.length > 1 ? args : [undefined, args[0]];
  if (given === undefined) {
    process.stderr.write('usage: npm run bench:scan -- PATH\n');
    return 2;
  }
  const tree = resolve(given);
  if (mode === '--threads') return threads(tree);
  const files = await filesOf(tree);
  const own = await engine(files);
  console.log(`${own.files} files, ${(own.bytes / 1e6).toFixed(1)} MB, ${own.rules} rules`);
  console.log(`start-up of the engine      ${own.startMs.toFixed(0)} ms`);
  console.log(`peak memory, 2 workers      ${peakMemory(tree)} MB\n`);
  console.log('                            MB per CPU-second   the engine, warm, is so many times as fast');
  row('the engine, cold', own.cold, own.warm);
  row('the engine, warm', own.warm, own.warm);
  const sample = makeSample(files);
  const { found, missing } = toolsOn(process.env.PATH ?? '');
  for (const tool of found) {
    const where = tool.slow ? sample : { folder: tree, bytes: own.bytes };
    const seconds = cpuSeconds(tool.file, tool.args(where.folder));
    row(tool.slow ? `${tool.name} (sample)` : tool.name, seconds && where.bytes / 1e6 / seconds, own.warm);
  }
  if (missing.length > 0) console.log(`\nnot on PATH: ${missing.join(', ')}`);
  rmSync(sample.folder, { recursive: true });
  return 0;
}

/** The scanners that are installed; the others are told of by name. */
export function toolsOn(path: string): { found: Tool[]; missing: string[] } {
  const found = TOOLS.flatMap((tool): Tool[] => {
    const file = locate(tool.name, path);
    return file === undefined ? [] : [{ ...tool, file }];
  });
  const names = new Set(found.map(({ name }) => name));
  return { found, missing: TOOLS.map(({ name }) => name).filter((name) => !names.has(name)) };
}

export interface Speed {
  files: number;
  bytes: number;
  rules: number;
  startMs: number;
  /** MB per CPU-second. */
  cold: number;
  warm: number;
}

/** Measures the engine in this thread, on contents that are in memory. */
export async function engine(files: readonly TreeFile[]): Promise<Speed> {
  const began = performance.now();
  const scanner = createScanner(await prepareScanner(OPTIONS));
  const startMs = performance.now() - began;
  const contents = files.map(({ file, path }) => ({ path, bytes: readFileSync(file) }));
  const bytes = contents.reduce((sum, one) => sum + one.bytes.length, 0);
  const speeds: number[] = [];
  for (let pass = 0; pass <= PASSES; pass++) {
    const before = process.cpuUsage();
    for (const one of contents) scanner.scanBytes(one.bytes, { path: one.path });
    const { user, system } = process.cpuUsage(before);
    speeds.push(bytes / Math.max(user + system, 1));
  }
  return {
    files: files.length,
    bytes,
    rules: scanner.ruleCount,
    startMs,
    cold: speeds[0]!,
    warm: Math.max(...speeds.slice(1)),
  };
}

/** The files of a tree, up to so many bytes. */
export async function filesOf(tree: string, most = MOST): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  let bytes = 0;
  for await (const file of walk(tree)) {
    bytes += statSync(file.file).size;
    if (bytes > most) break;
    files.push(file);
  }
  return files;
}

/** Run in a process of its own: scans with two workers and prints the peak of its memory in MB. */
async function threads(tree: string): Promise<number> {
  await scanTree({ prepared: await prepareScanner(OPTIONS), roots: [tree], threads: 2 });
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  return 0;
}

function peakMemory(tree: string): string {
  const here = pathToFileURL(join(packageRoot(), 'dist', 'bench', 'scan.js')).href;
  const script = `import(${JSON.stringify(here)}).then(({ bench }) => bench(['--threads', process.argv[1]]))`;
  const { stdout } = spawnSync(process.execPath, ['-e', script, tree], { encoding: 'utf8' });
  return stdout.trim() || 'unknown:';
}

/** Every n-th file, so that each folder is in it. */
function makeSample(files: readonly TreeFile[]): { folder: string; bytes: number } {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const total = files.reduce((sum, { file }) => sum + statSync(file).size, 0);
  const step = Math.max(Math.ceil(total / SAMPLE), 1);
  let bytes = 0;
  for (let at = 0; at < files.length; at += step) {
    const { file, path } = files[at]!;
    bytes += statSync(file).size;
    const copy = join(folder, path);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(file, copy);
  }
  return { folder, bytes };
}

/** CPU time of a program to its end, or undefined when it took too much; the shell's `times` tells it. */
export function cpuSeconds(file: string, args: readonly string[], most = MOST_SECONDS): number | undefined {
  const script = `ulimit -t ${most}; "$@" >/dev/null 2>&1; status=$?; times; exit $status`;
  const cwd = packageRoot();
  const run = spawnSync('sh', ['-c', script, 'sh', file, ...args], { encoding: 'utf8', cwd });
  if (run.error !== undefined || run.status === null || NO_RESULT.includes(run.status)) return undefined;
  const children = run.stdout.trim().split('\n').at(-1) ?? '';
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map((match) => Number(match[1]) * 60 + Number(match[2]));
  return seconds.length === 2 ? seconds[0]! + seconds[1]! : undefined;
}

function row(name: string, speed: number | undefined, own: number): void {
  const cells =
    speed === undefined ? ['did not end'] : [speed.toFixed(1).padStart(17), (own / speed).toFixed(1).padStart(14)];
  console.log(`${name.padEnd(28)}${cells.join('')}`);
}
