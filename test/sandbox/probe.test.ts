import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/host/index.ts';
import { probeSandbox } from '../../src/sandbox/index.ts';
import { whyNot } from '../../src/sandbox/probe.ts';

const sysctls = (values: Record<string, string>) => (name: string) => values[name];

describe('whyNot', () => {
  it.each([
    {
      description: "AppArmor's restriction",
      values: { 'kernel.apparmor_restrict_unprivileged_userns': '1' },
      container: false,
      code: 'sandbox.apparmor',
      hint: 'apparmor.d/bwrap',
    },
    {
      description: "Debian's switch",
      values: { 'kernel.unprivileged_userns_clone': '0' },
      container: false,
      code: 'sandbox.userns-sysctl',
      hint: 'sysctl -w kernel.unprivileged_userns_clone=1',
    },
    {
      description: 'a limit of zero',
      values: { 'user.max_user_namespaces': '0' },
      container: true,
      code: 'sandbox.userns-sysctl',
      hint: 'sysctl -w user.max_user_namespaces=15000',
    },
    {
      description: 'a container',
      values: {},
      container: true,
      code: 'sandbox.container',
      hint: 'docker run --security-opt',
    },
    { description: 'something else', values: {}, container: false, code: 'sandbox.start', hint: 'bwrap --unshare-all' },
  ])('names $description and the command that mends it', ({ values, container, code, hint }) => {
    const refusal = whyNot('bwrap: setting up uid map: Permission denied\n', sysctls(values), container);
    expect(refusal).toMatchObject({ code, exit: 125 });
    expect(refusal.hint).toContain(hint);
  });
});

describe('probeSandbox', () => {
  it.each(['darwin', 'win32', 'freebsd'] as const)('refuses %s and says what is supported', async (platform) => {
    const refused = probeSandbox({ ...readEnvironment(), platform });
    await expect(refused).rejects.toMatchObject({ code: 'host.platform', hint: expect.stringContaining('WSL2') });
  });
});
