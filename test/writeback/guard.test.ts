import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGuard, newlyExecutable, scriptsDiffer } from '../../src/writeback/guard.ts';
import { applyHeld, previewHeld, readHeld, startWriteback, writeHeld } from '../../src/writeback/index.ts';
import { GUARD, has, type Ready, read, ready, secret } from './session.ts';

describe('what is guarded', () => {
  const guard = createGuard([...GUARD, 'package.json']);
  it.each([
    ['.envrc', '.envrc'],
    ['deep/.envrc', '.envrc'],
    ['.husky/pre-commit', '.husky/'],
    ['.vscode/tasks.json', '.vscode/'],
    ['Makefile', 'Makefile'],
    ['src/index.ts', undefined],
    ['package.json', undefined],
  ])('%s: %s', (path, why) => expect(guard.path(path, false)).toBe(why));

  it.each([
    ['.vscode', true],
    ['x/.husky', true],
    ['.github', true],
    ['docs', false],
  ])('a link at %s: %s', (path, waits) => expect(guard.link(path) !== undefined).toBe(waits));

  it.each([
    ['no scripts on either side', '{"a":1}', '{"a":2}', false],
    ['the same scripts', '{"scripts":{"t":"x"}}', '{"v":2,"scripts":{"t":"x"}}', false],
    ['another script', '{"scripts":{"t":"x"}}', '{"scripts":{"t":"y"}}', true],
    ['scripts that are new', undefined, '{"scripts":{"t":"y"}}', true],
    ['scripts gone', '{"scripts":{"t":"y"}}', '{}', true],
    ['no JSON, which others may read all the same', '{}', '{"scripts":{"t":"y"},}', true],
    ['the same that is no JSON', '{oops', '{oops', false],
    ['a byte order mark before them', '{}', '\ufeff{"scripts":{"t":"y"}}', true],
    ['hooks of another tool', '{}', '{"simple-git-hooks":{"pre-commit":"y"}}', true],
    ['another package manager', '{}', '{"packageManager":"x@1+sha1.0"}', true],
  ])('scripts: %s', (_description, before, after, differ) => {
    expect(scriptsDiffer(before === undefined ? undefined : Buffer.from(before), Buffer.from(after))).toBe(differ);
  });

  it('tells newly executable files', () => {
    expect([newlyExecutable(undefined, 0o755), newlyExecutable(0o644, 0o744)]).toEqual([true, true]);
    expect([newlyExecutable(0o755, 0o711), newlyExecutable(0o644, 0o600)]).toEqual([false, false]);
  });
});

/** A session in which the agent edits; hands back its report. */
async function session(at: Ready, edit: () => void) {
  const writeback = await startWriteback(at.input);
  edit();
  await writeback.flush();
  return writeback.stop();
}

const wait = { guard: GUARD };
const all = () => true;

describe('guarded changes', () => {
  it('wait, while edits of other files flow', async () => {
    const at = await ready({ '.envrc': 'old', Makefile: 'all:\n', a: '1', '.vscode/tasks.json': '{}' }, {}, wait);
    const report = await session(at, () => {
      writeFileSync(join(at.copy, '.envrc'), 'curl evil');
      writeFileSync(join(at.copy, 'Makefile'), 'all:\n\tevil\n');
      mkdirSync(join(at.copy, '.husky'));
      writeFileSync(join(at.copy, '.husky/pre-commit'), 'evil');
      rmSync(join(at.copy, '.vscode/tasks.json'));
      writeFileSync(join(at.copy, 'a'), '2');
    });
    expect([read(at.root, '.envrc'), read(at.root, 'Makefile'), read(at.root, 'a')]).toEqual(['old', 'all:\n', '2']);
    expect([has(at.root, '.husky/pre-commit'), has(at.root, '.vscode/tasks.json')]).toEqual([false, true]);
    expect(report.held.map(({ path }) => path).sort()).toEqual([
      '.envrc',
      '.husky/pre-commit',
      '.vscode/tasks.json',
      'Makefile',
    ]);
  });

  it('cannot be smuggled in by a rename or a link', async () => {
    const at = await ready({ script: 'evil', 'd/tasks.json': 'evil' }, {}, wait);
    const report = await session(at, () => {
      renameSync(join(at.copy, 'script'), join(at.copy, '.envrc'));
      symlinkSync('d', join(at.copy, '.vscode'));
    });
    expect([has(at.root, '.envrc'), has(at.root, '.vscode')]).toEqual([false, false]);
    expect(report.held.map(({ path }) => path).sort()).toEqual(['.envrc', '.vscode']);
  });

  it('cannot be smuggled in by a rename to package.json', async () => {
    const at = await ready({ 'package.json': '{"version":"1"}', a: '1' }, {}, wait);
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'data.json'), '{"scripts":{"postinstall":"evil"}}');
    await writeback.flush();
    rmSync(join(at.copy, 'package.json'));
    renameSync(join(at.copy, 'data.json'), join(at.copy, 'package.json'));
    await writeback.flush();
    const { held } = await writeback.stop();
    expect(read(at.root, 'package.json')).not.toContain('evil');
    expect(held).toEqual([{ path: 'package.json', why: 'scripts' }]);
  });

  it('cannot be smuggled in by a rename to a package.json that is new', async () => {
    const at = await ready({ a: '1' }, {}, wait);
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'data.json'), '{"scripts":{"postinstall":"evil"}}');
    await writeback.flush();
    renameSync(join(at.copy, 'data.json'), join(at.copy, 'package.json'));
    await writeback.flush();
    const { held } = await writeback.stop();
    expect([has(at.root, 'package.json'), held]).toEqual([false, [{ path: 'package.json', why: 'scripts' }]]);
  });

  it('leave the content of a newly executable file free and hold only its mode', async () => {
    const at = await ready({ 'run.sh': 'a', new: '' }, {}, wait);
    const report = await session(at, () => {
      writeFileSync(join(at.copy, 'run.sh'), 'b');
      chmodSync(join(at.copy, 'run.sh'), 0o755);
      writeFileSync(join(at.copy, 'made.sh'), 'c', { mode: 0o755 });
    });
    expect([read(at.root, 'run.sh'), read(at.root, 'made.sh')]).toEqual(['b', 'c']);
    expect([lstatSync(join(at.root, 'run.sh')).mode & 0o111, lstatSync(join(at.root, 'made.sh')).mode & 0o111]).toEqual(
      [0, 0],
    );
    expect(report.held.map(({ why }) => why)).toEqual(['executable', 'executable']);
    applyHeld(readHeld(at.input.journal)!, all);
    expect(lstatSync(join(at.root, 'made.sh')).mode & 0o777).toBe(0o755);
  });

  it('hold a package.json only when its scripts differ', async () => {
    const files = { 'package.json': '{"version":"1"}', 'sub/package.json': '{}' };
    const at = await ready(files, {}, wait);
    const report = await session(at, () => {
      writeFileSync(join(at.copy, 'package.json'), '{"version":"2"}');
      writeFileSync(join(at.copy, 'sub/package.json'), '{"scripts":{"postinstall":"evil"}}');
    });
    expect([read(at.root, 'package.json'), read(at.root, 'sub/package.json')]).toEqual(['{"version":"2"}', '{}']);
    expect(report.held).toEqual([{ path: 'sub/package.json', why: 'scripts' }]);
  });

  it('come out as soon as the person says yes', async () => {
    const at = await ready({ '.envrc': `old\nkey = ${secret()}\n` }, {}, wait);
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, '.envrc'), read(at.copy, '.envrc').replace('old', 'new'));
    await writeback.flush();
    expect(read(at.root, '.envrc')).toContain('old');
    await writeback.allow('.envrc', 'guarded');
    expect(read(at.root, '.envrc')).toBe(`new\nkey = ${secret()}\n`);
    expect((await writeback.stop()).held).toEqual([]);
  });

  it('are not let through by a broken placeholder beside them', async () => {
    const at = await ready({ '.envrc': `key = ${secret()}\nold\n` }, {}, wait);
    const report = await session(at, () =>
      writeFileSync(join(at.copy, '.envrc'), read(at.copy, '.envrc').replace(/.\nold/, 'x\nevil')),
    );
    expect(read(at.root, '.envrc')).toBe(`key = ${secret()}\nold\n`);
    expect(report.held.map(({ path }) => path)).toEqual(['.envrc']);
    const { applied } = applyHeld(readHeld(at.input.journal)!, all);
    expect([applied[0]?.outcome, read(at.root, '.envrc')]).toEqual(['secret', `key = ${secret()}\nold\n`]);
  });

  it('are not let through by a merge', async () => {
    const at = await ready(
      { '.envrc': 'a\nb\nc\nd\n', 'package.json': '{\n"a": 1,\n"b": 2,\n"scripts": {}\n}\n' },
      {},
      wait,
    );
    const writeback = await startWriteback(at.input);
    for (const name of ['.envrc', 'package.json'])
      writeFileSync(join(at.root, name), read(at.root, name).replace('b', 'B'));
    await writeback.flush();
    writeFileSync(join(at.copy, '.envrc'), read(at.copy, '.envrc').replace('d', 'evil'));
    writeFileSync(join(at.copy, 'package.json'), read(at.copy, 'package.json').replace('{}', '{"test": "evil"}'));
    for (const name of ['.envrc', 'package.json'])
      writeFileSync(join(at.root, name), read(at.root, name).replace('a', 'A'));
    await writeback.flush();
    const report = await writeback.stop();
    expect(read(at.root, '.envrc') + read(at.root, 'package.json')).not.toContain('evil');
    expect(report.conflicts.map(({ path }) => path).sort()).toEqual(['.envrc', 'package.json']);
  });

  it('are forgotten when the agent takes them back', async () => {
    const at = await ready({ '.envrc': 'old' }, {}, wait);
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, '.envrc'), 'evil');
    await writeback.flush();
    writeFileSync(join(at.copy, '.envrc'), 'old');
    await writeback.flush();
    expect((await writeback.stop()).held).toEqual([]);
    expect(existsSync(at.input.journal)).toBe(false);
  });

  it.each([
    { guarded: 'apply' as const, real: 'new', problems: [] },
    { guarded: 'drop' as const, real: 'old', problems: ['writeback.dropped'] },
  ])('under $guarded: the real file holds $real', async ({ guarded, real, problems }) => {
    const at = await ready({ '.envrc': 'old' }, {}, { ...wait, guarded });
    const report = await session(at, () => writeFileSync(join(at.copy, '.envrc'), 'new'));
    expect(read(at.root, '.envrc')).toBe(real);
    expect(report.problems.map(({ code }) => code)).toEqual(problems);
    expect(report.held).toEqual([]);
  });
});

describe('after the session', () => {
  const files = { '.envrc': `export A=1\nexport KEY=${secret()}\n` };
  async function held(more: string) {
    const at = await ready(files, {}, wait);
    await session(at, () => writeFileSync(join(at.copy, '.envrc'), `${more}${read(at.copy, '.envrc')}`));
    return { ...at, folder: at.input.journal };
  }

  it('what waits is on disk without a secret', async () => {
    const at = await held('export B=2\n');
    const text = readFileSync(join(at.folder, 'held.json'), 'utf8');
    expect(text).not.toContain(secret());
    expect(text).not.toContain(Buffer.from(secret()).toString('base64').slice(4, 20));
    expect(lstatSync(join(at.folder, 'held.json')).mode & 0o777).toBe(0o600);
  });

  it('it is applied with the secret taken from the real file, and nothing is left', async () => {
    const at = await held('export B=2\n');
    const { applied, left } = applyHeld(readHeld(at.folder)!, all);
    writeHeld(at.folder, left);
    expect(applied).toEqual([{ path: '.envrc', why: '.envrc', outcome: 'applied' }]);
    expect(read(at.root, '.envrc')).toBe(`export B=2\n${files['.envrc']}`);
    expect(existsSync(at.folder)).toBe(false);
  });

  it('it is not applied over a real file that has changed since', async () => {
    const at = await held('export B=2\n');
    writeFileSync(join(at.root, '.envrc'), 'mine');
    const { applied, left } = applyHeld(readHeld(at.folder)!, all);
    expect([applied[0]?.outcome, left.changes.length, read(at.root, '.envrc')]).toEqual(['stale', 1, 'mine']);
  });

  it('it is not applied when a secret of it is not in the real file', async () => {
    const at = await ready({ '.envrc': 'x\n' }, {}, wait);
    const typed = at.vault.place('acme.token', secret(7), 'prompt');
    await session(at, () => writeFileSync(join(at.copy, '.envrc'), `x ${typed}\n`));
    const { applied } = applyHeld(readHeld(at.input.journal)!, all);
    expect([applied[0]?.outcome, read(at.root, '.envrc')]).toEqual(['secret', 'x\n']);
  });

  it('it is shown with placeholders on both sides', async () => {
    const at = await held('export B=2\n');
    const [preview] = previewHeld(readHeld(at.folder)!);
    expect(preview?.after.toString()).toBe(`export B=2\n${preview?.before.toString()}`);
    expect(preview?.before.toString()).toContain('REDACTED_');
    expect(preview?.before.toString()).not.toContain(secret());
  });
});
