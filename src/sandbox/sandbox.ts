import { mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { type HostEnvironment, toolPath } from '../host/index.ts';
import { type Holder, startHolder } from './holder.ts';
import type { SandboxTools } from './probe.ts';
import { bubblewrapArguments, type Profile } from './profile.ts';
import { seccompFilter } from './seccomp.ts';

/** A program as the wrapper starts it on the host; it ends up inside the sandbox. */
export interface Command {
  file: string;
  args: readonly string[];
  /** The environment of bubblewrap itself: nearly empty, since /proc/1/environ inside shows it (measured). */
  env: Readonly<Record<string, string>>;
}

/** One session's confinement: its namespaces, its tmpfs, the listener that leads out to the gateway. */
export interface Sandbox {
  /** The session's tmpfs as the wrapper reaches it; holds `tree`, `home`, `tmp`, `etc`, `run` and `overlay`. */
  readonly path: string;
  /** The same folder as a mount source for {@link Profile}. */
  readonly inside: string;
  readonly listener: Server;
  /** Port of the listener on 127.0.0.1 inside. */
  readonly port: number;
  /** Wraps a program so that it starts inside, under the profile. */
  wrap(profile: Profile, program: readonly string[]): Command;
  /** Mounts an overlay of a read-only folder with a throw-away upper layer; false where the kernel cannot. */
  overlay(lower: string, name: string): Promise<string | undefined>;
  /** Ends the namespaces; what was on the tmpfs is gone. */
  dispose(): Promise<void>;
}

/** Makes the namespaces and the tmpfs. `used` are host paths that profiles will mount later. */
export async function openSandbox(
  host: HostEnvironment,
  tools: SandboxTools,
  used: readonly string[],
): Promise<Sandbox> {
  const holder = await startHolder(tools.bwrap, used);
  const filter = seccompFilter(host.arch);
  if (filter !== undefined) writeFileSync(join(holder.path, 'run/filter'), filter, { mode: 0o600 });
  let commands = 0;
  return {
    path: holder.path,
    inside: holder.inside,
    listener: holder.listener,
    port: holder.port,
    wrap(profile, program) {
      commands += 1;
      const list = `run/arguments-${commands}`;
      writeFileSync(
        join(holder.path, list),
        bubblewrapArguments(profile)
          .map((arg) => `${arg}\0`)
          .join(''),
        { mode: 0o600 },
      );
      return command(holder, tools, join(holder.inside, list), filter !== undefined, program);
    },
    overlay: (lower, name) => overlay(holder, lower, name),
    dispose: () => holder.dispose(),
  };
}

/**
 * nsenter into the holder, then bubblewrap. Its arguments and the filter come by descriptor from the tmpfs, so that
 * neither `ps` outside nor /proc/1/cmdline inside shows the profile; a shell opens them because node-pty passes none on.
 */
function command(
  holder: Holder,
  tools: SandboxTools,
  list: string,
  filtered: boolean,
  program: readonly string[],
): Command {
  const filter = filtered ? `--seccomp 9 9<${holder.inside}/run/filter` : '';
  const script = `exec ${quote(tools.bwrap)} --args 8 8<${quote(list)} ${filter} -- "$@"`;
  const enter = ['-t', String(holder.pid), '-U', '-m', '-n', '-i', '--preserve-credentials', '--'];
  return {
    file: tools.nsenter,
    args: [...enter, '/bin/sh', '-c', script, 'sotto', ...program],
    env: { PATH: toolPath(undefined) },
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function overlay(holder: Holder, lower: string, name: string): Promise<string | undefined> {
  const base = join(holder.inside, 'overlay', name);
  const host = join(holder.path, 'overlay', name);
  for (const folder of ['upper', 'work', 'merged']) mkdirSync(join(host, folder), { recursive: true });
  // A comma or colon would end an option of the overlay's list; such folders are lent read-only instead.
  if (/[,:\\]/.test(lower)) return undefined;
  const options = `lowerdir=${lower},upperdir=${base}/upper,workdir=${base}/work,userxattr`;
  const done = await holder.mount(['-t', 'overlay', 'overlay', '-o', options, `${base}/merged`]);
  return done ? `${base}/merged` : undefined;
}
