// Starts real sandboxes; each case is something that must not be seen or done from inside.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/host/index.ts';
import { openSandbox, type Profile, probeSandbox, type Sandbox, systemMounts } from '../../src/sandbox/index.ts';

const host = readEnvironment();
let sandbox: Sandbox;
let profile: Profile;
let gateway: Server;

beforeAll(async () => {
  sandbox = await openSandbox(host, await probeSandbox(host), ['/usr', host.home]);
  writeFileSync(join(sandbox.path, 'tree/hello'), 'hello\n');
  gateway = createServer((request, response) => response.end(`gateway ${request.url}`));
  sandbox.listener.on('connection', (socket) => gateway.emit('connection', socket));
  profile = {
    mounts: [
      ...systemMounts(),
      { kind: 'writable', source: `${sandbox.inside}/tree`, target: '/project/x' },
      { kind: 'writable', source: `${sandbox.inside}/home`, target: '/home/person' },
      { kind: 'writable', source: `${sandbox.inside}/tmp`, target: '/tmp' },
    ],
    env: { PATH: '/usr/bin:/bin', HOME: '/home/person' },
    uid: 1000,
    gid: 1000,
    cwd: '/project/x',
    newSession: true,
  };
});

afterAll(async () => {
  gateway?.closeAllConnections();
  await sandbox?.dispose();
});

function inside(script: string, extra: Partial<Profile> = {}): string {
  const { file, args, env } = sandbox.wrap({ ...profile, ...extra }, ['sh', '-c', script]);
  const done = spawnSync(file, [...args], { env, encoding: 'utf8', timeout: 20_000 });
  return `${done.stdout}${done.stderr}`.trim();
}

/** For programs that talk to a server of this process: spawnSync would block it. */
function insideAsync(script: string): Promise<string> {
  const { file, args, env } = sandbox.wrap(profile, ['sh', '-c', script]);
  const child = spawn(file, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += chunk));
  return new Promise((resolve) => child.on('close', () => resolve(out.trim())));
}

describe('sandbox', () => {
  it('shows the working copy at the project path, writable in both directions', () => {
    expect(inside('cat hello; echo new > made; pwd')).toBe('hello\n/project/x');
    expect(readFileSync(join(sandbox.path, 'tree/made'), 'utf8')).toBe('new\n');
  });

  it('reaches the gateway and nothing else', async () => {
    const base = `http://127.0.0.1:${sandbox.port}`;
    const fetch = `const r=await fetch(process.argv[1]); console.log(await r.text())`;
    const node = `${process.execPath} --input-type=module -e '${fetch}'`;
    const withNode = {
      ...profile,
      mounts: [...profile.mounts, { kind: 'read-only', source: process.execPath, target: process.execPath }],
    } as Profile;
    const saved = profile;
    profile = withNode;
    expect(await insideAsync(`${node} ${base}/abc`)).toBe('gateway /abc');
    profile = saved;
    expect(inside('cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "')).toBe('lo');
    expect(inside('cat /etc/resolv.conf 2>&1 | head -1')).toContain('No such file');
  });

  it.each([
    ['the home of root', 'ls -A /root'],
    ['other homes', `ls -A /home | grep -v '^person$' && ls /home/${host.user}`],
    ['the docker socket', 'ls /var/run/docker.sock /run/docker.sock'],
    ['D-Bus and agents', 'ls /run/user /run/dbus'],
    ['system logs', 'ls /var/log'],
    ['the accounts of the machine', 'cat /etc/shadow'],
    ['the boot folder', 'ls /boot'],
    ['raw devices', 'ls /dev/vda /dev/sda /dev/mem /dev/kmsg /dev/fuse'],
    ['firmware and hardware', 'ls /sys/class'],
  ])('hides %s', (_what, script) => {
    expect(inside(`${script} >/dev/null 2>&1 && echo seen || echo hidden`)).toBe('hidden');
  });

  it('hides the processes of the host', () => {
    expect(Number(inside("ls /proc | grep -c '^[0-9]'"))).toBeLessThan(8);
    expect(inside("cat /proc/1/environ | tr '\\0' '\\n'")).not.toContain('HOME=');
    expect(inside("tr '\\0' ' ' < /proc/1/cmdline")).not.toContain('--setenv');
  });

  it('passes on no environment but the profile', () => {
    expect(inside('env | cut -d= -f1 | sort | tr "\\n" " "').split(/\s+/).sort()).toEqual(['HOME', 'PATH', 'PWD']);
  });

  it.each([
    ['kernel switches', 'echo x > /proc/sys/kernel/core_pattern'],
    ['the system', 'touch /usr/x'],
    ['/etc', 'touch /etc/x'],
    ['the root folder', 'touch /x'],
    ['mounts', 'mount -t tmpfs none /tmp'],
    ['keyrings', 'cat /proc/keys'],
    ['the time', 'date -s 2001-01-01'],
  ])('refuses to touch %s', (_what, script) => {
    const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
    expect(inside(`( ${script} ) >/dev/null 2>&1 && echo done || echo refused`)).toBe('refused');
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before);
  });

  it('has no capabilities, another host name, and an ordinary user', () => {
    expect(inside('grep CapEff /proc/self/status')).toMatch(/CapEff:\s+0000000000000000/);
    expect(inside('cat /proc/sys/kernel/hostname; id -u')).toBe('sotto\n1000');
  });

  it('runs under a system call filter that refuses to push characters into a terminal and to read keyrings', () => {
    expect(inside('grep Seccomp: /proc/self/status')).toMatch(/Seccomp:\s+2/);
    // Perl is part of every Debian, Fedora and Arch base system; 0x5412 is TIOCSTI, 250 and 219 keyctl.
    const push = `perl -MPOSIX -e 'open(my $p, "+<", "/dev/ptmx"); my $c = "x"; print ioctl($p, 0x5412, $c) ? "pushed" : $! + 0'`;
    expect(inside(push)).toBe('1');
    const keyctl = `perl -e 'print syscall(${host.arch === 'x64' ? 250 : 219}, 0, -3, 0) < 0 ? $! + 0 : "keyring"'`;
    expect(inside(keyctl)).toBe('1');
  });

  it('leaves nothing on the disk and no process behind', async () => {
    const other = await openSandbox(host, await probeSandbox(host), ['/usr']);
    const marker = `sleep 98765.${process.pid}`;
    const { file, args, env } = other.wrap({ ...profile, mounts: systemMounts(), cwd: '/' }, ['sh', '-c', marker]);
    const child = spawn(file, [...args], { env, stdio: 'ignore' });
    await expect.poll(() => execFileSync('ps', ['axo', 'args'], { encoding: 'utf8' }).includes(marker)).toBe(true);
    child.kill('SIGKILL');
    await other.dispose();
    await expect.poll(() => execFileSync('ps', ['axo', 'args'], { encoding: 'utf8' }).includes(marker)).toBe(false);
  });
});
