// The outer half of the sandbox: a process of its own user, mount, network and IPC namespace with a tmpfs for the
// session. The wrapper reaches that tmpfs through /proc/<pid>/root; the kernel removes it when the last process is gone.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { toolPath, workerFile } from '../host/index.ts';

export interface Holder {
  /** Process id as the host sees it; its namespaces are the session's. */
  readonly pid: number;
  /** Where the tmpfs is inside the holder's mount namespace. */
  readonly inside: string;
  /** The same folder as the wrapper reaches it. */
  readonly path: string;
  /** Listens on 127.0.0.1 of the session's network namespace; connections arrive here. */
  readonly listener: Server;
  readonly port: number;
  /** Runs mount(8) with these arguments inside the holder's namespaces; false where the kernel refuses. */
  mount(args: readonly string[]): Promise<boolean>;
  dispose(): Promise<void>;
}

/** Folders that exist on every Linux and that nobody needs inside: the first that holds nothing the session uses. */
const MOUNT_POINTS = ['/srv', '/media', '/mnt', '/opt', '/sys'];

/** The session's folders on the tmpfs: the working copy, its home, its /tmp, files laid over /etc and /run, upper layers. */
const FOLDERS = ['tree', 'home', 'tmp', 'etc', 'run', 'overlay'];

/** Starts the holder. `used` are host paths that the sandbox will bind, so that the tmpfs does not cover one of them. */
export async function startHolder(bwrap: string, used: readonly string[]): Promise<Holder> {
  const inside = MOUNT_POINTS.find((point) => existsSync(point) && !used.some((path) => covers(point, path)));
  if (inside === undefined) throw new Refusal('sandbox.no-mount-point');
  const info = infoFile();
  const child = spawn(bwrap, holderArguments(inside), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', info],
    env: { PATH: toolPath(undefined) },
  });
  try {
    const { port, listener } = await firstMessage(child);
    const pid = childPid(info);
    const path = `/proc/${pid}/root${inside}`;
    for (const folder of FOLDERS) mkdirSync(join(path, folder), { mode: 0o700 });
    const stopIt = () => stop(child, listener);
    return { pid, inside, path, listener, port, mount: (args) => mount(child, args), dispose: stopIt };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    closeSync(info);
  }
}

/** Bubblewrap writes the child's pid there. Unlinked at once: only the descriptor is needed, and nothing is left behind. */
function infoFile(): number {
  const path = join(tmpdir(), `sotto-info-${process.pid}-${process.hrtime.bigint()}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return fd;
}

function childPid(info: number): number {
  const written = JSON.parse(readFileSync(`/proc/self/fd/${info}`, 'utf8')) as { 'child-pid': number };
  return written['child-pid'];
}

function holderArguments(inside: string): string[] {
  return [
    ...[
      '--unshare-user',
      '--unshare-net',
      '--unshare-ipc',
      '--dev-bind',
      '/',
      '/',
      '--perms',
      '0700',
      '--tmpfs',
      inside,
    ],
    // CAP_SYS_ADMIN counts in the holder's own namespaces only: overlays are mounted with it.
    ...[
      '--die-with-parent',
      '--cap-add',
      'CAP_SYS_ADMIN',
      '--info-fd',
      '4',
      '--',
      process.execPath,
      workerFile('holder'),
    ],
  ];
}

function covers(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function firstMessage(child: ChildProcess): Promise<{ port: number; listener: Server }> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', () =>
      reject(new Refusal('sandbox.start', { reason: stderr.trim().split('\n')[0] || 'the holder ended at once' })),
    );
    child.once('message', (message, handle) =>
      resolve({ port: (message as { port: number }).port, listener: handle as Server }),
    );
  });
}

function mount(child: ChildProcess, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve((message as { mounted: boolean }).mounted));
    child.send({ mount: args });
  });
}

async function stop(child: ChildProcess, listener: Server): Promise<void> {
  listener.close();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
  await gone;
  clearTimeout(timer);
}
