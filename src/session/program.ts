// Which Claude Code is started: the one the person names, the one on PATH, or the one that sotto's own tests install.
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { type HostEnvironment, locate, packageRoot } from '../host/index.ts';
import type { Mount } from '../sandbox/index.ts';

export interface Program {
  /** Real path of the executable on the host. */
  file: string;
  /** Version as the package or the folder names it; `unknown` when neither does. */
  version: string;
  /** How it is started inside. */
  argv: readonly string[];
  mounts: readonly Mount[];
}

/** Where the program stands inside, whatever its path outside says about the person. */
const INSIDE = '/run/sotto/claude';

/** Finds Claude Code; `named` is the value of `--program`. Throws `session.no-claude` when there is none. */
export function findProgram(host: HostEnvironment, named?: string): Program {
  for (const candidate of candidates(host, named)) {
    const native = nativeProgram(candidate);
    if (native === undefined) continue;
    return {
      file: native,
      version: versionOf(native),
      argv: [INSIDE],
      mounts: [{ kind: 'read-only', source: native, target: INSIDE }],
    };
  }
  throw new Refusal('session.no-claude', named === undefined ? {} : { named });
}

function candidates(host: HostEnvironment, named: string | undefined): string[] {
  if (named !== undefined) return [locate(named, host.variables.PATH ?? '')].filter((file) => file !== undefined);
  const onPath = locate(
    'claude',
    (host.variables.PATH ?? '')
      .split(':')
      .filter((folder) => !ours(folder))
      .join(':'),
  );
  return [onPath, ...packaged(packageRoot(), host)].filter((file) => file !== undefined);
}

/** A folder of PATH that holds our own node_modules/.bin: npm puts it first for scripts. */
function ours(folder: string): boolean {
  return folder.startsWith(join(packageRoot(), 'node_modules'));
}

/** The program inside the npm package's platform package, from a folder that may hold node_modules. */
function packaged(folder: string, host: Pick<HostEnvironment, 'platform' | 'arch'>): string[] {
  const names = ['', '-musl'].map((libc) => `claude-code-${host.platform}-${host.arch}${libc}`);
  return names
    .map((name) => join(folder, 'node_modules/@anthropic-ai', name, 'claude'))
    .filter((file) => existsSync(file));
}

/**
 * The native program behind a command: npm's wrapper is a script or, without install scripts, a stub; the program itself
 * is in the platform package beside it (OBSERVED 2).
 */
function nativeProgram(file: string): string | undefined {
  const real = realpathSync(file);
  if (isNative(real)) return real;
  for (let folder = dirname(real); folder !== dirname(folder); folder = dirname(folder)) {
    const found = packaged(folder, { platform: 'linux', arch: process.arch }).find(isNative);
    if (found !== undefined) return realpathSync(found);
  }
  return undefined;
}

function isNative(file: string): boolean {
  const head = Buffer.alloc(4);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, head, 0, 4, 0);
  } finally {
    closeSync(fd);
  }
  return head.equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}

/** Native installs are named after their version (`.../versions/2.1.330`), packages carry it in package.json. */
function versionOf(file: string): string {
  if (/^\d+\.\d+\.\d+/.test(basename(file))) return basename(file);
  try {
    return (
      (JSON.parse(readFileSync(join(dirname(file), 'package.json'), 'utf8')) as { version?: string }).version ??
      'unknown'
    );
  } catch {
    return 'unknown'; // a bare program without a package: its version is told by itself, inside
  }
}
