// What stands in the session's home and in the files laid over /etc: made afresh on the session's tmpfs, gone with it.
// The person's own Claude Code settings, memory files, skills, agents and commands come along, filtered and redacted.
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  clientFolder,
  isObject,
  MANAGED_FOLDER,
  readClientState,
  readManagedSettings,
  readUserSettings,
  type Settings,
} from '../account/index.ts';
import type { HostEnvironment } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import { redactBytes, redactText, type Vault } from '../redact/index.ts';
import type { Mount, Sandbox, Toolchains } from '../sandbox/index.ts';
import type { Scanner } from '../scan/index.ts';
import { authoritiesOf } from './authorities.ts';
import { clientState, filterUserSettings, lockedEnvironment, managedSettings } from './settings.ts';
import { STATUS_FILE } from './status-line.ts';
import { trustStore } from './trust-store.ts';

export interface HomeInput {
  host: HostEnvironment;
  policy: Policy;
  sandbox: Sandbox;
  root: string;
  toolchains: Toolchains;
  /** PEM of the session's certificate authority. */
  authority: string;
  scanner: Scanner;
  vault: Vault;
  /** Where the organisation's Claude Code files stand; `/etc/claude-code` when absent. */
  managedFolder?: string;
  /** What the organisation manages on the server; where there is anything, it counts in place of its file, as in Claude Code. */
  serverSettings?: Settings | undefined;
  /** See `statusText`. */
  status: string;
}

/** Where the authorities stand inside, and the same for Java. */
export const AUTHORITY = '/run/sotto/ca.pem';
export const JAVA_TRUST_STORE = '/run/sotto/ca.p12';

/** Who the program is inside: the person's own name and number, but never uid 0. */
export function insideUser(host: Pick<HostEnvironment, 'user' | 'uid' | 'gid'>): {
  user: string;
  uid: number;
  gid: number;
} {
  return host.uid === 0 ? { user: 'user', uid: 1000, gid: 1000 } : { user: host.user, uid: host.uid, gid: host.gid };
}

/** What of the person's configuration is lent: instructions and customisations, never history, state or credentials. */
const LENT = ['CLAUDE.md', 'rules', 'skills', 'agents', 'commands', 'output-styles', 'keybindings.json', 'themes'];

/** A lent file larger than this is left out, in bytes: instructions are text that people write. */
const LARGEST = 1 << 20;

/** Fills home, /etc and /run of the session; gives the mounts that lay them in. */
export function furnishHome(input: HomeInput): Mount[] {
  const { host, sandbox } = input;
  const home = join(sandbox.path, 'home');
  const place = { env: host.variables, home: host.home };
  const settings = filterUserSettings(readUserSettings(place));
  const state = clientState({ project: host.cwd, host: readClientState(place), identity: input.policy.identity });
  write(join(home, '.claude/settings.json'), clean(input, JSON.stringify(settings, null, 2)));
  write(join(home, '.claude.json'), clean(input, JSON.stringify(state, null, 2)));
  write(join(home, '.gitconfig'), GIT_CONFIG);
  write(join(home, '.wgetrc'), WGET_CONFIG);
  for (const name of LENT) lend(input, behindLink(join(clientFolder(place), name)), join(home, '.claude', name));
  return [
    { kind: 'writable', source: `${sandbox.inside}/home`, target: host.home },
    { kind: 'writable', source: `${sandbox.inside}/tmp`, target: '/tmp' },
    { kind: 'link', source: '/tmp', target: '/var/tmp' },
    { kind: 'link', source: '/run', target: '/var/run' },
    ...laidOver(input),
  ];
}

/** Files of /etc and /run that the session has instead of the machine's. */
function laidOver(input: HomeInput): Mount[] {
  const { sandbox, host } = input;
  const { user, uid, gid } = insideUser(host);
  const authorities = authoritiesOf(input.authority, input.policy.network);
  const files: Record<string, string | Uint8Array> = {
    'etc/passwd': `${user}:x:${uid}:${gid}::${host.home}:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n`,
    'etc/group': `${user}:x:${gid}:\nnogroup:x:65534:\n`,
    'etc/hosts': '127.0.0.1 localhost sotto\n::1 localhost\n',
    'etc/hostname': 'sotto\n',
    'etc/claude-code/managed-settings.json': clean(input, JSON.stringify(managed(input), null, 2)),
    'run/ca.pem': authorities,
    'run/ca.p12': trustStore(authorities),
    'run/status': clean(input, input.status),
  };
  lendManaged(input);
  for (const [name, text] of Object.entries(files)) write(join(sandbox.path, name), text);
  const source = (name: string) => `${sandbox.inside}/${name}`;
  return [
    ...['passwd', 'group', 'hosts', 'hostname', 'claude-code'].map(
      (name): Mount => ({ kind: 'read-only', source: source(`etc/${name}`), target: `/etc/${name}` }),
    ),
    { kind: 'read-only', source: source('run/ca.pem'), target: AUTHORITY },
    { kind: 'read-only', source: source('run/ca.p12'), target: JAVA_TRUST_STORE },
    { kind: 'read-only', source: source('run/status'), target: STATUS_FILE },
  ];
}

/** Managed settings beat a project's; so what the session's environment says is said there as well (OBSERVED 33, 35). */
function managed({ host, policy, sandbox, toolchains, managedFolder, serverSettings }: HomeInput): object {
  const { identity } = policy;
  const env = lockedEnvironment({
    port: sandbox.port,
    authority: AUTHORITY,
    javaTrustStore: JAVA_TRUST_STORE,
    home: host.home,
    user: insideUser(host).user,
    path: toolchains.path,
    lent: {},
    identity,
  });
  const { statusLine } = readUserSettings({ env: host.variables, home: host.home });
  const ofFile = readManagedSettings(managedFolder);
  const organization =
    serverSettings === undefined ? ofFile : { ...serverSettings, env: envOf(ofFile, serverSettings) };
  return managedSettings({ organization, env, identity, statusLine });
}

/** Variables are the one thing that counts from both places (Claude Code's manual, "Managed settings"). */
function envOf(...settings: readonly Settings[]): Settings {
  return Object.assign({}, ...settings.map(({ env }) => (isObject(env) ? env : {})));
}

/**
 * What else an organisation manages on this machine keeps counting inside: its list of MCP servers, its instructions (OBSERVED 77).
 * Its settings came by {@link managedSettings}; laid in as they are, drop-ins would be merged over ours.
 */
function lendManaged(input: HomeInput): void {
  const folder = input.managedFolder ?? MANAGED_FOLDER;
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('managed-settings')) : [];
  for (const name of names) lend(input, join(folder, name), join(input.sandbox.path, 'etc/claude-code', name));
}

/** People keep these in a repository of dotfiles and link to them; links further down stay outside. */
function behindLink(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Copies a file or folder through the scanner; links, large and binary files stay outside. */
function lend(input: HomeInput, from: string, to: string): void {
  if (!existsSync(from)) return;
  const stat = lstatSync(from);
  if (stat.isDirectory()) {
    for (const name of readdirSync(from)) lend(input, join(from, name), join(to, name));
    return;
  }
  if (!stat.isFile() || stat.size > LARGEST) return;
  const bytes = readFileSync(from);
  const scanned = input.scanner.scanBytes(bytes);
  if (scanned.kind !== 'text') return;
  const redacted = redactBytes(bytes, scanned.findings, (rule, secret) => input.vault.place(rule, secret, '~/.claude'));
  write(to, redacted.bytes);
}

/** The copy belongs to another number inside; identity and everything else stand in the repository's own configuration. */
const GIT_CONFIG = '[safe]\n\tdirectory = *\n';

/** The one tool that knows no variable for authorities. */
const WGET_CONFIG = `ca_certificate = ${AUTHORITY}\n`;

/** Settings and state are read by the agent too: no secret may stand in them. */
function clean({ scanner, vault }: HomeInput, text: string): string {
  return redactText(text, scanner.scanText(text), (rule, secret) => vault.place(rule, secret, '~/.claude')).text;
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o600 });
}
