import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveProject, loadPolicy, withdrawProject } from '../../src/policy/index.ts';

function plant(policy: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-trust-'));
  for (const name of ['root', 'home', 'etc']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'root/.sotto.yaml'), policy);
  return { root: join(folder, 'root'), home: join(folder, 'home'), systemFolder: join(folder, 'etc'), env: {} };
}

const identity = async (input: ReturnType<typeof plant>) => (await loadPolicy(input)).identity;

describe('approval of a project policy', () => {
  it('makes a loosening count for this very content, until it is withdrawn', async () => {
    const input = plant('identity: keep\n');
    expect(await identity(input)).toBe('session');
    await approveProject(input);
    expect(await identity(input)).toBe('keep');
    writeFileSync(join(input.root, '.sotto.yaml'), 'identity: keep \n');
    expect(await identity(input)).toBe('session');
    writeFileSync(join(input.root, '.sotto.yaml'), 'identity: keep\n');
    expect(await identity(input)).toBe('keep');
    expect(await withdrawProject(input)).toBe(true);
    expect(await identity(input)).toBe('session');
  });

  it('counts for one project only', async () => {
    const input = plant('identity: keep\n');
    await approveProject(input);
    const other = plant('identity: keep\n');
    expect(await identity({ ...other, home: input.home })).toBe('session');
  });

  it('covers the rule packs that the policy names', async () => {
    const input = plant('identity: keep\nscan: { packs: [rules.yaml] }\n');
    writeFileSync(join(input.root, 'rules.yaml'), 'one');
    await approveProject(input);
    expect(await identity(input)).toBe('keep');
    writeFileSync(join(input.root, 'rules.yaml'), 'two');
    expect(await identity(input)).toBe('session');
  });

  it('stands outside the project, readable by its owner only, with nothing left beside it', async () => {
    const input = plant('identity: keep\n');
    await approveProject(input);
    const folder = join(input.home, '.config/sotto');
    expect(readdirSync(folder)).toEqual(['trusted.json']);
    expect(statSync(join(folder, 'trusted.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'trusted.json'), 'utf8')).toContain(input.root);
  });

  it('refuses a damaged list of approvals instead of taking it for empty', async () => {
    const input = plant('identity: keep\n');
    mkdirSync(join(input.home, '.config/sotto'), { recursive: true });
    writeFileSync(join(input.home, '.config/sotto/trusted.json'), '{"version":1,');
    await expect(loadPolicy(input)).rejects.toThrow(/the list of approvals cannot be read/);
  });
});
