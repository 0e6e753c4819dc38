import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeld, recover, startWriteback } from '../../src/writeback/index.ts';
import { folder, GUARD, project, ready, secret } from './session.ts';

const DEAD = { pid: 2 ** 22 + 1, started: '1' };

function session(root: string, said: object): string {
  const sessions = folder();
  mkdirSync(join(sessions, 'one'));
  writeFileSync(join(sessions, 'one/under-way.json'), `${JSON.stringify({ root, ...DEAD, paths: [], ...said })}\n`);
  return sessions;
}

describe('recover', () => {
  it('removes what a dead session left half written, and tells what was under way', () => {
    const root = project({
      a: '1',
      'd/b': '2',
      'd/.sotto-tmp-12ab': secret(),
      '.sotto-tmp-34cd': secret(),
      'e/.sotto-tmp-1': 'x',
    });
    const sessions = session(root, { paths: ['a', 'd/b'] });
    expect(recover(sessions)).toEqual([
      { session: 'one', root, paths: ['a', 'd/b'], removed: ['.sotto-tmp-34cd', 'd/.sotto-tmp-12ab'], held: 0 },
    ]);
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(['a', 'd', 'd/b', 'e', 'e/.sotto-tmp-1']);
    expect(readdirSync(sessions)).toEqual([]);
    expect(recover(sessions)).toEqual([]);
  });

  it('leaves a session alone that still runs', async () => {
    const sessions = folder();
    const at = await ready({ a: '1' });
    const writeback = await startWriteback({ ...at.input, journal: join(sessions, 'one') });
    expect(recover(sessions)).toEqual([]);
    expect(existsSync(join(sessions, 'one/under-way.json'))).toBe(true);
    await writeback.stop();
    expect(readdirSync(sessions)).toEqual([]);
  });

  it('knows a dead session whose pid is used again', () => {
    const root = project({ a: '1' });
    const sessions = session(root, { pid: process.pid, started: '1', paths: ['a'] });
    expect(recover(sessions).map(({ paths }) => paths)).toEqual([['a']]);
  });

  it.each([
    ['cut off', '{"root":'],
    ['empty', ''],
    ['of another form', '[]'],
  ])('does nothing with a journal that is %s', (_description, text) => {
    const sessions = session(project({ a: '1' }), {});
    writeFileSync(join(sessions, 'one/under-way.json'), text);
    expect(recover(sessions)).toEqual([]);
  });

  it('does nothing to a project that is gone', () => {
    expect(recover(session('/nowhere/at/all', { paths: ['a'] })).map(({ removed }) => removed)).toEqual([[]]);
  });

  it('keeps guarded changes of a session that was killed', async () => {
    const sessions = folder();
    const at = await ready({ '.envrc': `K=${secret()}\n` }, {}, { guard: GUARD });
    const writeback = await startWriteback({ ...at.input, journal: join(sessions, 'one') });
    writeFileSync(join(at.copy, '.envrc'), `B=1\n${readFileSync(join(at.copy, '.envrc'), 'utf8')}`);
    await writeback.flush();
    // As if killed now: what is on disk is what there is.
    expect(readHeld(join(sessions, 'one'))?.changes.map(({ path }) => path)).toEqual(['.envrc']);
    expect(readFileSync(join(sessions, 'one/under-way.json'), 'utf8')).not.toContain(secret());
    await writeback.stop();
  });
});
