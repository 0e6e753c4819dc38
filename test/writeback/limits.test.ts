// Where the system has run out: watches, descriptors for them, room on the disk, a mount that turns read-only. Each in namespaces
// of its own, where such limits can be set; the writer is a process of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildWriter, saidTo } from './child.ts';
import { folder, type Ready, read, ready, secret } from './session.ts';

const alone = ['--user', '--map-root-user', '--mount'];
const hasNamespaces = spawnSync('unshare', [...alone, 'true']).status === 0;

let writer: Awaited<ReturnType<typeof buildWriter>>;
beforeAll(async () => {
  writer = await buildWriter();
});
afterAll(() => writer.dispose());

const running: ChildProcess[] = [];
afterAll(() => {
  for (const one of running) one.kill('SIGKILL');
});

/** Starts the writer after a shell command in its own namespaces; resolves when it is ready. */
async function startAfter(command: string, said: string): Promise<ChildProcess> {
  const script = `${command} && exec "$0" "$1" "$2"`;
  const child = spawn('unshare', [...alone, 'sh', '-c', script, process.execPath, writer.file, said], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

const FILES = { a: `key = ${secret()}\nport = 1\n`, 'd/b': '2', 'e/f/c': '3' };

const portOf = (at: Ready, port: number) =>
  writeFileSync(join(at.copy, 'a'), read(at.copy, 'a').replace(/port = \d+/, `port = ${port}`));

describe.skipIf(!hasNamespaces)('out of (needs user namespaces)', () => {
  it.each([
    { description: 'watches', limit: 'max_inotify_watches', left: 3 },
    { description: 'watchers', limit: 'max_inotify_instances', left: 0 },
  ])('$description: the trees are walked instead, and nothing is missed', async ({ limit, left }) => {
    const at = await ready(FILES);
    const sessions = folder();
    await startAfter(`echo ${left} > /proc/sys/user/${limit}`, saidTo(at, sessions, 'live'));
    portOf(at, 2);
    writeFileSync(join(at.copy, 'e/f/c'), 'edited');
    mkdirSync(join(at.copy, 'n/m'), { recursive: true });
    writeFileSync(join(at.copy, 'n/m/new'), 'new');
    await soon(() => {
      expect(read(at.root, 'a')).toBe(FILES.a.replace('port = 1', 'port = 2'));
      expect([read(at.root, 'e/f/c'), read(at.root, 'n/m/new')]).toEqual(['edited', 'new']);
    });
  });

  it('room on the disk: the real file stays whole, and the edit comes out once there is room', async () => {
    const at = await ready(FILES);
    const sessions = folder();
    const outside = join(folder(), 'seen');
    // The project moves to a small file system of its own; whoever looks at it looks through the process.
    const said = saidTo(at, sessions, 'live', { moved: true });
    const command = `cp -a ${at.root} ${outside} && mount -t tmpfs -o size=64k tmpfs ${at.root} && cp -a ${outside}/. ${at.root}`;
    const child = await startAfter(command, said);
    const real = (name: string) => readFileSync(`/proc/${child.pid}/root${join(at.root, name)}`, 'utf8');
    writeFileSync(join(at.copy, 'big'), Buffer.alloc(200_000, 'x'));
    portOf(at, 2);
    await soon(() => expect(real('a')).toContain('port = 2'));
    expect(real('a')).toBe(FILES.a.replace('port = 1', 'port = 2'));
    expect(() => real('big')).toThrow('ENOENT');
    writeFileSync(join(at.copy, 'big'), 'small by now');
    await soon(() => expect(real('big')).toBe('small by now'));
  });

  it('the right to write on a mount: nothing is harmed, and edits come out once it is there again', async () => {
    const at = await ready(FILES);
    const sessions = folder();
    const flag = join(folder(), 'flag');
    const turns = `(until [ -e ${flag} ]; do sleep 0.05; done; mount -o remount,bind,rw ${at.root}; mv ${flag} ${flag}.done) &`;
    const command = `mount --bind ${at.root} ${at.root} && mount -o remount,bind,ro ${at.root} && { ${turns} }`;
    await startAfter(command, saidTo(at, sessions, 'live'));
    portOf(at, 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(read(at.root, 'a')).toBe(FILES.a);
    writeFileSync(`${flag}.new`, '');
    renameSync(`${flag}.new`, flag);
    await soon(() => expect(() => readFileSync(`${flag}.done`)).not.toThrow());
    portOf(at, 3);
    await soon(() => expect(read(at.root, 'a')).toBe(FILES.a.replace('port = 1', 'port = 3')));
  });
});
