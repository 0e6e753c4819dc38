// How long an edit takes to the other side, and how long a burst takes. The copy is on the same kind of memory file system as in a
// session, the real tree where the machine keeps temporary files. Everything is made by this file and removed again.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Policy } from '../src/policy/index.ts';
import { createVault } from '../src/redact/index.ts';
import { prepareScanner } from '../src/scan/index.ts';
import { createWorkspace } from '../src/workspace/index.ts';
import { startWriteback } from '../src/writeback/index.ts';

const EDITS = 60;

/**
 * Prints a table; arguments: how many files the project has, how many change at once (both 10,000), and `nosync` for policy
 * `writeback.fsync: false`.
 */
export async function bench([files = '10000', burst = '10000', sync = 'sync']: readonly string[]): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const memory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sotto-bench-'));
  try {
    const root = plant(join(home, 'project'), Number(files));
    const apart = plant(join(home, 'apart'), Number(burst));
    const policy = policyFor(root, sync !== 'nosync');
    const vault = createVault();
    const target = join(memory, 'copy');
    mkdirSync(target);
    const prepared = await prepareScanner(policy.scan);
    const workspace = await createWorkspace({ root, target, policy, prepared, vault });
    const started = performance.now();
    const writeback = await startWriteback({ workspace, policy, vault, journal: join(home, 'state') });
    say('start watching both trees', performance.now() - started);
    await latency('edit inside to outside', target, root);
    await latency('edit outside to inside', root, target);
    await bursts(Number(burst), target, root, () => writeback.flush());
    bare(Number(burst), apart);
    bareSynced(Number(burst), apart);
    const stopped = performance.now();
    const report = await writeback.stop();
    say('stop, with a look at every file', performance.now() - stopped);
    return report.problems.length + report.conflicts.length === 0 ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(memory, { recursive: true, force: true });
  }
}

function plant(root: string, files: number): string {
  for (let file = 0; file < files; file++) {
    const folder = join(root, `d${file % 500}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${file}.ts`), contentOf(file, 0));
  }
  return root;
}

const contentOf = (file: number, version: number) => `export const v${file} = ${version};\n`.repeat(20);

function policyFor(root: string, fsync: boolean): Policy {
  return {
    root,
    paths: [],
    scan: { packs: [], allow: [], personalData: false, binaries: {} },
    workspace: { memory: 1, overlays: [] },
    writeback: { fsync, guarded: 'hold', foreign: 'leave', guard: [] },
    origins: {},
    pending: [],
  } as unknown as Policy;
}

/** From the write on one side to the moment when the other side holds it. */
async function latency(name: string, from: string, to: string): Promise<void> {
  const times: number[] = [];
  for (let edit = 1; edit <= EDITS; edit++) {
    const file = `d${edit % 500}/f${edit % 500}.ts`;
    const content = `${contentOf(edit, edit)}${name}\n`;
    const seen = arrival(join(to, file), content);
    const began = performance.now();
    writeFileSync(join(from, file), content);
    await seen;
    times.push(performance.now() - began);
    await wait(20);
  }
  times.sort((a, b) => a - b);
  say(`${name}, median of ${EDITS}`, times[EDITS / 2] as number);
  say(`${name}, slowest`, times.at(-1) as number);
}

function arrival(file: string, content: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(join(file, '..'), () => {
      if (readFileSync(file, 'utf8') !== content) return;
      watcher.close();
      resolve();
    });
  });
}

async function bursts(files: number, from: string, to: string, flush: () => Promise<void>): Promise<void> {
  const place = (top: string, file: number) => join(top, `d${file % 500}/f${file}.ts`);
  const rounds = [
    {
      name: `${files} files changed inside`,
      act: (file: number) => writeFileSync(place(from, file), contentOf(file, 7)),
    },
    { name: `${files} files removed inside`, act: (file: number) => rmSync(place(from, file)) },
    { name: `${files} files made inside`, act: (file: number) => writeFileSync(place(from, file), contentOf(file, 8)) },
  ];
  for (const { name, act } of rounds) {
    const began = clock();
    for (let file = 0; file < files; file++) act(file);
    const written = performance.now();
    await flush();
    sayBoth(`${name}: all there`, began);
    say('  of which the edits themselves', written - began.wall);
  }
  const there = Array.from(
    { length: files },
    (_, file) => readFileSync(place(to, file), 'utf8') === contentOf(file, 8),
  );
  if (!there.every(Boolean)) throw new Error('internal error: a file did not arrive');
}

/** What the disk itself takes for the same, on files as old, without anybody watching or comparing. */
function bare(files: number, apart: string): void {
  const place = (file: number) => join(apart, `d${file % 500}`);
  const act = (what: string, one: (file: number) => void) => {
    const began = clock();
    for (let file = 0; file < files; file++) one(file);
    sayBoth(`bare: ${files} files ${what} on that disk`, began);
  };
  act('removed', (file) => rmSync(join(place(file), `f${file}.ts`)));
  act('written and renamed', (file) => {
    writeFileSync(join(place(file), '.temp'), contentOf(file, 8));
    renameSync(join(place(file), '.temp'), join(place(file), `f${file}.ts`));
  });
}

/** The same, and each waited for alone: what a write-back would take that knows no better. */
function bareSynced(files: number, apart: string): void {
  const some = Math.min(files, 500);
  const began = clock();
  for (let file = 0; file < some; file++) {
    const folder = join(apart, `d${file % 500}`);
    writeFileSync(join(folder, '.temp'), contentOf(file, 9), { flush: true });
    renameSync(join(folder, '.temp'), join(folder, `f${file}.ts`));
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  }
  sayBoth(`bare: only ${some} of them, each waited for alone`, began);
}

/** Now, by the clock on the wall and by what this process has used of the processors, all threads together; ms. */
function clock(): { wall: number; used: number } {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), used: (user + system) / 1000 };
}

/** On a busy machine only the second figure says something. */
function sayBoth(what: string, began: { wall: number; used: number }): void {
  const now = clock();
  say(what, now.wall - began.wall, `  ${(now.used - began.used).toFixed(0).padStart(6)} ms of processor`);
}

function say(what: string, ms: number, more = ''): void {
  process.stdout.write(`${what.padEnd(48)} ${ms.toFixed(1).padStart(9)} ms${more}\n`);
}
