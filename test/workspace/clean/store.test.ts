import {
  chmodSync,
  chownSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../../src/redact/index.ts';
import { createScanner, type PreparedScanner, prepareScanner, type Scanner } from '../../../src/scan/index.ts';
import { openCleanStore } from '../../../src/workspace/clean/store.ts';
import { createClean } from '../../../src/workspace/clean/table.ts';
import { createWorkspace } from '../../../src/workspace/index.ts';
import { look } from '../../../src/workspace/look.ts';
import { folder, open, policyOf, project, scannerOf, secret } from '../project.ts';

const today = '2026-11-22';
let prepared: PreparedScanner;
beforeAll(async () => {
  prepared = await scannerOf(policyOf(folder()));
});

const ROOT = '/some/project';
const IDENTITY = 'a'.repeat(64);

/** Keeps one mark as a session does. */
function keepOne(folder: string, input: Partial<Parameters<typeof openCleanStore>[0]> = {}): void {
  const store = openCleanStore({ folder, root: ROOT, prepared, today, ...input });
  if (store === undefined) throw new Error('nothing can be kept here');
  const clean = createClean(store.table);
  clean.learn(clean.markOf('src/a.ts', IDENTITY), 'text');
  store.save([clean.takeLearnt()]);
}

/** What a later session knows of it. */
function known(folder: string, input: Partial<Parameters<typeof openCleanStore>[0]> = {}, path = 'src/a.ts') {
  const store = openCleanStore({ folder, root: ROOT, prepared, today, ...input });
  if (store === undefined) return undefined;
  const clean = createClean(store.table);
  return clean.kindOf(clean.markOf(path, IDENTITY));
}

const fileOf = (kept: string): string => join(kept, readdirSync(kept).find((name) => name !== 'key') as string);

describe('marks of clean files', () => {
  it('are known in the next session, for that path of that project only', () => {
    const kept = folder();
    chmodSync(kept, 0o700);
    keepOne(kept);
    expect(known(kept)).toBe('text');
    expect(known(kept, {}, 'src/b.ts')).toBeUndefined();
    expect(known(kept, { root: '/another/project' })).toBeUndefined();
  });

  it.each([
    { description: 'others may read', act: (file: string) => chmodSync(file, 0o644) },
    { description: 'is damaged', act: (file: string) => writeFileSync(file, flipped(readFileSync(file))) },
    { description: 'is cut short', act: (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 64)) },
    { description: 'is empty', act: (file: string) => writeFileSync(file, '') },
    {
      description: 'is a link',
      act: (file: string) => {
        renameSync(file, `${file}.real`);
        symlinkSync(`${file}.real`, file);
      },
    },
  ])('count for nothing when their file $description, and are written anew', ({ act }) => {
    const kept = folder();
    keepOne(kept);
    act(fileOf(kept));
    expect(known(kept)).toBeUndefined();
    keepOne(kept);
    expect(known(kept)).toBe('text');
  });

  it.runIf(process.getuid?.() === 0)(
    'count for nothing when somebody else owns the file, the key or the folder',
    () => {
      for (const place of [fileOf, (kept: string) => join(kept, 'key'), (kept: string) => kept]) {
        const kept = folder();
        keepOne(kept);
        chownSync(place(kept), 12_345, 12_345);
        expect(known(kept)).toBeUndefined();
      }
    },
  );

  it('are not kept where others may look', () => {
    const kept = folder();
    chmodSync(kept, 0o755);
    expect(openCleanStore({ folder: kept, root: ROOT, prepared, today })).toBeUndefined();
  });

  it('count for nothing after a change of packs, of exceptions, and when an exception has expired', async () => {
    const kept = folder();
    keepOne(kept);
    const { scan } = policyOf(ROOT);
    const without = await prepareScanner({ ...scan, packs: [] });
    const allow = [{ path: 'b', reason: 'made up', expires: today }];
    const excepting = await prepareScanner({ ...scan, allow });
    expect(known(kept, { prepared: without })).toBeUndefined();
    expect(known(kept, { prepared: excepting })).toBeUndefined();
    keepOne(kept, { prepared: excepting });
    expect(known(kept, { prepared: excepting })).toBe('text');
    expect(known(kept, { prepared: excepting, today: '2026-11-23' })).toBeUndefined();
  });

  it('are forgotten when a session does not meet them, and after a month', () => {
    const kept = folder();
    keepOne(kept);
    const store = openCleanStore({ folder: kept, root: ROOT, prepared, today });
    store?.save([]);
    expect(known(kept)).toBeUndefined();
    keepOne(kept, { root: '/a' });
    for (const name of readdirSync(kept)) utimesSync(join(kept, name), 1e9, 1e9);
    keepOne(kept, { root: '/b' });
    expect([known(kept, { root: '/a' }), known(kept, { root: '/b' })]).toEqual([undefined, 'text']);
  });
});

const flipped = (bytes: Buffer): Buffer => {
  bytes[40] = (bytes[40] as number) ^ 1;
  return bytes;
};

/** A session over a project; what it redacted, and how many marks are kept afterwards. */
async function session(root: string, kept: string) {
  const policy = policyOf(root);
  const target = folder();
  const vault = createVault();
  const workspace = await createWorkspace({ root, target, policy, prepared, vault, remember: kept });
  return { redacted: workspace.report.redactedFiles, marks: countMarks(kept), target };
}

function countMarks(kept: string): number {
  const words = readFileSync(fileOf(kept)).subarray(32);
  return Array.from({ length: words.length / 16 }, (_, at) => words.readInt32LE(16 * at + 12)).filter(Boolean).length;
}

/** Enough files for threads. */
const large = (): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`d${n % 7}/f${n}`, `plain ${n}\n`]));

describe('a session that remembers', () => {
  it.each([
    { description: 'a small tree', files: { 'a.txt': 'plain\n', 'b.txt': 'plain too\n' } },
    { description: 'a tree that takes threads', files: large() },
  ])('finds the same in $description as one that does not, and what is new in it', async ({ files }) => {
    const root = project({ ...files, 'with.txt': `key ${secret(1)}\n` });
    const kept = folder();
    const count = Object.keys(files).length;
    expect(await session(root, kept)).toMatchObject({ redacted: ['with.txt'], marks: count });
    writeFileSync(join(root, 'new.txt'), `key ${secret(2)}\n`);
    const changed = Object.keys(files)[0] as string;
    writeFileSync(join(root, changed), `key ${secret(3)}\n`);
    const second = await session(root, kept);
    expect(second.redacted).toEqual([changed, 'new.txt', 'with.txt'].sort());
    expect(readFileSync(join(second.target, changed), 'latin1')).toMatch(/^key REDACTED_/);
  });

  it('loses no file, and no secret in one, when half of a large tree is new', async () => {
    const names = Array.from({ length: 1200 }, (_, n) => `d${n % 7}/f${n}`);
    const root = project(Object.fromEntries(names.map((name) => [name, `plain ${name}\n`])));
    const kept = folder();
    await session(root, kept);
    const changed = names.filter((_, n) => n % 2 === 0);
    for (const [n, name] of changed.entries())
      writeFileSync(join(root, name), `${n % 3 === 0 ? secret(n) : 'still plain'}\n`);
    const { redacted, target, marks } = await session(root, kept);
    expect(redacted).toHaveLength(200);
    expect(marks).toBe(1000);
    for (const name of names) {
      const real = readFileSync(join(root, name), 'utf8');
      const copy = readFileSync(join(target, name), 'utf8');
      if (real.startsWith('acme_')) expect(copy).toMatch(/^REDACTED_acme_key_[0-9a-f]{8,}\n$/);
      else expect(copy).toBe(real);
    }
  });

  it('scans nothing again that proved clean', () => {
    const kept = folder();
    keepOne(kept);
    const store = openCleanStore({ folder: kept, root: ROOT, prepared, today });
    const clean = createClean((store as NonNullable<typeof store>).table);
    const scanner = createScanner(prepared);
    let scans = 0;
    const count: Scanner['scanBytes'] = (...given) => {
      scans++;
      return scanner.scanBytes(...given);
    };
    const counting: Scanner = { ...scanner, scanBytes: count };
    const at = (path: string) => look(Buffer.from('plain'), path, { scanner: counting, clean }, IDENTITY);
    expect([at('src/a.ts'), scans]).toEqual([{ kind: 'text', findings: [] }, 0]);
    expect([at('src/b.ts'), scans]).toEqual([{ kind: 'text', findings: [] }, 1]);
  });

  it('keeps no mark of a file with a secret, and neither content, path nor value in what it keeps', async () => {
    const root = project({ 'dir/plain-name.txt': 'a plain sentence\n', 'with.txt': `key ${secret(1)}\n` });
    const kept = folder();
    expect((await session(root, kept)).marks).toBe(1);
    for (const name of readdirSync(kept)) {
      const text = `${name}\n${readFileSync(join(kept, name), 'latin1')}`;
      for (const part of [secret(1), 'plain-name', 'with.txt', 'sentence', 'REDACTED', root])
        expect(text).not.toContain(part);
    }
  });

  it('finds a secret that a file made with the key of somebody else calls clean', async () => {
    const root = project({ 'with.txt': `key ${secret(1)}\n` });
    const [mine, theirs] = [folder(), folder()];
    await session(root, mine);
    const store = openCleanStore({ folder: theirs, root, prepared, today: new Date().toISOString().slice(0, 10) });
    const clean = createClean((store as NonNullable<typeof store>).table);
    const { real } = (await open(root)).workspace.snapshot.get('with.txt') as unknown as { real: string };
    clean.learn(clean.markOf('with.txt', real), 'text');
    store?.save([clean.takeLearnt()]);
    cpSync(fileOf(theirs), fileOf(mine));
    expect((await session(root, mine)).redacted).toEqual(['with.txt']);
    expect((await session(root, theirs)).redacted).toEqual([]); // what the mark would do under its own key
  });

  it('still replaces a secret of another file in one that proved clean', async () => {
    const root = project({ 'a.txt': 'see q7w3e9r1t5z2u8i4o6p0x\n' });
    const kept = folder();
    await session(root, kept);
    writeFileSync(join(root, 'b.env'), `password = "q7w3e9r1t5z2u8i4o6p0x"\n`);
    expect((await session(root, kept)).redacted).toEqual(['a.txt', 'b.env']);
  });
});
