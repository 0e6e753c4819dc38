// The write-back over a copy on the tmpfs of a real sandbox, edited by programs inside it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/host/index.ts';
import { createVault } from '../../src/redact/index.ts';
import { openSandbox, type Profile, probeSandbox, type Sandbox, systemMounts } from '../../src/sandbox/index.ts';
import { createWorkspace } from '../../src/workspace/index.ts';
import { startWriteback } from '../../src/writeback/index.ts';
import { policyOf, scannerOf } from '../workspace/project.ts';
import { folder, has, project, read, rules, secret } from './session.ts';

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.dispose());

async function session(files: Record<string, string>) {
  const root = project(files);
  const policy = policyOf(root, { hide: ['.env'] }, { writeback: rules() });
  const host = readEnvironment();
  sandbox = await openSandbox(host, await probeSandbox(host), ['/usr', host.home]);
  const vault = createVault();
  const target = join(sandbox.path, 'tree');
  const workspace = await createWorkspace({ root, target, policy, prepared: await scannerOf(policy), vault });
  const writeback = await startWriteback({ workspace, policy, vault, journal: folder() });
  const profile: Profile = {
    mounts: [...systemMounts(), { kind: 'writable', source: `${sandbox.inside}/tree`, target: '/project' }],
    env: { PATH: '/usr/bin:/bin' },
    uid: 1000,
    gid: 1000,
    cwd: '/project',
    newSession: true,
  };
  const { wrap, dispose } = sandbox;
  const inside = (script: string) => {
    const { file, args, env } = wrap(profile, ['sh', '-c', script]);
    const done = spawnSync(file, [...args], { env, encoding: 'utf8', timeout: 20_000 });
    return `${done.stdout}${done.stderr}`;
  };
  return { root, copy: target, writeback, inside, dispose };
}

describe('in a sandbox', () => {
  it('a program’s edits come out with their secrets, and outside edits go in', async () => {
    const { root, copy, writeback, inside } = await session({ a: `x\nkey = ${secret()}\n`, '.env': 'real' });
    expect(inside('sed -i s/x/y/ a; mkdir -p d/e; echo n > d/e/n; echo fake > .env; cat a')).toContain(
      'key = REDACTED_',
    );
    await writeback.flush();
    expect([read(root, 'a'), read(root, 'd/e/n'), read(root, '.env')]).toEqual([
      `y\nkey = ${secret()}\n`,
      'n\n',
      'real',
    ]);
    writeFileSync(join(root, 'a'), `${read(root, 'a')}person\n`);
    await writeback.flush();
    expect(inside('cat a')).toMatch(/^y\nkey = REDACTED_\w+\nperson\n$/);
    expect(read(copy, 'a')).not.toContain(secret());
    await writeback.stop();
  });

  it('what was edited last comes out even when the sandbox is gone by then', async () => {
    const { root, writeback, inside, dispose } = await session({ a: `x\nkey = ${secret()}\n`, b: '1', 'd/c': '2' });
    inside('echo last >> a; rm b; echo new > d/n');
    await dispose();
    const report = await writeback.stop();
    expect(read(root, 'a')).toBe(`x\nkey = ${secret()}\nlast\n`);
    expect([has(root, 'b'), read(root, 'd/n'), read(root, 'd/c')]).toEqual([false, 'new\n', '2']);
    expect(report.problems).toEqual([]);
  });

  it('an outside edit while the sandbox is gone harms nothing', async () => {
    const { root, writeback, inside, dispose } = await session({ a: '1', b: '2' });
    inside('echo agent > a');
    await dispose();
    writeFileSync(join(root, 'b'), 'person');
    const report = await writeback.stop();
    expect([read(root, 'a'), read(root, 'b')]).toEqual(['agent\n', 'person']);
    expect(report.conflicts).toEqual([]);
  });
});
