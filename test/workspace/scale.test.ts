// Many files, and a tree that does not hold still.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault } from '../../src/redact/index.ts';
import { createWorkspace } from '../../src/workspace/index.ts';
import { folder, open, policyOf, project, scannerOf, secret } from './project.ts';

describe('a folder of ten thousand files', () => {
  it('is copied whole, each secret replaced', async () => {
    const root = folder();
    mkdirSync(join(root, 'd'));
    const count = 10_000;
    for (let n = 0; n < count; n++)
      writeFileSync(join(root, `d/${n}`), n % 1000 === 7 ? `${secret(Math.floor(n / 1000))}\n` : `${n}\n`);
    const { copy, workspace } = await open(root);
    expect(workspace.report.files).toBe(count);
    expect(readdirSync(join(copy, 'd'))).toHaveLength(count);
    expect(workspace.report.redactedFiles).toHaveLength(10);
    for (const path of workspace.report.redactedFiles)
      expect(readFileSync(join(copy, path), 'utf8')).toMatch(/^REDACTED_/);
    expect(readFileSync(join(copy, 'd/9999'), 'utf8')).toBe('9999\n');
  }, 120_000);
});

it('copies names of 255 bytes, with newlines, a leading dash, and bytes that are no text, in a tree that takes threads', async () => {
  const names = ['n'.repeat(255), 'a\nb', '-rf', '\xff\xfe', 'caf\xc3\xa9', 'cafe\xcc\x81', ' ', '"\'\\'];
  const root = folder();
  const at = (name: string) => Buffer.concat([Buffer.from(`${root}/d/`), Buffer.from(name, 'latin1')]);
  mkdirSync(join(root, 'd'));
  for (const name of names) writeFileSync(at(name), `${name} ${secret()}\n`, 'latin1');
  for (let n = 0; n < 500; n++) writeFileSync(join(root, `f${n}`), `${n}\n`);
  const { copy, workspace } = await open(root);
  expect(readdirSync(join(copy, 'd'), 'latin1').sort()).toEqual([...names].sort());
  for (const name of names) {
    expect(workspace.snapshot.get(`d/${name}`)).toMatchObject({ kind: 'file', placeholders: [expect.any(String)] });
    const bytes = readFileSync(Buffer.concat([Buffer.from(`${copy}/d/`), Buffer.from(name, 'latin1')]), 'latin1');
    expect(bytes).not.toContain(secret());
  }
});

/** What may happen to a path of the tree at any moment. */
const DEEDS: Record<string, (path: string, outside: string) => void> = {
  grow: (path) => appendFileSync(path, `${'x'.repeat(5000)} ${secret(1)}\n`),
  shrink: (path) => truncateSync(path, 3),
  vanish: (path) => rmSync(path, { recursive: true }),
  rename: (path) => renameSync(path, `${path}-moved`),
  'become a link that leads out': (path, outside) => replace(path, () => symlinkSync(outside, path)),
  'become a pipe': (path) => replace(path, () => execFileSync('mkfifo', [path])),
  'become a folder': (path) => replace(path, () => mkdirSync(path)),
  'become another file': (path) => {
    writeFileSync(`${path}-new`, `${secret(2)}\n`);
    renameSync(`${path}-new`, path);
  },
};

function replace(path: string, make: () => void): void {
  rmSync(path, { recursive: true });
  make();
}

describe('a tree that changes while it is copied', () => {
  it('never brings in a secret, or what lies outside, and ends', async () => {
    const policy = policyOf(folder());
    const prepared = await scannerOf(policy);
    const deed = fc.record({ name: fc.constantFrom(...Object.keys(DEEDS)), file: fc.nat(39), when: fc.nat(39) });
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 40 }), async (deeds) => {
        const files = Array.from({ length: 40 }, (_, n) => [
          `d${n % 4}/f${n}`,
          n % 5 === 0 ? `${secret(0)} ${n}\n` : `plain ${n}\n`,
        ]);
        const outside = project({ stolen: 'STOLEN\n' });
        const root = project(Object.fromEntries(files));
        let step = 0;
        const now = () => {
          for (const { name, file, when } of deeds)
            if (when === step) attempt(name, join(root, files[file]?.[0] as string), join(outside, 'stolen'));
          step++;
        };
        const target = folder();
        const input = { root, target, policy: { ...policy, root }, prepared, vault: createVault(), onProgress: now };
        now();
        const workspace = await createWorkspace(input);
        for (; step < 40; ) now();
        const seen = contentOf(target);
        for (const part of [secret(0), secret(1), secret(2), 'STOLEN']) expect(seen).not.toContain(part);
        for (const path of new Set([...workspace.snapshot.keys(), ...names(root)])) await workspace.refresh(path);
        for (const path of new Set([...workspace.snapshot.keys(), ...names(root)])) await workspace.refresh(path);
        const settled = contentOf(target);
        for (const part of [secret(0), secret(1), secret(2), 'STOLEN']) expect(settled).not.toContain(part);
        const plain = (path: string) => lstatSync(path).isFile() && readFileSync(path, 'utf8');
        for (const path of names(root)) {
          const real = plain(join(root, path));
          if (real && !real.includes('acme_')) expect(plain(join(target, path))).toBe(real);
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

/** A deed whose path is gone already, or no file any more, is none. */
function attempt(name: string, path: string, outside: string): void {
  try {
    DEEDS[name]?.(path, outside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

const names = (root: string): string[] => readdirSync(root, { recursive: true }).map(String);

function contentOf(root: string): string {
  const texts = names(root).map((path) => {
    const full = join(root, path);
    const stat = lstatSync(full);
    if (stat.isSymbolicLink()) return existsSync(full) ? readFileSync(full, 'latin1') : '';
    return stat.isFile() ? readFileSync(full, 'latin1') : '';
  });
  return texts.join('\n');
}
