// Tells whether this machine can confine a program, and if it cannot, why. Each cause has its own refusal, since each
// has another remedy: a missing package, AppArmor's restriction of user namespaces, a sysctl, a container without the right.
import { existsSync, readFileSync } from 'node:fs';
import { Refusal } from '../errors/index.ts';
import { type HostEnvironment, locate, run, toolPath } from '../host/index.ts';

/** The programs that make the sandbox. */
export interface SandboxTools {
  bwrap: string;
  nsenter: string;
}

/** Finds bubblewrap and nsenter and tries them once; throws the refusal that names the cause. */
export async function probeSandbox(host: HostEnvironment): Promise<SandboxTools> {
  if (host.platform !== 'linux') throw new Refusal('host.platform', { platform: platformName(host.platform) });
  const path = toolPath(host.variables.PATH);
  const bwrap = locate('bwrap', path);
  if (bwrap === undefined) throw new Refusal('sandbox.no-bubblewrap');
  const nsenter = locate('nsenter', path);
  if (nsenter === undefined) throw new Refusal('sandbox.no-nsenter');
  await tryNamespaces(bwrap);
  return { bwrap, nsenter };
}

async function tryNamespaces(bwrap: string): Promise<void> {
  const args = ['--unshare-user', '--unshare-net', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--'];
  const tried = await run(bwrap, [...args, 'true'], { env: { PATH: toolPath(undefined) }, timeoutMs: 10_000 });
  if (tried.exitCode !== 0) throw whyNot(tried.stderr, readSysctl, insideContainer());
}

/**
 * At this point bubblewrap is there and failed: looks for the switch that explains it, most specific first.
 * Exported for its test; the sysctl reader is a parameter because a test cannot switch user namespaces off.
 */
export function whyNot(stderr: string, sysctlValue: (name: string) => string | undefined, container: boolean): Refusal {
  if (sysctlValue('kernel.apparmor_restrict_unprivileged_userns') === '1') return new Refusal('sandbox.apparmor');
  for (const { sysctl, off, wanted } of SWITCHES) {
    const value = sysctlValue(sysctl);
    if (value === off) return new Refusal('sandbox.userns-sysctl', { sysctl, value, wanted });
  }
  if (container) return new Refusal('sandbox.container');
  return new Refusal('sandbox.start', { reason: stderr.trim().split('\n')[0] || 'bubblewrap failed without a word' });
}

/** Switches that forbid namespaces, with the value that does so and one that allows them. */
const SWITCHES = [
  { sysctl: 'kernel.unprivileged_userns_clone', off: '0', wanted: '1' },
  { sysctl: 'user.max_user_namespaces', off: '0', wanted: '15000' },
  { sysctl: 'user.max_net_namespaces', off: '0', wanted: '15000' },
] as const;

function readSysctl(name: string): string | undefined {
  const file = `/proc/sys/${name.replaceAll('.', '/')}`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function insideContainer(): boolean {
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv')) return true;
  try {
    return /docker|containerd|kubepods|lxc|podman/.test(readFileSync('/proc/1/cgroup', 'utf8'));
  } catch {
    return false; // no /proc/1/cgroup: not a Linux container as we know them
  }
}

function platformName(platform: string): string {
  return { darwin: 'macOS (not yet)', win32: 'Windows without WSL2' }[platform] ?? platform;
}
