// Runs the built program as an ordinary user: what works for root only would be no sandbox for the people who need one.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/host/index.ts';

const NAME = 'sotto-test';

export interface OrdinaryUser {
  /** A copy of the package that the user can read, wherever ours is. */
  root: string;
  run(
    program: string,
    args: readonly string[],
    options?: { cwd?: string; env?: Record<string, string> },
  ): { code: number | null; stdout: string; stderr: string };
  dispose(): void;
}

/** Makes the user when it is missing; only root can. */
export function becomeOrdinary(): OrdinaryUser {
  if (spawnSync('id', [NAME]).status !== 0) execFileSync('useradd', ['--create-home', '--shell', '/bin/bash', NAME]);
  const [uid, gid] = ['-u', '-g'].map((flag) => execFileSync('id', [flag, NAME], { encoding: 'utf8' }).trim());
  const folder = mkdtempSync(join(tmpdir(), 'sotto-user-'));
  const root = copyPackage(join(folder, 'sotto'));
  const node = readableNode(folder);
  execFileSync('chown', ['-R', `${uid}:${gid}`, folder]);
  return {
    root,
    run(program, args, options = {}) {
      const as = ['--reuid', uid!, '--regid', gid!, '--clear-groups', '--no-new-privs', '--'];
      const file = program === 'node' ? node : program;
      const done = spawnSync('setpriv', [...as, file, ...args], {
        cwd: options.cwd ?? folder,
        env: {
          HOME: `/home/${NAME}`,
          PATH: `${join(folder, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
          TERM: 'xterm',
          ...options.env,
        },
        encoding: 'utf8',
        timeout: 240_000,
      });
      return { code: done.status, stdout: done.stdout, stderr: done.stderr };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function copyPackage(root: string): string {
  for (const part of ['bin', 'dist', 'patterns', 'package.json', 'node_modules']) {
    const from = join(packageRoot(), part);
    if (existsSync(from))
      cpSync(from, join(root, part), { recursive: true, dereference: part === 'node_modules', filter: wanted });
  }
  return root;
}

/** Packages that only building and testing need are large and stay. */
function wanted(path: string): boolean {
  return !/node_modules\/(?:typescript|@typescript|vitest|@vitest|esbuild|@esbuild|@biomejs|rolldown|@rolldown|\.cache)(?:\/|$)/.test(
    path,
  );
}

/** Node may stand in a home that only root can enter. */
function readableNode(folder: string): string {
  if (spawnSync('setpriv', ['--reuid', '65534', '--', process.execPath, '--version']).status === 0)
    return process.execPath;
  cpSync(process.execPath, join(folder, 'bin/node'), { dereference: true });
  symlinkSync('node', join(folder, 'bin/nodejs'));
  return join(folder, 'bin/node');
}
