import { codeTable } from '../code-entry.ts';

const PACKAGE_HINT = [
  'install bubblewrap: apt-get install bubblewrap | dnf install bubblewrap | pacman -S bubblewrap | apk add bubblewrap',
].join('\n');

export const sandboxCodes = codeTable({
  'sandbox.no-bubblewrap': {
    sentence: () => 'bubblewrap is not installed, so nothing would confine Claude Code',
    hint: () => PACKAGE_HINT,
  },
  'sandbox.no-nsenter': {
    sentence: () => 'nsenter is not installed, so the session could not enter its sandbox',
    hint: () => 'install util-linux: apt-get install util-linux | dnf install util-linux-core | apk add util-linux',
  },
  'sandbox.apparmor': {
    sentence: () => 'AppArmor keeps bubblewrap from making user namespaces on this machine (Ubuntu 23.10 and later)',
    hint: () =>
      [
        'allow bubblewrap alone with a profile of its own:',
        "  printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap && sudo systemctl reload apparmor",
      ].join('\n'),
  },
  'sandbox.userns-sysctl': {
    sentence: (a) => `user namespaces are switched off on this machine (${a.sysctl} = ${a.value})`,
    hint: (a) => `sudo sysctl -w ${a.sysctl}=${a.wanted}`,
  },
  'sandbox.container': {
    sentence: () => 'this container may not make namespaces, so nothing would confine Claude Code',
    hint: () =>
      'start the container with the right to: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined ...',
  },
  'sandbox.start': {
    sentence: (a) => `the sandbox could not be made: ${a.reason}`,
    hint: () => 'run `bwrap --unshare-all --ro-bind / / true` to see the same outside sotto',
  },
  'sandbox.no-mount-point': {
    sentence: () => 'no empty folder of the system is left to mount the working copy on',
    hint: () => 'make the folder /srv or /mnt',
  },
});
