// A seccomp filter as bytes: a classic BPF program over `struct seccomp_data` (linux/seccomp.h). It refuses what a
// development session never needs and what has let programs out of sandboxes: pushing characters into a terminal,
// keyrings, kernel code, opening files by handle. It does not forbid user namespaces: Claude Code nests its own bubblewrap.

/** Numbers of the refused calls, by architecture (linux/arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h). */
const ARCHITECTURES: Readonly<
  Record<string, { audit: number; ioctl: number; x32: boolean; calls: readonly number[] }>
> = {
  x64: {
    audit: 0xc000003e,
    ioctl: 16,
    x32: true,
    // add_key request_key keyctl bpf perf_event_open userfaultfd kexec_load kexec_file_load init_module finit_module
    // delete_module open_by_handle_at acct swapon swapoff reboot settimeofday clock_settime iopl ioperm lookup_dcookie
    calls: [248, 249, 250, 321, 298, 323, 246, 320, 175, 313, 176, 304, 163, 167, 168, 169, 164, 227, 172, 173, 212],
  },
  arm64: {
    audit: 0xc00000b7,
    ioctl: 29,
    x32: false,
    calls: [217, 218, 219, 280, 241, 282, 104, 294, 105, 273, 106, 265, 89, 224, 225, 142, 170, 112, 18],
  },
};

const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const X32_BIT = 0x40000000;

const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K
const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;

/** Offsets in `struct seccomp_data`; the low half of the second argument, little endian. */
const AT = { call: 0, arch: 4, second: 24 } as const;

type Instruction = readonly [code: number, yes: number, no: number, k: number];

/** The filter for an architecture as Node names it, or undefined where we have none. */
export function seccompFilter(arch: string): Buffer | undefined {
  const known = ARCHITECTURES[arch];
  if (known === undefined) return undefined;
  const program: Instruction[] = [
    [LOAD, 0, 0, AT.arch],
    [EQUAL, 1, 0, known.audit],
    [RETURN, 0, 0, ENOSYS], // another architecture's table (i386 on x86-64) would pass by the numbers below
    [LOAD, 0, 0, AT.call],
    ...(known.x32
      ? ([
          [AT_LEAST, 0, 1, X32_BIT],
          [RETURN, 0, 0, ENOSYS],
        ] satisfies Instruction[])
      : []),
    ...known.calls.flatMap((call): Instruction[] => [
      [EQUAL, 0, 1, call],
      [RETURN, 0, 0, EPERM],
    ]),
    [EQUAL, 1, 0, known.ioctl],
    [RETURN, 0, 0, ALLOW],
    [LOAD, 0, 0, AT.second],
    [EQUAL, 1, 0, TIOCSTI],
    [EQUAL, 0, 1, TIOCLINUX],
    [RETURN, 0, 0, EPERM],
    [RETURN, 0, 0, ALLOW],
  ];
  return assemble(program);
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, yes, no, k], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(k, index * 8 + 4);
  });
  return bytes;
}
