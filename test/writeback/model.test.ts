// Two sides edit one project at random, looks come at random moments and in parts, and now and then the wrapper dies at a
// random step. Each line that a side writes is unique, so that at the end it can be asked where every one of them is.
// 2,000 runs from a fixed seed, so that nobody's landing fails by chance: the sessions are the same until this file changes.
// SOTTO_SEED=random explores, SOTTO_SEED=<number> plays one again, SOTTO_RUNS says how many; the title tells the seed. What
// exploring finds is mended and kept as a test of its own.
import { randomInt } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVault, restoreText } from '../../src/redact/index.ts';
import { createWorkspace } from '../../src/workspace/index.ts';
import { cycle } from '../../src/writeback/cycle.ts';
import { recover } from '../../src/writeback/index.ts';
import { finish, layGround } from '../../src/writeback/start.ts';
import { walk } from '../../src/writeback/walk.ts';
import { policyOf, scannerOf } from '../workspace/project.ts';
import { rules, secret } from './session.ts';

const RUNS = Number(process.env.SOTTO_RUNS ?? 2000);
const FIXED_SEED = 20_261_122;
const WANTED_SEED = process.env.SOTTO_SEED ?? FIXED_SEED;
const SEED = WANTED_SEED === 'random' ? randomInt(2 ** 31) : Number(WANTED_SEED);
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const PATHS = ['a', 'b', 'd', 'd/a', 'd/b', 'd/e', 'd/e/c', 'n', 'x/n'] as const;
const HIDDEN = ['.env', 'd/.env', 'd/e/.env'];
const FILES: Record<string, string> = {
  a: 'a1\na2\na3\na4\na5\n',
  b: `b1\nkey = ${secret(1)}\nb3\n`,
  'd/a': `key = ${secret(2)}\nd2\nd3\n`,
  'd/b': 'x\ny\n',
  'd/e/c': `c1\nc2\nkey = ${secret(3)}\n`,
};

type Side = 'inside' | 'outside';
type Act =
  | 'append'
  | 'prepend'
  | 'replace'
  | 'cut'
  | 'remove'
  | 'rename'
  | 'folder'
  | 'link'
  | 'mode'
  | 'garble'
  | 'copy'
  | 'carry'
  | 'secret';
type Edit = { do: 'edit'; side: Side; act: Act; path: string; other: string };
type Step =
  | Edit
  /** A look at both trees; only at every `part`th suspect. */
  | { do: 'look'; part: number }
  /** The wrapper dies at this step of a look, and a new session starts. */
  | { do: 'die'; at: number }
  /** The agent tries to write where something is hidden. */
  | { do: 'trespass'; path: string };

const path = fc.constantFrom(...PATHS);
const edit = fc.record({
  do: fc.constant('edit' as const),
  side: fc.constantFrom<Side>('inside', 'outside'),
  act: fc.constantFrom<Act>(
    'append',
    'append',
    'prepend',
    'replace',
    'cut',
    'remove',
    'rename',
    'folder',
    'link',
    'mode',
    'garble',
    'copy',
    'carry',
    'secret',
  ),
  path,
  other: path,
});
const look = fc.record({ do: fc.constant('look' as const), part: fc.integer({ min: 1, max: 3 }) });
const die = fc.record({ do: fc.constant('die' as const), at: fc.integer({ min: 1, max: 30 }) });
const trespass = fc.record({ do: fc.constant('trespass' as const), path: fc.constantFrom(...HIDDEN) });
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: edit },
    { weight: 4, arbitrary: look },
    { weight: 1, arbitrary: die },
    { weight: 1, arbitrary: trespass },
  ),
  { minLength: 1, maxLength: 14 },
);

/** What policy says of secrets of other files, and whether a path of the tree runs code. */
interface Terms {
  foreign: 'restore' | 'leave';
  guarded: boolean;
}
const terms = fc.record({ foreign: fc.constantFrom<Terms['foreign']>('restore', 'leave'), guarded: fc.boolean() });

class Crash extends Error {}

/** One project, and one session after the other over it. */
async function openWorld({ foreign, guarded }: Terms) {
  const home = mkdtempSync(join(BASE, 'sotto-model-'));
  const root = join(home, 'project');
  for (const [name, content] of Object.entries({
    ...FILES,
    ...Object.fromEntries(HIDDEN.map((path) => [path, 'hidden\n'])),
  })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  const policy = policyOf(
    root,
    { hide: ['.env'] },
    {
      writeback: rules({ foreign, guard: guarded ? ['/x/'] : [] }),
      workspace: { memory: 1, overlays: [], remember: false },
    },
  );
  let session = 0;
  let stopAt = Number.POSITIVE_INFINITY;
  const beforeStep = () => {
    if (--stopAt < 1) throw new Crash();
  };
  async function start() {
    const vault = createVault();
    const copy = join(home, `copy-${++session}`);
    mkdirSync(copy);
    const workspace = await createWorkspace({ root, target: copy, policy, prepared: await scannerOf(policy), vault });
    const journal = join(home, 'sessions', String(session));
    return { vault, copy, ground: layGround({ workspace, policy, vault, journal }, { beforeStep }), journal };
  }
  const world = {
    root,
    foreign,
    now: await start(),
    /** Markers that a side took away on purpose, having seen them. */
    dropped: new Set<string>(),
    written: new Map<string, Side>([1, 2, 3].map((n) => [secret(n), 'outside'])),
    /** Placeholders that the agent broke, and the secrets behind them. */
    broken: new Map<string, string[]>(),
    dieAt: (step: number) => {
      stopAt = step;
    },
    async restart() {
      stopAt = Number.POSITIVE_INFINITY;
      world.stop();
      const file = join(world.now.journal, 'under-way.json');
      writeFileSync(file, `${JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), pid: 2 ** 22 + 1 })}\n`);
      recover(join(home, 'sessions'));
      world.now = await start();
    },
    stop() {
      world.now.ground.inside.close();
      world.now.ground.outside.close();
    },
    close() {
      world.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return world;
}
type World = Awaited<ReturnType<typeof openWorld>>;

const kindOf = (path: string) => {
  const stats = statOf(path);
  return stats === undefined ? 'none' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'file';
};
/** Nothing stands below a file. */
function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
const filesIn = (top: string): string[] =>
  readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
/** Lines that a side wrote, and secrets: both must be found again. */
const markersIn = (text: string) => text.match(/(?:inside|outside)-\d+|acme_\d{4}q7w3\w+/g) ?? [];

/** What a side takes away with a file or folder, it has seen. */
function drop(world: World, path: string): void {
  const files = kindOf(path) === 'folder' ? filesIn(path) : kindOf(path) === 'file' ? [path] : [];
  for (const file of files) dropLine(world, readFileSync(file, 'utf8'));
}

function dropLine(world: World, line: string): void {
  const restored = restoreText(line, world.now.vault.lookup).text;
  for (const marker of markersIn(restored)) world.dropped.add(marker);
  for (const [broken, secrets] of world.broken)
    if (line.includes(broken)) for (const one of secrets) world.dropped.add(one);
}

interface Place {
  world: World;
  step: Edit;
  top: string;
  at: string;
  kind: ReturnType<typeof kindOf>;
  parent: ReturnType<typeof kindOf>;
  text: string;
  marker: string;
}

function perform(world: World, step: Edit): void {
  const top = step.side === 'inside' ? world.now.copy : world.root;
  const at = join(top, step.path);
  const kind = kindOf(at);
  const text = kind === 'file' ? readFileSync(at, 'utf8') : '';
  const marker = `${step.side}-${world.written.size}`;
  ACTS[step.act]({ world, step, top, at, kind, parent: kindOf(dirname(at)), text, marker });
}

function put({ world, step, at, kind, parent }: Place, content: string): void {
  if (kind === 'folder' || kind === 'link' || (parent !== 'folder' && parent !== 'none')) return;
  if (parent === 'none' && kindOf(dirname(dirname(at))) !== 'folder') return;
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, content);
  for (const one of markersIn(content)) if (!world.written.has(one)) world.written.set(one, step.side);
}

const ACTS: Record<Act, (place: Place) => void> = {
  append: (place) => put(place, `${place.text}${place.marker}\n`),
  prepend: (place) => put(place, `${place.marker}\n${place.text}`),
  replace(place) {
    if (place.kind === 'file') drop(place.world, place.at);
    put(place, `${place.marker}\n`);
  },
  cut(place) {
    if (place.kind !== 'file') return;
    const [first = '', ...rest] = place.text.split('\n');
    dropLine(place.world, first);
    put(place, rest.join('\n'));
  },
  remove({ world, step, at, kind }) {
    if (kind === 'none' || (step.side === 'outside' && kind === 'folder')) return; // the person keeps hidden files
    drop(world, at);
    rmSync(at, { recursive: true });
  },
  rename({ step, top, at, kind }) {
    const to = join(top, step.other);
    const fits = kindOf(to) === 'none' && kindOf(dirname(to)) === 'folder' && !`${to}/`.startsWith(`${at}/`);
    if (kind !== 'none' && fits && !(step.side === 'outside' && kind === 'folder')) renameSync(at, to);
  },
  folder({ at, kind, parent }) {
    if (kind === 'none' && parent === 'folder') mkdirSync(at);
  },
  link({ at, kind, parent }) {
    if (kind === 'none' && parent === 'folder') symlinkSync('a', at);
    else if (kind === 'link') unlinkSync(at);
  },
  mode({ at, kind }) {
    if (kind === 'file') chmodSync(at, 0o600);
  },
  garble(place) {
    const { world, step, kind, text } = place;
    if (kind !== 'file' || step.side === 'outside') return;
    put(
      place,
      text.replace(/REDACTED_\w*[0-9a-f]\b/, (whole) => garbled(world, whole)),
    );
  },
  copy(place) {
    const from = join(place.top, place.step.other);
    const text = kindOf(from) === 'file' ? readFileSync(from, 'utf8') : '';
    const placeholder = text.match(/REDACTED_\w+_[0-9a-f]{8}\b/)?.[0];
    if (placeholder === undefined || place.step.side === 'outside') return;
    put(place, `${place.text}${place.marker} ${placeholder}\n`);
  },
  /** The line of a secret moves to another file. */
  carry(place) {
    const { world, step, top, kind, parent, text } = place;
    const line = text.match(/^.*REDACTED_\w+_[0-9a-f]{8}\b.*\n/m)?.[0];
    const to = join(top, step.other);
    if (kind !== 'file' || line === undefined || step.side === 'outside' || step.other === step.path) return;
    if (kindOf(to) !== 'file' || parent !== 'folder') return;
    const there = readFileSync(to, 'utf8');
    const carried =
      world.written.size % 2 ? line : line.replace(/REDACTED_\w*[0-9a-f]\b/, (one) => garbled(world, one));
    writeFileSync(place.at, text.replace(line, ''));
    writeFileSync(to, `${there}${carried}`);
  },
  secret(place) {
    if (place.step.side === 'inside') return;
    put(place, `${place.text}${place.marker} ${secret(10 + place.world.written.size)}\n`);
  },
};

function garbled(world: World, placeholder: string): string {
  const broken = `${placeholder.slice(0, -1)}x${world.written.size}`;
  world.broken.set(broken, markersIn(restoreText(placeholder, world.now.vault.lookup).text));
  return broken;
}

/** A look at both trees, as the watcher would have told; `part` leaves some for later. */
async function lookAt(world: World, part: number): Promise<void> {
  const { ground } = world.now;
  const suspects = [...(await walk(ground, 'inside')), ...(await walk(ground, 'outside'))];
  const some = suspects.filter((_, index) => index % part === 0);
  for (let turn = 0, left = some; left.length > 0 && turn < 4; turn++) {
    const { again, later } = await cycle(ground, left, false);
    left = [...again, ...later];
  }
}

/** Where everything is that a person could find again: the tree with what was laid aside. */
function everything(root: string): string {
  return filesIn(root)
    .filter((file) => !file.includes('.sotto-tmp-'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

function checkMarkers(world: World): void {
  const { held, inside } = world.now.ground;
  // What waits for a yes is inside for now, and in the session's folder afterwards; but secrets must be in the real tree.
  const waiting = held.list().map(({ path }) => inside.read(path)?.bytes.toString() ?? '');
  const there = new Set([everything(world.root), ...waiting].flatMap(markersIn));
  const lost = [...world.written.keys()].filter((marker) => !there.has(marker) && !world.dropped.has(marker));
  expect(lost, 'lost lines').toEqual([]);
}

function checkHidden(world: World): void {
  for (const path of HIDDEN) {
    if (existsSync(join(world.root, path))) expect(readFileSync(join(world.root, path), 'utf8')).toBe('hidden\n');
  }
  expect(filesIn(world.root).filter((file) => file.endsWith('.env')).length, 'hidden files').toBe(HIDDEN.length);
}

function checkSecrets(world: World): void {
  const { copy, vault } = world.now;
  for (const file of filesIn(copy)) expect(readFileSync(file, 'utf8')).not.toMatch(/acme_\d{4}q7w3/);
  for (const file of filesIn(world.root)) {
    const placeholders = restoreText(readFileSync(file, 'utf8'), vault.lookup).restored;
    if (world.foreign === 'restore') expect(placeholders, 'placeholders outside').toEqual([]);
  }
}

/** Both trees hold the same, but for placeholders and what is hidden. */
function checkSame(world: World): void {
  const { copy, vault } = world.now;
  const waits = new Set(world.now.ground.held.list().map(({ path }) => path));
  const list = (top: string) =>
    readdirSync(top, { recursive: true })
      .map(String)
      .filter((path) => !path.startsWith('.sotto') && !path.endsWith('.env') && !waits.has(path))
      .sort();
  const outside = list(world.root);
  // A folder that the agent removed stays outside while something hidden is in it.
  const inside = list(copy);
  const extra = outside.filter((path) => !inside.includes(path) && kindOf(join(world.root, path)) !== 'folder');
  expect([inside.filter((path) => !outside.includes(path)), extra]).toEqual([[], []]);
  for (const path of inside) {
    const [one, other] = [join(copy, path), join(world.root, path)];
    expect(kindOf(one), path).toBe(kindOf(other));
    if (kindOf(one) !== 'file') continue;
    const restored = (file: string) => restoreText(readFileSync(file, 'utf8'), vault.lookup).text;
    expect(restored(one), path).toBe(world.foreign === 'leave' ? restored(other) : readFileSync(other, 'utf8'));
    expect(lstatSync(one).mode & 0o777, path).toBe(lstatSync(other).mode & 0o777);
  }
}

async function play(script: readonly Step[], terms: Terms): Promise<void> {
  const world = await openWorld(terms);
  try {
    for (const step of script) {
      if (step.do === 'edit') perform(world, step);
      else if (step.do === 'look') await lookAt(world, step.part);
      else if (step.do === 'trespass') trespassAt(world, step.path);
      else await dieIn(world, step.at);
    }
    for (let turn = 0; turn < 3; turn++) await lookAt(world, 1);
    await finish(world.now.ground);
    await lookAt(world, 1);
    checkMarkers(world);
    checkHidden(world);
    checkSecrets(world);
    // What the agent wrote where something is hidden stays inside, and can keep a folder of its there. Without it all is the same.
    for (const file of filesIn(world.now.copy).filter((file) => file.endsWith('.env'))) rmSync(file);
    for (let turn = 0; turn < 2; turn++) await lookAt(world, 1);
    checkSame(world);
  } finally {
    world.close();
  }
}

function trespassAt(world: World, path: string): void {
  const at = join(world.now.copy, path);
  if (kindOf(dirname(at)) === 'folder' && kindOf(at) === 'none') writeFileSync(at, 'agent\n');
}

/** The copy dies with the wrapper: what had not come out is gone, and nothing else. */
async function dieIn(world: World, at: number): Promise<void> {
  const before = new Set(markersIn(everything(world.root)));
  world.dieAt(at);
  try {
    await lookAt(world, 1);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  const after = new Set(markersIn(everything(world.root)));
  const lost = [...before].filter((marker) => !after.has(marker) && !world.dropped.has(marker));
  expect(lost, 'lost in a crash').toEqual([]);
  checkHidden(world);
  for (const marker of world.written.keys()) if (!after.has(marker)) world.dropped.add(marker);
  await world.restart();
  expect(filesIn(world.root).filter((file) => file.includes('.sotto-tmp-'))).toEqual([]);
}

const did = (side: Side, act: Act, path: string, other = 'a'): Edit => ({ do: 'edit', side, act, path, other });

/** What exploring has found, and was mended. */
const FOUND: { description: string; script: Step[]; terms: Terms }[] = [
  {
    description: 'a broken placeholder goes with a rename',
    script: [did('inside', 'garble', 'b'), did('inside', 'rename', 'b', 'n'), did('inside', 'append', 'a')],
    terms: { foreign: 'restore', guarded: false },
  },
  {
    description: 'everything is removed inside',
    script: [...['a', 'd', 'b'].map((path) => did('inside', 'remove', path)), did('outside', 'append', 'a')],
    terms: { foreign: 'restore', guarded: false },
  },
  {
    description: 'the wrapper dies while it lays aside what went in an earlier turn',
    script: [
      did('inside', 'remove', 'd'),
      did('outside', 'append', 'd/b'),
      { do: 'look', part: 1 },
      did('inside', 'garble', 'd/a'),
      { do: 'die', at: 18 },
      { do: 'die', at: 1 },
    ],
    terms: { foreign: 'restore', guarded: false },
  },
];

it.each(FOUND)('loses nothing when $description', ({ script, terms }) => play(script, terms));

it(`loses nothing in ${RUNS} random sessions, seed ${SEED}`, { timeout: 1_500_000 }, async () => {
  await fc.assert(fc.asyncProperty(steps, terms, play), {
    numRuns: RUNS,
    seed: SEED,
    interruptAfterTimeLimit: 1_400_000,
    markInterruptAsFailure: true,
  });
});
