export { probeSandbox, type SandboxTools } from './probe.ts';
export { INSIDE_HOSTNAME, type Mount, type Profile } from './profile.ts';
export { type Command, openSandbox, type Sandbox } from './sandbox.ts';
export { systemMounts } from './system.ts';
export { lendToolchains, type Toolchains } from './toolchains.ts';
