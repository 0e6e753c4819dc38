import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startWriteback } from '../../src/writeback/index.ts';
import { has, type Ready, read, ready, secret } from './session.ts';

const modeOf = (...path: string[]) => lstatSync(join(...path)).mode & 0o777;

/** Edits inside, waits until the write-back has seen it, and hands back what came of it. */
async function live(at: Ready, edit: () => void) {
  const writeback = await startWriteback(at.input);
  edit();
  await writeback.flush();
  return writeback;
}

describe('inside to outside, live', () => {
  it('brings an edit out while the session runs', async () => {
    const at = await ready({ 'src/a.ts': 'one\n' });
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'src/a.ts'), 'two\n'));
    expect(read(at.root, 'src/a.ts')).toBe('two\n');
    expect((await writeback.stop()).changes).toEqual([{ path: 'src/a.ts', kind: 'modify' }]);
  });

  it('brings a new file in new folders out, with its mode', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => {
      mkdirSync(join(at.copy, 'x/y/z'), { recursive: true });
      writeFileSync(join(at.copy, 'x/y/z/new'), 'hi', { mode: 0o640 });
    });
    expect(read(at.root, 'x/y/z/new')).toBe('hi');
    expect(modeOf(at.root, 'x/y/z/new')).toBe(0o640);
    await writeback.stop();
  });

  it('brings a deletion out', async () => {
    const at = await ready({ 'd/a': '1', b: '2' });
    const writeback = await live(at, () => rmSync(join(at.copy, 'd'), { recursive: true }));
    expect(readdirSync(at.root)).toEqual(['b']);
    await writeback.stop();
  });

  it('brings a rename out, and the real file stays the same file', async () => {
    const at = await ready({ 'a.txt': 'some content' });
    const { ino } = lstatSync(join(at.root, 'a.txt'));
    const writeback = await live(at, () => renameSync(join(at.copy, 'a.txt'), join(at.copy, 'b.txt')));
    expect(readdirSync(at.root)).toEqual(['b.txt']);
    expect(lstatSync(join(at.root, 'b.txt')).ino).toBe(ino);
    await writeback.stop();
  });

  it('brings a renamed folder out with all that is in it, and edits in it afterwards', async () => {
    const at = await ready({ 'd/e/a': 'aaa', 'd/b': 'bbb' });
    const writeback = await live(at, () => renameSync(join(at.copy, 'd'), join(at.copy, 'n')));
    expect(read(at.root, 'n/e/a')).toBe('aaa');
    expect(has(at.root, 'd')).toBe(false);
    writeFileSync(join(at.copy, 'n/e/a'), 'changed');
    await writeback.flush();
    expect(read(at.root, 'n/e/a')).toBe('changed');
    await writeback.stop();
  });

  it('brings a rename that only changes case out', async () => {
    const at = await ready({ readme: 'text' });
    const writeback = await live(at, () => renameSync(join(at.copy, 'readme'), join(at.copy, 'README')));
    expect(readdirSync(at.root)).toEqual(['README']);
    await writeback.stop();
  });

  it('brings a change of mode out', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => chmodSync(join(at.copy, 'a'), 0o600));
    expect(modeOf(at.root, 'a')).toBe(0o600);
    expect((await writeback.stop()).changes).toEqual([{ path: 'a', kind: 'mode' }]);
  });

  it('keeps the mode of a file that is replaced by rename, as editors do', async () => {
    const at = await ready({ a: '1' });
    chmodSync(join(at.root, 'a'), 0o600);
    await at.workspace.refresh('a');
    const writeback = await live(at, () => {
      writeFileSync(join(at.copy, 'a.tmp'), '2', { mode: 0o600 });
      renameSync(join(at.copy, 'a.tmp'), join(at.copy, 'a'));
    });
    expect(read(at.root, 'a')).toBe('2');
    expect(modeOf(at.root, 'a')).toBe(0o600);
    expect(readdirSync(at.root)).toEqual(['a']);
    await writeback.stop();
  });

  it('brings symbolic links out and keeps them links', async () => {
    const at = await ready({ 'd/a': '1' });
    const writeback = await live(at, () => symlinkSync('d/a', join(at.copy, 'link')));
    expect(readlinkSync(join(at.root, 'link'))).toBe('d/a');
    unlinkSync(join(at.copy, 'link'));
    symlinkSync('d', join(at.copy, 'link'));
    await writeback.flush();
    expect(readlinkSync(join(at.root, 'link'))).toBe('d');
    await writeback.stop();
  });

  it.each([
    { description: 'a file became a folder', from: { x: 'file' }, to: 'folder' },
    { description: 'a folder became a file', from: { 'x/a': 'file' }, to: 'file' },
    { description: 'a file became a link', from: { x: 'file', y: '1' }, to: 'link' },
  ])('follows when $description', async ({ from, to }) => {
    const at = await ready(from as Record<string, string>);
    const x = join(at.copy, 'x');
    const writeback = await live(at, () => {
      rmSync(x, { recursive: true });
      if (to === 'folder') mkdirSync(x);
      if (to === 'folder') writeFileSync(join(x, 'a'), 'in it');
      if (to === 'file') writeFileSync(x, 'now a file');
      if (to === 'link') symlinkSync('y', x);
    });
    const stat = lstatSync(join(at.root, 'x'));
    expect(stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'link').toBe(to);
    if (to === 'folder') expect(read(at.root, 'x/a')).toBe('in it');
    expect((await writeback.stop()).problems).toEqual([]);
  });

  it('keeps names that are no UTF-8, with newlines, and the twins of one name apart', async () => {
    const at = await ready({ a: '1' });
    const names = ['f\xff\xfe', 'new\nline', '-rf', '\xc3\xa9', 'e\xcc\x81', 'n'.repeat(255)].map((name) =>
      Buffer.from(name, 'latin1'),
    );
    const place = (top: string, name: Buffer) => Buffer.concat([Buffer.from(`${top}/`), name]);
    const writeback = await live(at, () => {
      for (const name of names) writeFileSync(place(at.copy, name), name);
    });
    const found = readdirSync(at.root, { encoding: 'buffer' })
      .map((name) => name.toString('hex'))
      .sort();
    expect(found).toEqual([...names.map((name) => name.toString('hex')), '61'].sort());
    await writeback.stop();
  });

  it('leaves no temporary file behind', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'a'), '2'));
    await writeback.stop();
    expect(readdirSync(at.root)).toEqual(['a']);
    expect(readdirSync(at.copy)).toEqual(['a']);
    expect(has(at.input.journal)).toBe(false);
  });

  it('finds at the end what no event told of', async () => {
    const at = await ready({ a: '1', 'd/b': '2' });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), 'late');
    rmSync(join(at.copy, 'd'), { recursive: true });
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe('late');
    expect(has(at.root, 'd')).toBe(false);
    expect(report.problems).toEqual([]);
  });

  it('does not bring back git, its own folder, or what stays in overlays', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => {
      for (const path of ['.git/hooks', '.sotto', 'node_modules/x', 'sub/.git', 'sub/node_modules'])
        mkdirSync(join(at.copy, path), { recursive: true });
      for (const path of [
        '.git/hooks/pre-commit',
        '.sotto/x',
        'node_modules/x/y',
        'sub/.git/config',
        'sub/node_modules/z',
      ])
        writeFileSync(join(at.copy, path), 'x');
      writeFileSync(join(at.copy, 'sub/kept'), 'x');
    });
    await writeback.stop();
    expect(readdirSync(at.root, { recursive: true }).sort()).toEqual(['a', 'sub', 'sub/kept']);
  });
});

describe('secrets', () => {
  it('come back where the file held them, and only the edit changes', async () => {
    const at = await ready({ config: `key = ${secret()}\nport = 1\n` });
    const inside = read(at.copy, 'config');
    expect(inside).not.toContain(secret());
    const writeback = await live(at, () =>
      writeFileSync(join(at.copy, 'config'), inside.replace('port = 1', 'port = 2')),
    );
    expect(read(at.root, 'config')).toBe(`key = ${secret()}\nport = 2\n`);
    expect(read(at.copy, 'config')).not.toContain(secret());
    await writeback.stop();
  });

  it('come back after the file was renamed and then edited', async () => {
    const at = await ready({ config: `key = ${secret()}\n` });
    const writeback = await live(at, () => renameSync(join(at.copy, 'config'), join(at.copy, 'settings')));
    writeFileSync(join(at.copy, 'settings'), `# new\n${read(at.copy, 'settings')}`);
    await writeback.flush();
    expect(read(at.root, 'settings')).toBe(`# new\nkey = ${secret()}\n`);
    await writeback.stop();
  });

  it('of another file stay placeholders, and that is told with the line', async () => {
    const at = await ready({ config: `key = ${secret()}\n`, notes: 'x\n' });
    const moved = read(at.copy, 'config');
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'notes'), `x\n${moved}`));
    expect(read(at.root, 'notes')).toBe(`x\n${moved}`);
    const { problems } = await writeback.stop();
    expect(problems).toEqual([{ path: 'notes', code: 'writeback.foreign-placeholder', line: 2 }]);
  });

  it('of another file are told at the end also when the file was edited again', async () => {
    const at = await ready({ config: `key = ${secret()}\n`, notes: 'x\n' });
    const moved = read(at.copy, 'config');
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'notes'), `x\n${moved}`));
    writeFileSync(join(at.copy, 'notes'), `x\ny\n${moved}key = REDACTED_acme_token_12ab34cd\n`);
    await writeback.flush();
    writeFileSync(join(at.copy, 'notes'), `x\ny\nz\n${moved}key = REDACTED_acme_token_12ab34cd\n`);
    const { problems } = await writeback.stop();
    expect(problems).toEqual([
      { path: 'notes', code: 'writeback.foreign-placeholder', line: 4 },
      { path: 'notes', code: 'writeback.unknown-placeholder', line: 5 },
    ]);
  });

  it('of another file come back when policy says so', async () => {
    const at = await ready({ config: `key = ${secret()}\n`, notes: 'x\n' }, {}, { foreign: 'restore' });
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'notes'), read(at.copy, 'config')));
    expect(read(at.root, 'notes')).toBe(`key = ${secret()}\n`);
    await writeback.stop();
  });

  it('of another file come back where the person says so', async () => {
    const at = await ready({ config: `key = ${secret()}\n`, notes: 'x\n' });
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'notes'), read(at.copy, 'config')));
    await writeback.allow('notes', 'secrets');
    expect(read(at.root, 'notes')).toBe(`key = ${secret()}\n`);
    expect((await writeback.stop()).problems).toEqual([]);
  });

  it('come back in a file that is UTF-16', async () => {
    const text = (content: string) => Buffer.from(`\ufeff${content}`, 'utf16le');
    const at = await ready({ config: text(`key = ${secret()}\r\nport = 1\r\n`) });
    const inside = readFileSync(join(at.copy, 'config'), 'utf16le');
    expect(inside).toContain('REDACTED_');
    const writeback = await live(at, () =>
      writeFileSync(join(at.copy, 'config'), Buffer.from(inside.replace('port = 1', 'port = 2'), 'utf16le')),
    );
    expect(readFileSync(join(at.root, 'config'))).toEqual(text(`key = ${secret()}\r\nport = 2\r\n`));
    await writeback.stop();
  });

  it('that the person typed into the prompt come back anywhere', async () => {
    const at = await ready({ a: 'x\n' });
    const placeholder = at.vault.place('acme.token', secret(1), 'prompt');
    const writeback = await live(at, () => writeFileSync(join(at.copy, 'a'), `t = ${placeholder}\n`));
    expect(read(at.root, 'a')).toBe(`t = ${secret(1)}\n`);
    await writeback.stop();
  });
});

describe('what is withheld', () => {
  it('is never overwritten, and the attempt is told', async () => {
    const at = await ready({ '.env': 'real', 'd/.env': 'deep', a: '1' }, { hide: ['.env'] });
    const writeback = await live(at, () => {
      writeFileSync(join(at.copy, '.env'), 'fake');
      writeFileSync(join(at.copy, 'd/.env'), 'fake');
    });
    const { problems } = await writeback.stop();
    expect([read(at.root, '.env'), read(at.root, 'd/.env')]).toEqual(['real', 'deep']);
    expect(problems.map(({ path, code }) => `${code} ${path}`).sort()).toEqual([
      'writeback.withheld .env',
      'writeback.withheld d/.env',
    ]);
  });

  it('is not created either where policy would hide it', async () => {
    const at = await ready({ a: '1' }, { hide: ['.env'] });
    const writeback = await live(at, () => writeFileSync(join(at.copy, '.env'), 'fake'));
    const { problems } = await writeback.stop();
    expect(has(at.root, '.env')).toBe(false);
    expect(problems).toEqual([{ path: '.env', code: 'writeback.withheld' }]);
  });

  it('outlives the removal and the rename of its folder', async () => {
    const files = { 'config/.env': 'real', 'config/app': '1', 'other/.env': 'too', 'other/app': '2' };
    const at = await ready(files, { hide: ['.env'] });
    const writeback = await live(at, () => {
      rmSync(join(at.copy, 'config'), { recursive: true });
      renameSync(join(at.copy, 'other'), join(at.copy, 'moved'));
    });
    const { problems } = await writeback.stop();
    expect(read(at.root, 'config/.env')).toBe('real');
    expect(read(at.root, 'other/.env')).toBe('too');
    expect(has(at.root, 'config/app') || has(at.root, 'other/app')).toBe(false);
    expect(read(at.root, 'moved/app')).toBe('2');
    expect(problems.map(({ path, code }) => `${code} ${path}`).sort()).toEqual([
      'writeback.kept-folder config',
      'writeback.kept-folder other',
    ]);
  });

  it('under ask keeps its content whatever happens to the stub', async () => {
    const at = await ready({ plan: 'real', plan2: 'real' }, { ask: ['plan*'] });
    const writeback = await live(at, () => {
      rmSync(join(at.copy, 'plan'));
      rmSync(join(at.copy, 'plan2'), { force: true });
      writeFileSync(join(at.copy, 'plan2'), 'mine');
    });
    const { problems } = await writeback.stop();
    expect([read(at.root, 'plan'), read(at.root, 'plan2')]).toEqual(['real', 'real']);
    expect(problems).toEqual([{ path: 'plan2', code: 'writeback.withheld' }]);
  });
});

describe('when the copy is gone', () => {
  it('takes the removal of the only file for what it is, but not at once', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => rmSync(join(at.copy, 'a')));
    expect(read(at.root, 'a')).toBe('1');
    const { problems } = await writeback.stop();
    expect([has(at.root, 'a'), problems]).toEqual([false, []]);
  });

  it('brings the removal of the only file out while the session runs', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => rmSync(join(at.copy, 'a')));
    await vi.waitFor(() => expect(has(at.root, 'a')).toBe(false), { timeout: 20_000 });
    await writeback.stop();
  });

  it('takes a large emptied copy for no deletion', async () => {
    const many = Array.from({ length: 12 }, (_, n) => [`d${n}/a`, '1']);
    const at = await ready({ a: '1', 'd/b': '2', ...Object.fromEntries(many) });
    const writeback = await live(at, () => {
      for (const name of readdirSync(at.copy)) rmSync(join(at.copy, name), { recursive: true });
    });
    const { problems } = await writeback.stop();
    expect([read(at.root, 'a'), read(at.root, 'd/b')]).toEqual(['1', '2']);
    expect(problems).toContainEqual({ path: '', code: 'writeback.emptied' });
  });

  it('takes an emptied project for no deletion either', async () => {
    const at = await ready({ a: '1', 'd/b': '2' });
    const writeback = await live(at, () => {
      for (const name of readdirSync(at.root)) rmSync(join(at.root, name), { recursive: true });
    });
    expect([read(at.copy, 'a'), read(at.copy, 'd/b')]).toEqual(['1', '2']);
    const { problems } = await writeback.stop();
    expect(problems).toContainEqual({ path: '', code: 'writeback.emptied' });
  });

  it('takes a copy that was removed as a whole for no deletion', async () => {
    const at = await ready({ a: '1' });
    const writeback = await live(at, () => rmSync(at.copy, { recursive: true }));
    await writeback.stop();
    expect(read(at.root, 'a')).toBe('1');
  });
});

describe('paths that lead out', () => {
  it('are not followed: a folder swapped for a link, a link out of the project', async () => {
    const at = await ready({ 'd/a': '1', b: '1' });
    const elsewhere = (await ready({ a: 'untouched' })).root;
    const writeback = await live(at, () => {
      rmSync(join(at.copy, 'd'), { recursive: true });
      symlinkSync(elsewhere, join(at.copy, 'd'));
      symlinkSync('../../etc/passwd', join(at.copy, 'up'));
    });
    const { problems } = await writeback.stop();
    expect(read(elsewhere, 'a')).toBe('untouched');
    expect(has(at.root, 'up')).toBe(false);
    expect(problems.map(({ path, code }) => `${code} ${path}`).sort()).toEqual([
      'writeback.link-out d',
      'writeback.link-out up',
    ]);
    expect(has(at.root, 'd')).toBe(true);
  });

  it('are not followed in the real tree either', async () => {
    const at = await ready({ 'd/a': '1', b: '1' });
    const elsewhere = (await ready({ a: 'untouched' })).root;
    const writeback = await startWriteback(at.input);
    rmSync(join(at.root, 'd'), { recursive: true });
    symlinkSync(elsewhere, join(at.root, 'd'));
    writeFileSync(join(at.copy, 'd/a'), 'from inside');
    writeFileSync(join(at.copy, 'd/new'), 'from inside');
    await writeback.flush();
    const { conflicts } = await writeback.stop();
    expect(readdirSync(elsewhere)).toEqual(['a']);
    expect(read(elsewhere, 'a')).toBe('untouched');
    expect(conflicts.map(({ kept }) => read(at.root, kept))).toEqual(['from inside', 'from inside']);
    expect(read(at.root, '.sotto/.gitignore')).toBe('*\n');
  });
});
