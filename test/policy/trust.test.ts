import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  answerForGood,
  answersOf,
  approveProject,
  createPathRules,
  loadPolicy,
  readApprovals,
  withdrawProject,
} from '../../src/policy/index.ts';

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
    await approveProject(input, await readApprovals(input));
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
    await approveProject(input, await readApprovals(input));
    const other = plant('identity: keep\n');
    expect(await identity({ ...other, home: input.home })).toBe('session');
  });

  it('covers the rule packs that the policy names', async () => {
    const input = plant('identity: keep\nscan: { packs: [rules.yaml] }\n');
    writeFileSync(join(input.root, 'rules.yaml'), 'one');
    await approveProject(input, await readApprovals(input));
    expect(await identity(input)).toBe('keep');
    writeFileSync(join(input.root, 'rules.yaml'), 'two');
    expect(await identity(input)).toBe('session');
  });

  it('stands outside the project, readable by its owner only, with nothing left beside it', async () => {
    const input = plant('identity: keep\n');
    await approveProject(input, await readApprovals(input));
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

  it('approves nothing that the person did not see', async () => {
    const input = plant('identity: keep\n');
    const seen = await readApprovals(input);
    writeFileSync(join(input.root, '.sotto.yaml'), 'identity: keep\nimages: pass\n');
    expect(await approveProject(input, seen)).toBe(false);
    expect(await identity(input)).toBe('session');
  });

  it('bears hundreds of approved projects with long policies', async () => {
    const first = plant(`# ${'x'.repeat(900_000)}\nidentity: keep\n`);
    await approveProject(first, await readApprovals(first));
    for (let count = 0; count < 30; count++) {
      const other = { ...plant(`# ${'y'.repeat(60_000)}\n`), home: first.home };
      await approveProject(other, await readApprovals(other));
    }
    expect(await identity(first)).toBe('keep');
    expect((await readApprovals(first))[0]).toMatchObject({ approved: true, before: '' });
  });

  it('remembers answers by content, per project', async () => {
    const input = plant('');
    const other = plant('');
    const content = 'ab'.repeat(32);
    await answerForGood(input, content, 'redacted');
    await approveProject(input, await readApprovals(input));
    expect([...(await answersOf(input))]).toEqual([[content, 'redacted']]);
    expect((await answersOf({ ...other, home: input.home })).size).toBe(0);
  });
});

describe('a part of a git work tree', () => {
  it('obeys the policy at the top and in every folder between', async () => {
    const top = plant('hide: [/packages/web/drafts/, notes/]\nimages: refuse\n');
    const root = join(top.root, 'packages/web');
    mkdirSync(root, { recursive: true });
    mkdirSync(join(top.root, '.git'));
    writeFileSync(join(top.root, 'packages/.sotto.yaml'), 'identity: keep\nhide: [web/more/]\n');
    const input = { ...top, root };
    const policy = await loadPolicy(input);
    const rules = createPathRules(policy);
    const decided = ['drafts/a', 'notes/a', 'more/a', 'drafts2/a'].map((path) => rules.decide(path, false));
    expect(decided.map(({ decision }) => decision)).toEqual(['hide', 'hide', 'hide', 'redact']);
    expect(decided[0]?.source).toBe('../../.sotto.yaml:1');
    expect([policy.images, policy.identity]).toEqual(['refuse', 'session']);
    expect((await readApprovals(input)).map(({ name }) => name)).toEqual(['../../.sotto.yaml', '../.sotto.yaml']);
    await approveProject(input, await readApprovals(input));
    expect((await loadPolicy(input)).identity).toBe('keep');
    expect((await loadPolicy({ ...input, root: join(top.root, 'packages') })).identity).toBe('keep');
  });

  it('looks at nothing above without a repository', async () => {
    const top = plant('images: refuse\n');
    mkdirSync(join(top.root, 'inner'));
    expect((await loadPolicy({ ...top, root: join(top.root, 'inner') })).images).toBe('ask');
  });
});
