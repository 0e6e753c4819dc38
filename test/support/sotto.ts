// Drives the built program as a person or a script would: the real bin, the real Claude Code, the stand-in as the provider.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/host/index.ts';
import { type StandIn, startStandIn } from '../../src/rehearsal/stand-in.ts';

export const BIN = join(packageRoot(), 'bin/sotto.js');

/** A home, a project in it and a provider, all of this test's own. */
export interface World {
  folder: string;
  home: string;
  project: string;
  env: Record<string, string>;
  standIn: StandIn;
  write(path: string, text: string | Buffer): string;
  close(): Promise<void>;
}

export async function makeWorld(files: Readonly<Record<string, string>> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-e2e-'));
  const home = join(folder, 'home');
  const project = join(home, 'project');
  const standIn = await startStandIn();
  const write = (path: string, text: string | Buffer) => {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  mkdirSync(project, { recursive: true });
  for (const [path, text] of Object.entries(files)) write(path, text);
  const env = {
    HOME: home,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    ANTHROPIC_API_KEY: ['made', 'up', 'credential', '0123456789'].join('-'),
    SOTTO_UPSTREAM: standIn.url,
  };
  return {
    folder,
    home,
    project,
    env,
    standIn,
    write,
    async close() {
      await standIn.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs `sotto` with these arguments to its end; `input` is its standard input. Another `file` gets the arguments as they are. */
export function sotto(
  world: Pick<World, 'project' | 'env'>,
  args: readonly string[],
  input = '',
  more: { cwd?: string; file?: string } = {},
): Promise<Outcome> {
  const child = spawn(more.file ?? process.execPath, more.file === undefined ? [BIN, ...args] : args, {
    cwd: more.cwd ?? world.project,
    env: world.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 90_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/**
 * How often something stands in what reached the provider, headers included. A count, so that a failing test prints
 * neither a secret nor the vendor's prompts.
 */
export function sent(world: Pick<World, 'standIn'>, what: string | RegExp): number {
  const pattern = typeof what === 'string' ? RegExp(what.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g') : what;
  return world.standIn.received
    .map(({ url, headers, body }) => `${url}\n${headers.join('\n')}\n${body.toString('utf8')}`)
    .reduce((sum, text) => sum + [...text.matchAll(pattern)].length, 0);
}
