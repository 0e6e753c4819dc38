// Stops the writer before each single step on the disk of a turn that does everything, and looks at the real tree after each.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycle } from '../../src/writeback/cycle.ts';
import { finish, layGround } from '../../src/writeback/start.ts';
import { walk } from '../../src/writeback/walk.ts';
import { AFTER, checkRecovers, checkWhole, edit, FILES, treeOf } from './crash-tree.ts';
import { folder, type Ready, ready } from './session.ts';

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
      const told = `stopped before step ${stopAt}`;
      checkWhole(at.root, told);
      revive(join(sessions, 'one'));
      checkRecovers(at.root, sessions, told);
    }
  });
});

/** The journal is this very process's: as if it were another one's that died. */
function revive(folder: string): void {
  const file = join(folder, 'under-way.json');
  const said = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, `${JSON.stringify({ ...said, pid: 2 ** 22 + 1 })}\n`);
}
