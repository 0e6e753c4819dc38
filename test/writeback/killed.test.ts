// The writer is a process of its own here and is killed for good: at each of its system calls that change something, and at
// random moments while somebody edits. SOTTO_CRASH=all stops at every call instead of some, and kills 200 times instead of 8.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recover } from '../../src/writeback/index.ts';
import { buildWriter, saidTo } from './child.ts';
import { AFTER, checkRecovers, checkWhole, edit, FILES, isTemp, treeOf } from './crash-tree.ts';
import { folder, type Ready, ready, secret } from './session.ts';

const ALL = process.env.SOTTO_CRASH === 'all';
let bundle: Awaited<ReturnType<typeof buildWriter>>;
beforeAll(async () => {
  bundle = await buildWriter();
});
afterAll(() => bundle.dispose());

/** Calls that change something on the disk. */
const CALLS = [
  'rename',
  'link',
  'unlink',
  'rmdir',
  'mkdir',
  'symlink',
  'fchmod',
  'chmod',
  'fsync',
  'pwrite64',
  'write',
];

const hasStrace = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=rename', 'true']).status === 0;

/** Runs a turn under strace; `inject` as strace has it. */
function trace(at: Ready, sessions: string, inject: readonly string[]): { log: string; killed: boolean } {
  edit(at);
  const log = join(folder(), 'log');
  const args = ['-f', '-qq', '-o', log, '-e', `trace=${CALLS.join(',')}`, ...inject];
  const ended = spawnSync('strace', [...args, process.execPath, bundle.file, saidTo(at, sessions, 'turn')], {
    env: { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '1' },
  });
  return { log: readFileSync(log, 'utf8'), killed: ended.signal === 'SIGKILL' || ended.status === 137 };
}

const countOf = (log: string, call: string) => log.split('\n').filter((line) => line.includes(` ${call}(`)).length;

it.skipIf(!hasStrace)(
  'killed at a system call, it leaves every file whole (needs strace)',
  { timeout: 1_800_000 },
  async () => {
    const whole = await ready(FILES, { hide: ['.env'] });
    const { log } = trace(whole, folder(), []);
    const { '.sotto/conflicts/broken': _, ...tree } = treeOf(whole.root);
    expect(tree).toEqual(AFTER);
    let kills = 0;
    for (const call of CALLS) {
      const count = countOf(log, call);
      const step = ALL ? 1 : Math.max(1, Math.ceil(count / 2));
      for (let when = ALL ? 1 : Math.max(1, count - step); when <= count; when += step) {
        const at = await ready(FILES, { hide: ['.env'] });
        const sessions = folder();
        const { killed } = trace(at, sessions, ['-e', `inject=${call}:signal=KILL:when=${when}`]);
        if (killed) kills++;
        const told = `killed at ${call} ${when} of ${count}`;
        checkWhole(at.root, told);
        checkJournal(sessions, told);
        // strace counts for each thread alone: a last call may not come.
        if (killed) checkRecovers(at.root, sessions, told);
      }
    }
    expect(kills).toBeGreaterThan(8);
  },
);

/** What is on the disk besides the project says nothing that was secret. */
function checkJournal(sessions: string, told: string): void {
  for (const one of readdirSync(sessions, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()))
    expect(readFileSync(join(one.parentPath, one.name), 'latin1'), told).not.toMatch(/acme_\d{4}q7w3/);
}

const FILE_COUNT = 40;
const contentOf = (file: number, version: number) =>
  `version = ${version}\nkey = ${secret(file)}\n${`line of ${file}\n`.repeat(50)}end ${version}\n`;

it('killed at random moments, it leaves every file whole, and the next start tidies up', {
  timeout: 1_800_000,
}, async () => {
  const files = Array.from({ length: FILE_COUNT }, (_, file) => [`d${file % 5}/f${file}`, contentOf(file, 0)]);
  for (let round = 0; round < (ALL ? 200 : 8); round++) {
    const at = await ready(Object.fromEntries(files));
    const sessions = folder();
    const writer = await startWriter(saidTo(at, sessions, 'live'));
    const ms = Math.floor(Math.random() * 120);
    const editing = editFor(at.copy, ms + 10);
    await wait(ms);
    await kill(writer);
    await editing;
    const told = `killed after ${ms} ms`;
    const tree = treeOf(at.root);
    for (let file = 0; file < FILE_COUNT; file++) checkOne(tree, file, told);
    for (const [path, content] of Object.entries(tree))
      if (!isTemp(path)) expect(content, told).not.toContain('REDACTED_');
    checkJournal(sessions, told);
    const [recovered] = recover(sessions);
    expect(recovered?.root, told).toBe(at.root);
    expect(Object.keys(treeOf(at.root)).filter(isTemp), told).toEqual([]);
  }
});

async function startWriter(said: string): Promise<ChildProcess> {
  const writer = spawn(process.execPath, [bundle.file, said], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  await new Promise((resolve) => writer.stdout?.once('data', resolve));
  return writer;
}

async function kill(writer: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  writer.kill('SIGKILL');
  await ended;
}

/** Rewrites, renames and makes files in the copy, over and over. */
async function editFor(copy: string, ms: number): Promise<void> {
  const until = Date.now() + ms;
  for (let turn = 1; Date.now() < until; turn++) {
    const file = (turn * 7) % FILE_COUNT;
    const place = join(copy, `d${file % 5}/f${file}`);
    const moved = `${place}-moved`;
    try {
      const text = readFileSync(place, 'utf8');
      writeFileSync(place, text.replace(/^version = \d+/, `version = ${turn}`).replace(/end \d+/, `end ${turn}`));
      if (turn % 5 === 0) renameSync(place, moved);
    } catch {
      renameSync(moved, place);
    }
    mkdirSync(join(copy, `new${turn % 3}`), { recursive: true });
    writeFileSync(join(copy, `new${turn % 3}/n`), `made ${turn}\n`.repeat(20));
    if (turn % 4 === 0) await wait(1);
  }
}

/** Under one of its names it stands, whole, with its secret. */
function checkOne(tree: Record<string, string>, file: number, told: string): void {
  const path = `d${file % 5}/f${file}`;
  const content = tree[path] ?? tree[`${path}-moved`];
  expect(content, `${told}: ${path}`).toBeDefined();
  const [version, end] = [content?.match(/^version = (\d+)/)?.[1], content?.match(/end (\d+)\n$/)?.[1]];
  expect([version, content], `${told}: ${path}`).toEqual([end, contentOf(file, Number(version))]);
}
