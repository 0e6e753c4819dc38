// What a sandbox allows, as plain values, and its translation into bubblewrap's arguments. Pure: the same profile gives
// the same arguments, so that a test can read them. Whatever is not mounted here does not exist inside.

/** One thing laid into the sandbox's empty file system. Sources are paths in the holder's mount namespace. */
export type Mount =
  | { kind: 'read-only' | 'writable'; source: string; target: string; optional?: boolean }
  | { kind: 'folder' | 'private'; target: string }
  | { kind: 'link'; source: string; target: string };

export interface Profile {
  mounts: readonly Mount[];
  /** The whole environment inside; nothing else is inherited. */
  env: Readonly<Record<string, string>>;
  uid: number;
  gid: number;
  cwd: string;
  /** Detach from the terminal: for sessions whose standard input may be the person's own terminal. */
  newSession: boolean;
}

/** The host name inside: the machine's own name stays outside. */
export const INSIDE_HOSTNAME = 'sotto';

/** Arguments for bubblewrap, without the program to run. */
export function bubblewrapArguments(profile: Profile): string[] {
  return [
    // The network namespace is the holder's: loopback and the gateway's listener, nothing else.
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--hostname', INSIDE_HOSTNAME, '--uid', String(profile.uid), '--gid', String(profile.gid)],
    ...['--die-with-parent', '--cap-drop', 'ALL', ...(profile.newSession ? ['--new-session'] : [])],
    ...inOrder(profile.mounts).flatMap(mountArguments),
    ...KERNEL,
    ...['--remount-ro', '/', '--chdir', profile.cwd, '--clearenv'],
    ...Object.entries(profile.env).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

/**
 * /proc and /dev. /proc/sys is bound read-only: with uid 0 outside, `kernel.core_pattern` was writable from inside
 * otherwise and names a program that the host's kernel runs (measured; sandbox-runtime has the same hole).
 * /proc/keys would name the keyrings of the person outside.
 */
const KERNEL: readonly string[] = [
  ...['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys', '--ro-bind', '/dev/null', '/proc/keys'],
  ...['--dev', '/dev', '--perms', '1777', '--tmpfs', '/dev/shm'],
];

/** Parents before children, whatever order the caller had; of two mounts on one target the later one stands. */
function inOrder(mounts: readonly Mount[]): Mount[] {
  return [...mounts].sort((a, b) => depth(a.target) - depth(b.target));
}

function depth(path: string): number {
  return path.split('/').filter(Boolean).length;
}

function mountArguments(mount: Mount): string[] {
  switch (mount.kind) {
    case 'read-only':
      return [mount.optional ? '--ro-bind-try' : '--ro-bind', mount.source, mount.target];
    case 'writable':
      return [mount.optional ? '--bind-try' : '--bind', mount.source, mount.target];
    case 'folder':
      return ['--dir', mount.target];
    case 'private':
      return ['--tmpfs', mount.target];
    case 'link':
      return ['--symlink', mount.source, mount.target];
  }
}
