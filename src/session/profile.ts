// The profile of a session: which parts of the machine stand inside, under which names.
import type { HostEnvironment } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import { type Mount, type Profile, type Sandbox, systemMounts, type Toolchains } from '../sandbox/index.ts';
import type { Workspace } from '../workspace/index.ts';
import { AUTHORITY, insideUser, JAVA_TRUST_STORE } from './home.ts';
import type { Lent } from './lent.ts';
import type { Program } from './program.ts';
import { sessionEnvironment } from './session-environment.ts';

export interface SessionProfileInput {
  host: HostEnvironment;
  policy: Policy;
  sandbox: Sandbox;
  root: string;
  workspace: Workspace;
  /** Where the copy is in the holder's mount namespace. */
  tree: string;
  toolchains: Toolchains;
  program: Program;
  lent: Lent;
  /** Mounts of the furnished home. */
  home: readonly Mount[];
}

/** Puts the profile together; overlays are mounted on the way. */
export async function sessionProfile(input: SessionProfileInput): Promise<Profile> {
  const { host, sandbox, root, toolchains, program } = input;
  return {
    mounts: [
      ...systemMounts(),
      ...input.home,
      ...toolchains.mounts,
      ...lendPaths(input),
      ...program.mounts,
      { kind: 'writable', source: input.tree, target: root },
      ...(await overlays(input)),
    ],
    env: sessionEnvironment({
      port: sandbox.port,
      authority: AUTHORITY,
      javaTrustStore: JAVA_TRUST_STORE,
      home: host.home,
      path: toolchains.path,
      lent: input.lent.env,
      identity: input.policy.identity,
      user: insideUser(host).user,
    }),
    uid: insideUser(host).uid,
    gid: insideUser(host).gid,
    cwd: host.cwd,
    newSession: false,
  };
}

function lendPaths({ host, policy }: SessionProfileInput): Mount[] {
  return policy.sandbox.lend.map((path) => {
    const real = path.startsWith('~/') ? `${host.home}${path.slice(1)}` : path;
    return { kind: 'read-only', source: real, target: real, optional: true };
  });
}

/** Bulky folders with a throw-away upper layer; read-only where the kernel has no overlays for us. */
async function overlays({ sandbox, root, workspace }: SessionProfileInput): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [index, path] of workspace.report.overlays.entries()) {
    const lower = `${root}/${path}`;
    const merged = await sandbox.overlay(lower, String(index));
    mounts.push(
      merged === undefined
        ? { kind: 'read-only', source: lower, target: lower }
        : { kind: 'writable', source: merged, target: lower },
    );
  }
  return mounts;
}
