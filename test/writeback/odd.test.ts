// Odd things in the copy: games with links, files that are no files, names and contents that programs stumble over.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startWriteback } from '../../src/writeback/index.ts';
import { folder, has, type Ready, read, ready, secret } from './session.ts';

async function session(at: Ready, edit: () => void | Promise<void>) {
  const writeback = await startWriteback(at.input);
  await edit();
  await writeback.flush();
  return writeback.stop();
}

const told = (report: Awaited<ReturnType<typeof session>>) =>
  report.problems.map(({ path, code }) => `${code} ${path}`).sort();

describe('links', () => {
  it('a folder replaced by a link to another folder: what is written through it lands in that one only', async () => {
    const at = await ready({ 'd/a': '1', 'e/a': '2' });
    const report = await session(at, () => {
      rmSync(join(at.copy, 'd'), { recursive: true });
      symlinkSync('e', join(at.copy, 'd'));
      writeFileSync(join(at.copy, 'd/a'), 'through');
      writeFileSync(join(at.copy, 'd/new'), 'through');
    });
    expect([readlinkSync(join(at.root, 'd')), read(at.root, 'e/a'), read(at.root, 'e/new')]).toEqual([
      'e',
      'through',
      'through',
    ]);
    expect(told(report)).toEqual([]);
  });

  it('a folder replaced by a link out, and written through: nothing leaves the project', async () => {
    const outside = folder();
    writeFileSync(join(outside, 'a'), 'untouched');
    const at = await ready({ 'd/a': '1', 'd/e/b': '2', c: '3' });
    const report = await session(at, () => {
      renameSync(join(at.copy, 'd'), join(at.copy, 'was'));
      symlinkSync(outside, join(at.copy, 'd'));
    });
    expect([readdirSync(outside), read(outside, 'a')]).toEqual([['a'], 'untouched']);
    expect(told(report)).toContain('writeback.link-out d');
    expect([read(at.root, 'was/a'), read(at.root, 'was/e/b')]).toEqual(['1', '2']);
  });

  it('a file replaced by a link to a hidden one: the hidden one stays, and is not reached', async () => {
    const at = await ready({ '.env': 'hidden', a: '1' }, { hide: ['.env'] });
    await session(at, () => {
      rmSync(join(at.copy, 'a'));
      symlinkSync('.env', join(at.copy, 'a'));
    });
    expect(read(at.root, '.env')).toBe('hidden');
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), 'through the link');
    await writeback.stop();
    expect(read(at.root, '.env')).toBe('hidden');
  });

  it('a link whose chain leads out of the project by way of another link does not come out', async () => {
    const at = await ready({ 'd/x': '1' });
    await session(at, () => {
      symlinkSync('..', join(at.copy, 'd/up'));
      symlinkSync('d/up/../../etc', join(at.copy, 'out'));
    });
    expect(has(at.root, 'out')).toBe(false);
  });

  it('two names of one file inside are two files outside, each with its content', async () => {
    const at = await ready({ a: `key = ${secret()}\n` });
    await session(at, () => {
      linkSync(join(at.copy, 'a'), join(at.copy, 'b'));
      appendFileSync(join(at.copy, 'b'), 'more\n');
    });
    expect(read(at.root, 'a')).toBe(`key = ${secret()}\nmore\n`);
    expect(lstatSync(join(at.root, 'a')).nlink).toBe(1);
  });

  it('a name of a real file outside of the project keeps its content when the file is edited inside', async () => {
    const at = await ready({ a: '1' });
    const other = join(folder(), 'other');
    const writeback = await startWriteback(at.input);
    linkSync(join(at.root, 'a'), other);
    await writeback.flush();
    writeFileSync(join(at.copy, 'a'), 'edited');
    await writeback.stop();
    expect(read(other)).toBe('1');
  });
});

describe('what is no file', () => {
  it('a pipe and a socket stay inside and are told, and hold nothing up', async () => {
    const at = await ready({ a: '1', b: '2' });
    const server = createServer();
    const report = await session(at, async () => {
      execFileSync('mkfifo', [join(at.copy, 'pipe')]);
      rmSync(join(at.copy, 'a'));
      execFileSync('mkfifo', [join(at.copy, 'a')]);
      await new Promise<void>((resolve) => server.listen(join(at.copy, 'socket'), resolve));
      writeFileSync(join(at.copy, 'b'), 'edited');
    });
    server.close();
    expect(readdirSync(at.root).sort()).toEqual(['a', 'b']);
    expect([read(at.root, 'a'), read(at.root, 'b')]).toEqual(['1', 'edited']);
    expect(told(report)).toEqual(['writeback.special a', 'writeback.special pipe', 'writeback.special socket']);
  });

  it.skipIf(spawnSync('mknod', [join(folder(), 'null'), 'c', '1', '3']).status !== 0)(
    'a device stays inside and is told (needs root)',
    async () => {
      const at = await ready({ a: '1' });
      const report = await session(at, () => void execFileSync('mknod', [join(at.copy, 'zero'), 'c', '1', '5']));
      expect([has(at.root, 'zero'), told(report)]).toEqual([false, ['writeback.special zero']]);
    },
  );

  it('a file of over 1 GiB stays inside and is told', async () => {
    const at = await ready({ a: '1', b: '2' });
    const report = await session(at, () => {
      truncateSync(join(at.copy, 'a'), 1024 ** 3 + 1);
      writeFileSync(join(at.copy, 'big'), '');
      truncateSync(join(at.copy, 'big'), 1024 ** 3 + 1);
    });
    expect([read(at.root, 'a'), has(at.root, 'big')]).toEqual(['1', false]);
    expect(told(report)).toEqual(['writeback.special a', 'writeback.special big']);
  });
});

describe('contents', () => {
  const cases: { description: string; before: Buffer }[] = [
    { description: 'CRLF', before: Buffer.from(`port = 1\r\nkey = ${secret()}\r\nend\r\n`) },
    { description: 'a byte order mark', before: Buffer.from(`\ufeffport = 1\nkey = ${secret()}\n`) },
    {
      description: 'UTF-16 with CRLF',
      before: Buffer.from(`\ufeffport = 1\r\nkey = ${secret()}\r\n`, 'utf16le'),
    },
    {
      description: 'big-endian UTF-16',
      before: Buffer.from(`\ufeffport = 1\nkey = ${secret()}\n`, 'utf16le').swap16(),
    },
    { description: 'no newline at the end', before: Buffer.from(`port = 1\nkey = ${secret()}`) },
    { description: 'Latin-1', before: Buffer.from(`port = 1\n# \xe9\xff\nkey = ${secret()}\n`, 'latin1') },
    { description: 'lone carriage returns', before: Buffer.from(`port = 1\rkey = ${secret()}\r`) },
  ];
  /** `port = 1` becomes `port = 2`, in whatever encoding. */
  function edited(bytes: Buffer): Buffer {
    const wide = bytes.indexOf(0) >= 0;
    const at = bytes.indexOf(wide ? Buffer.from('1\0') : '1', bytes.indexOf('='));
    const copy = Buffer.from(bytes);
    copy[bytes[at] === 0x31 ? at : bytes.indexOf(0x31)] = 0x32;
    return copy;
  }

  it.each(cases)('with $description come back byte for byte', async ({ before }) => {
    const at = await ready({ config: before });
    const inside = readFileSync(join(at.copy, 'config'));
    expect(inside.equals(before)).toBe(false);
    const report = await session(at, () => writeFileSync(join(at.copy, 'config'), edited(inside)));
    expect(readFileSync(join(at.root, 'config'))).toEqual(edited(before));
    expect(told(report)).toEqual([]);
  });

  it('that are binary and hold a placeholder of another file keep every byte', async () => {
    const at = await ready({ a: `key = ${secret()}\n` }, {}, { foreign: 'restore' });
    const placeholder = at.vault.find(secret())?.placeholder ?? '';
    const bytes = (text: string) =>
      Buffer.concat([Buffer.from([0, 255, 254, 0]), Buffer.from(text), Buffer.from([0, 1])]);
    await session(at, () => writeFileSync(join(at.copy, 'bin'), bytes(placeholder)));
    expect([bytes(placeholder), bytes(secret())]).toContainEqual(readFileSync(join(at.root, 'bin')));
  });

  it('that shrink to nothing, and grow again, come out', async () => {
    const at = await ready({ a: `key = ${secret()}\nx\n` });
    const inside = read(at.copy, 'a');
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), '');
    await writeback.flush();
    writeFileSync(join(at.copy, 'a'), inside);
    await writeback.flush();
    expect(read(at.root, 'a')).toBe(`key = ${secret()}\nx\n`);
    await writeback.stop();
  });
});

describe('names', () => {
  it('that differ in case only are two, and a rename between them is one', async () => {
    const at = await ready({ 'd/Read': 'one', 'd/other': '2' });
    await session(at, () => {
      renameSync(join(at.copy, 'd/Read'), join(at.copy, 'd/READ'));
      writeFileSync(join(at.copy, 'd/read'), 'two');
      renameSync(join(at.copy, 'd'), join(at.copy, 'D'));
    });
    expect(readdirSync(at.root)).toEqual(['D']);
    expect([read(at.root, 'D/READ'), read(at.root, 'D/read')]).toEqual(['one', 'two']);
  });

  it('as deep as the system allows come out', async () => {
    const at = await ready({ a: '1' });
    const deep = Array.from({ length: 60 }, () => 'n'.repeat(40)).join('/');
    await session(at, () => {
      mkdirSync(join(at.copy, deep), { recursive: true });
      writeFileSync(join(at.copy, deep, 'x'), 'deep');
    });
    expect(read(at.root, deep, 'x')).toBe('deep');
  });
});
