// Small real projects in temporary folders, and what the tests of this room need besides.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Decision, Policy } from '../../src/policy/index.ts';
import { createVault, type Vault } from '../../src/redact/index.ts';
import { type PreparedScanner, prepareScanner } from '../../src/scan/index.ts';
import { createWorkspace, type Workspace } from '../../src/workspace/index.ts';
import { makePolicy } from '../support/policy.ts';

export const PACK = fileURLToPath(new URL('fixtures/acme.yaml', import.meta.url));

/** Made up, and built here so that no scanner takes the tests for a leak. */
export const secret = (n = 0): string => `acme_${String(n).padStart(4, '0')}${'q7w3e9r1t5z2u8i4o6p0'}`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder that goes away after the tests of this file. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  folders.push(made);
  return made;
}

/** A folder with these files; a name that ends in `/` is an empty folder. */
export function project(files: Record<string, string | Buffer>): string {
  const root = folder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return root;
}

type Paths = Partial<Record<Decision, readonly string[]>>;

/** A policy of the tests' own: these path patterns, and defaults that withhold nothing. */
export function policyOf(root: string, paths: Paths = {}, rest: Partial<Policy> = {}): Policy {
  const rules = Object.entries(paths).flatMap(([decision, patterns]) =>
    patterns.map((pattern) => ({ pattern, decision: decision as Decision, source: '.sotto.yaml:1', base: '' })),
  );
  const own = {
    paths: rules,
    scan: { packs: [PACK] },
    workspace: { memory: 0.25, overlays: ['node_modules', 'vendor/bundle'], remember: false },
    git: { depth: 200, authors: 'keep' as const },
  };
  return makePolicy(root, { ...own, ...rest });
}

let prepared: Promise<PreparedScanner> | undefined;
export const scannerOf = (policy: Policy): Promise<PreparedScanner> => {
  prepared ??= prepareScanner(policy.scan);
  return prepared;
};

export interface Opened {
  workspace: Workspace;
  vault: Vault;
  root: string;
  /** Path of the copy. */
  copy: string;
}

/** Makes the working copy of a project. */
export async function open(root: string, paths: Paths = {}, rest: Partial<Policy> = {}): Promise<Opened> {
  const policy = policyOf(root, paths, rest);
  const vault = createVault();
  const target = folder();
  const workspace = await createWorkspace({ root, target, policy, prepared: await scannerOf(policy), vault });
  return { workspace, vault, root, copy: target };
}
