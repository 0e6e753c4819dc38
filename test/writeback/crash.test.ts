// Stops the writer before each single step on the disk of a turn that does everything, and looks at the real tree after each.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycle } from '../../src/writeback/cycle.ts';
import { recover } from '../../src/writeback/index.ts';
import { finish, layGround } from '../../src/writeback/start.ts';
import { walk } from '../../src/writeback/walk.ts';
import { folder, type Ready, ready, secret } from './session.ts';

const FILES = {
  secret: `key = ${secret()}\nport = 1\n`,
  removed: 'removed\n',
  renamed: 'renamed\n',
  mode: 'mode\n',
  becomes: 'a folder\n',
  link: 'link\n',
  both: 'both\n',
  broken: `key = ${secret(2)}\nport = 1\n`,
  'dir/.env': 'hidden',
  'dir/a': 'in dir\n',
};

function edit({ copy, root }: Ready): void {
  const at = (name: string) => join(copy, name);
  writeFileSync(at('secret'), readFileSync(at('secret'), 'utf8').replace('port = 1', 'port = 2'));
  rmSync(at('removed'));
  renameSync(at('renamed'), at('new-name'));
  chmodSync(at('mode'), 0o600);
  rmSync(at('becomes'));
  mkdirSync(at('becomes'));
  writeFileSync(at('becomes/in'), 'in it\n');
  rmSync(at('link'));
  symlinkSync('mode', at('link'));
  mkdirSync(at('x/y'), { recursive: true });
  writeFileSync(at('x/y/made'), 'made\n');
  rmSync(at('dir'), { recursive: true });
  writeFileSync(at('both'), 'agent\n');
  writeFileSync(join(root, 'both'), 'person\n');
  writeFileSync(at('broken'), readFileSync(at('broken'), 'utf8').replace(/[0-9a-f]\nport = 1/, 'x\nport = 2'));
}

class Crash extends Error {}

/** One turn that stops for good before step `at`; how many steps it took. */
async function run(at: Ready, journal: string, stopAt: number): Promise<number> {
  let steps = 0;
  const ground = layGround(
    { ...at.input, journal },
    {
      beforeStep: () => {
        if (++steps >= stopAt) throw new Crash();
      },
    },
  );
  try {
    edit(at);
    await cycle(ground, await walk(ground, 'inside'), false);
    await finish(ground);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  } finally {
    ground.inside.close();
    ground.outside.close();
  }
  return steps;
}

/** Content of every file by path; temporary files under one name. */
function treeOf(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(root, { recursive: true }).map(String)) {
    const stats = lstatSync(join(root, path));
    if (stats.isFile()) found[path] = readFileSync(join(root, path), 'utf8');
    if (stats.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(root, path))}`;
  }
  return found;
}

const isTemp = (path: string) => path.includes('.sotto-tmp-');

const AFTER: Record<string, string> = {
  '.sotto/.gitignore': '*\n',
  '.sotto/conflicts/both': 'agent\n',
  'becomes/in': 'in it\n',
  both: 'person\n',
  broken: `key = ${secret(2)}\nport = 2\n`,
  'dir/.env': 'hidden',
  link: '-> mode',
  mode: 'mode\n',
  'new-name': 'renamed\n',
  secret: `key = ${secret()}\nport = 2\n`,
  'x/y/made': 'made\n',
};

describe.each([{ fsync: false }, { fsync: true }])('a writer that is stopped, waiting for the disk: $fsync', ({
  fsync,
}) => {
  it('never is in the test that counts its steps', async () => {
    const at = await ready(FILES, { hide: ['.env'] }, { fsync });
    await run(at, folder(), Number.POSITIVE_INFINITY);
    const { '.sotto/conflicts/broken': broken, ...rest } = treeOf(at.root);
    expect(rest).toEqual(AFTER);
    expect(broken).toContain('x\nport = 2');
  });

  it('leaves every file whole, before or after its change, at whatever step it stops', async () => {
    const steps = await run(await ready(FILES, { hide: ['.env'] }, { fsync }), folder(), Number.POSITIVE_INFINITY);
    expect(steps).toBeGreaterThan(40);
    for (let stopAt = 1; stopAt <= steps; stopAt++) {
      const at = await ready(FILES, { hide: ['.env'] }, { fsync });
      const sessions = folder();
      await run(at, join(sessions, 'one'), stopAt);
      const tree = treeOf(at.root);
      const told = `stopped before step ${stopAt}`;
      for (const [path, content] of Object.entries(tree).filter(([path]) => !isTemp(path))) {
        if (path.startsWith('.sotto/')) continue;
        const before = path === 'both' ? 'person\n' : FILES[path as keyof typeof FILES];
        expect([before, AFTER[path]], `${told}: ${path}`).toContain(content);
      }
      expect(tree['dir/.env'], told).toBe('hidden');
      // Whatever is not there any more was meant to go, and nothing of the renamed file is lost.
      const meant = ['removed', 'renamed', 'becomes', 'dir/a'];
      expect(
        Object.keys(FILES).filter((path) => tree[path] === undefined && !meant.includes(path)),
        told,
      ).toEqual([]);
      expect([tree.renamed, tree['new-name']], told).toContain('renamed\n');
      revive(join(sessions, 'one'));
      recover(sessions);
      expect(Object.keys(treeOf(at.root)).filter(isTemp), told).toEqual([]);
      expect(existsSync(join(sessions, 'one')), told).toBe(false);
    }
  });
});

/** The journal is this very process's: as if it were another one's that died. */
function revive(folder: string): void {
  const file = join(folder, 'under-way.json');
  const said = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, `${JSON.stringify({ ...said, pid: 2 ** 22 + 1 })}\n`);
}
