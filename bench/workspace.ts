// Making the working copy (walk, read, scan, redact, write) beside `cp -a`, onto the same tmpfs and onto disk, in one run; what counts is
// the ratio. Each session is a process of its own, as in life: `first` knows nothing of the tree, `again` has the marks that the
// first one kept. On a busy machine the processor time (cpu, user and system of all threads) tells more than the clock.
//   npm run bench:workspace                 trees of 1,000 and 10,000 made-up files
//   npm run bench:workspace -- --large      and of 100,000, once in folders and once in a single one
//   npm run bench:workspace -- --git        10,000 files in a repository of 200 commits, with and without their history
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

interface Cost {
  ms: number;
  cpu: number;
}

interface Made extends Cost {
  files: number;
  bytes: number;
  redacted: number;
  /** Peak memory of the process above what it held before, in MB. */
  extra: number;
}

export async function bench(args: readonly string[]): Promise<number> {
  const path = args.find((arg) => !arg.startsWith('--'));
  console.log(
    'files    MB     first ms/cpu   again ms/cpu   cp tmpfs     cp disk      x tmpfs (cpu): first again   x disk: first again   redacted  extra MB',
  );
  for (const [count, inFolder] of treesOf(args)) {
    const tree = path ?? makeTree(count, inFolder);
    console.log(row(tree));
    if (path === undefined) rmSync(tree, { recursive: true });
    else break;
  }
  if (args.includes('--git')) console.log(gitRow());
  return 0;
}

/** Number of files, and how many stand in one folder. */
function treesOf(args: readonly string[]): [count: number, inFolder: number][] {
  const large: [number, number][] = [
    [100_000, 40],
    [100_000, 100_000],
  ];
  return [[1000, 40], [10_000, 40], ...(args.includes('--large') ? large : [])];
}

function row(tree: string): string {
  const { first, again } = sessions(tree);
  const memory = best(() => copy(tree, MEMORY));
  const disk = best(() => copy(tree, tmpdir()), 1);
  const times = (a: Cost, b: Cost) => `${(a.ms / b.ms).toFixed(2)} (${(a.cpu / b.cpu).toFixed(2)})`;
  return [
    String(first.files).padEnd(8),
    (first.bytes / 1e6).toFixed(0).padEnd(6),
    ...[first, again].map((one) => costText(one).padEnd(14)),
    ...[memory, disk].map((one) => costText(one).padEnd(12)),
    `${times(first, memory)}  ${times(again, memory)}`.padEnd(28),
    `${(first.ms / disk.ms).toFixed(2)}  ${(again.ms / disk.ms).toFixed(2)}`.padEnd(21),
    String(first.redacted).padEnd(9),
    Math.max(first.extra, again.extra).toFixed(0),
  ].join(' ');
}

const costText = ({ ms, cpu }: Cost) => `${ms.toFixed(0)}/${cpu.toFixed(0)}`;

/** The best of some first sessions, and of some that follow one. */
function sessions(tree: string, depth?: number): { first: Made; again: Made } {
  const marks = mkdtempSync(join(tmpdir(), 'sotto-bench-marks-'));
  const fresh = () => {
    rmSync(marks, { recursive: true, force: true });
    return session(tree, marks, depth);
  };
  const measured = { first: best(fresh), again: best(() => session(tree, marks, depth)) };
  rmSync(marks, { recursive: true });
  return measured;
}

function session(tree: string, marks: string, depth?: number): Made {
  const given = JSON.stringify([tree, marks, depth]);
  const script = `import(${JSON.stringify(import.meta.url)}).then((it) => it.create(...${given}))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as Made;
}

/** Run in a process of its own: prints what it took. The scanner is prepared before, as a session does while policy is asked. */
export async function create(root: string, remember: string, depth?: number): Promise<void> {
  const loaded = await loadPolicy({ root, home: '/nonexistent', env: {}, systemFolder: '/nonexistent' });
  const policy = depth === undefined ? loaded : { ...loaded, git: { ...loaded.git, depth } };
  const prepared = await prepareScanner(policy.scan);
  const target = mkdtempSync(join(MEMORY, 'sotto-bench-'));
  const before = process.memoryUsage.rss();
  const cost = clock();
  const workspace = await createWorkspace({ root, target, policy, prepared, vault: createVault(), remember });
  const { files, bytes, redactedFiles } = workspace.report;
  const extra = process.resourceUsage().maxRSS / 1000 - before / 1e6;
  const made: Made = { ...cost(), files, bytes, redacted: redactedFiles.length, extra };
  await workspace.dispose();
  console.log(JSON.stringify(made));
}

function copy(tree: string, place: string): Cost {
  const target = mkdtempSync(join(place, 'sotto-bench-'));
  const cost = clock();
  execFileSync('cp', ['-a', `${tree}/.`, target]);
  const measured = cost();
  rmSync(target, { recursive: true });
  return measured;
}

/** Starts measuring: the clock, and processor time of this process and of those it has waited for, in ms. */
function clock(): () => Cost {
  const start = performance.now();
  const before = processorTime();
  return () => ({ ms: performance.now() - start, cpu: processorTime() - before });
}

function processorTime(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return ticks * 10;
}

function best<T extends Cost>(run: () => T, runs: number = RUNS): T {
  return Array.from({ length: runs }, run).reduce((least, one) => (one.ms < least.ms ? one : least));
}

/** What the history costs on top, in a repository of 200 commits. */
function gitRow(): string {
  const tree = makeTree(10_000, 40);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: tree });
  git('init', '-q');
  for (let n = 0; n < 200; n++) {
    for (let file = n; file < 10_000; file += 2500) {
      const name = join(tree, nameOf(file, 40));
      writeFileSync(name, `${readFileSync(name, 'utf8')}\n// commit ${n}\n`);
    }
    git('add', '-A');
    git('commit', '-q', '-m', `commit ${n}`);
  }
  const without = sessions(tree, 0);
  const with200 = sessions(tree);
  rmSync(tree, { recursive: true });
  const texts = [without, with200].map(({ first, again }) => `first ${costText(first)}, again ${costText(again)}`);
  return `a repository of 10,000 files (ms/cpu): without history ${texts[0]}; with 200 commits ${texts[1]}`;
}

const nameOf = (n: number, inFolder: number): string =>
  join(`p${Math.floor(n / inFolder / 40)}`, `d${Math.floor(n / inFolder) % 40}`, `f${n}.ts`);

/** Files cut from our own sources, 7 kB in the middle; one in fifty holds a made-up secret. */
function makeTree(count: number, inFolder: number): string {
  const root = mkdtempSync(join(tmpdir(), 'sotto-bench-tree-'));
  const src = join(packageRoot(), 'src');
  const sources = readdirSync(src, { recursive: true }).map(String);
  const text = sources
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(src, file), 'utf8'))
    .join('');
  for (let n = 0; n < count; n++) {
    const name = join(root, nameOf(n, inFolder));
    if (n % inFolder === 0) mkdirSync(join(name, '..'), { recursive: true });
    const size = 200 + ((n * 7919) % 13_600);
    const from = (n * 104_729) % (text.length - size);
    const secret = n % 50 === 0 ? `\npassword = "${['k7', 'Qz9', 'xW2', 'mP4', 'vB8', n].join('')}"\n` : '';
    writeFileSync(name, text.slice(from, from + size) + secret);
  }
  return root;
}
