import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveProject, createPathRules, integrityOf, loadPolicy, readApprovals } from '../../src/policy/index.ts';

function plant(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-extends-'));
  for (const name of ['root', 'home', 'etc']) mkdirSync(join(folder, name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { root: join(folder, 'root'), home: join(folder, 'home'), systemFolder: join(folder, 'etc'), env: {} };
}

const refusal = (input: ReturnType<typeof plant>) =>
  loadPolicy(input).then(
    () => 'loaded',
    (error: { message: string; hint: string }) => `${error.message} | ${error.hint}`,
  );

const TEAM = 'hide: [payroll/]\nimages: refuse\nidentity: keep\n';

describe('extends', () => {
  it('brings in files before the one that names them, with places of their own', async () => {
    const input = plant({
      'root/.sotto.yaml': 'extends: [policy/team.yaml]\ngit: { depth: 5 }\n',
      'root/policy/team.yaml': 'extends: [deep/base.yaml]\ngit: { depth: 7 }\n',
      'root/policy/deep/base.yaml': 'hide: [payroll/]\n',
    });
    const policy = await loadPolicy(input);
    expect(policy.git.depth).toBe(5);
    expect(createPathRules(policy).decide('payroll/a', false)).toEqual({
      decision: 'hide',
      pattern: 'payroll/',
      source: 'policy/deep/base.yaml:1',
    });
  });

  it('brings in a package that is pinned, with the rights of the file that names it', async () => {
    const extend = `extends: [{ package: '@acme/sotto-policy', integrity: ${integrityOf(TEAM)} }]\n`;
    const input = plant({ 'root/.sotto.yaml': extend, 'root/node_modules/@acme/sotto-policy/policy.yaml': TEAM });
    const before = await loadPolicy(input);
    expect([before.images, before.identity]).toEqual(['refuse', 'session']);
    await approveProject(input, await readApprovals(input));
    expect((await loadPolicy(input)).identity).toBe('keep');
  });

  it('asks for approval again when an extended file changes', async () => {
    const input = plant({ 'root/.sotto.yaml': 'extends: [team.yaml]\n', 'root/team.yaml': 'identity: keep\n' });
    await approveProject(input, await readApprovals(input));
    expect((await loadPolicy(input)).identity).toBe('keep');
    writeFileSync(join(input.root, 'team.yaml'), 'identity: keep\nimages: pass\n');
    expect((await loadPolicy(input)).identity).toBe('session');
  });

  it('refuses a package that is not the one that was pinned, and says which it is', async () => {
    const extend = `extends: [{ package: '@acme/sotto-policy', integrity: ${integrityOf('')} }]\n`;
    const input = plant({ 'root/.sotto.yaml': extend, 'root/node_modules/@acme/sotto-policy/policy.yaml': TEAM });
    expect(await refusal(input)).toBe(
      'the policy is not valid: .sotto.yaml:1:11: @acme/sotto-policy/policy.yaml is not the one that was pinned' +
        ` | if the change is meant, pin ${integrityOf(TEAM)}`,
    );
  });

  it.each([
    [
      'a package that is not installed',
      `{ package: none, integrity: ${integrityOf('')} }`,
      'none/policy.yaml is not installed',
    ],
    [
      'a name that leads elsewhere',
      `{ package: ../up, integrity: ${integrityOf('')} }`,
      'this is no name of an npm package',
    ],
    ['a file that is missing', 'gone.yaml', 'this file does not exist'],
    ['itself', '.sotto.yaml', 'this file extends itself'],
  ])('refuses %s', async (_, entry, problem) => {
    expect(await refusal(plant({ 'root/.sotto.yaml': `extends: [${entry}]\n` }))).toContain(
      `.sotto.yaml:1:11: ${problem}`,
    );
  });

  it('refuses files outside the project, also through links', async () => {
    const out = plant({ 'root/.sotto.yaml': 'extends: [../home/x.yaml]\n', 'home/x.yaml': 'hide: [x]\n' });
    expect(await refusal(out)).toContain('it leads out of the project');
    const link = plant({ 'root/.sotto.yaml': 'extends: [link.yaml]\n', 'home/x.yaml': 'hide: [x]\n' });
    symlinkSync('../home/x.yaml', join(link.root, 'link.yaml'));
    expect(await refusal(link)).toContain('it leads out of the project');
  });

  it('refuses a file that multiplies itself', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`root/${at}.yaml`, `extends: [${at + 1}.yaml, ${at + 1}.yaml]\n`]),
    );
    const input = plant({ ...files, 'root/12.yaml': 'hide: [x]\n', 'root/.sotto.yaml': 'extends: [0.yaml]\n' });
    expect(await refusal(input)).toContain('more than 32 files are extended');
  });
});

describe('lock', () => {
  it('refuses to lock a key that does not exist', async () => {
    const input = plant({ 'etc/sotto/policy.yaml': 'lock: [hide, scan.binary]\n' });
    expect(await refusal(input)).toMatch(
      /policy\.yaml:1:14: lock\[2\] is no key of a policy \| did you mean scan\.binaries\?/,
    );
  });

  it('holds everything under a key, and everything with all', async () => {
    const user = 'scan: { binaries: { archives: trust } }\nidentity: keep\n';
    const some = await loadPolicy(
      plant({ 'etc/sotto/policy.yaml': 'lock: [scan]\n', 'home/.config/sotto/policy.yaml': user }),
    );
    expect([some.scan.binaries.archives, some.identity]).toEqual(['ask', 'keep']);
    const all = await loadPolicy(
      plant({ 'etc/sotto/policy.yaml': 'lock: all\n', 'home/.config/sotto/policy.yaml': user }),
    );
    expect([all.scan.binaries.archives, all.identity]).toEqual(['ask', 'session']);
  });
});
