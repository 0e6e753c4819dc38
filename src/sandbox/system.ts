// The part of the host's system that a session sees: /usr and what belongs to it, and the few files of /etc that
// programs need to run. /etc as a whole stays outside: it names the machine, its users, its networks and its services.
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import type { Mount } from './profile.ts';

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix/store', '/gnu/store'];

const ETC = [
  ...['ssl', 'ca-certificates', 'pki', 'alternatives', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime'],
  ...['os-release', 'debian_version', 'terminfo', 'nsswitch.conf', 'protocols', 'services', 'mime.types', 'shells'],
  ...[
    'java',
    'maven',
    'python3',
    'perl',
    'fonts',
    'magic',
    'login.defs',
    'bash.bashrc',
    'profile',
    'inputrc',
    'lsb-release',
  ],
].map((name) => `/etc/${name}`);

/** Debian keeps a Java's own settings in a folder with its version; without them no program of it starts. */
function javaSettings(): string[] {
  return readdirSync('/etc').flatMap((name) => (/^java-[\w.-]+$/.test(name) ? [`/etc/${name}`] : []));
}

/** Read-only mounts of the host's system. Symbolic links of the host's root stay links, so that paths read the same. */
export function systemMounts(): Mount[] {
  return [...SYSTEM, ...ETC, ...javaSettings()].filter((path) => existsSync(path)).flatMap(mirror);
}

function mirror(path: string): Mount[] {
  if (!lstatSync(path).isSymbolicLink()) return [{ kind: 'read-only', source: path, target: path }];
  const link: Mount = { kind: 'link', source: readlinkSync(path), target: path };
  const real = realpathSync(path);
  const inSystem = SYSTEM.some((folder) => real.startsWith(`${folder}/`) || real === folder);
  return inSystem ? [link] : [{ kind: 'read-only', source: real, target: path }];
}
