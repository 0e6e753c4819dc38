// Everything that can refuse before anything is started or copied: the machine, the project, the policy, the rules, the
// account, the program.
import {
  type Account,
  type CredentialSource,
  checkAccount,
  clientBaseUrl,
  clientProxy,
  findCredential,
  type ProxyFor,
  readAccount,
  readManagedSettings,
} from '../account/index.ts';
import { type HostEnvironment, run, toolPath } from '../host/index.ts';
import { loadPolicy, type Policy } from '../policy/index.ts';
import { lendToolchains, probeSandbox, type SandboxTools, type Toolchains } from '../sandbox/index.ts';
import { type PreparedScanner, prepareScanner } from '../scan/index.ts';
import { findProgram, findRoot, type Program } from '../session/index.ts';
import type { ReviewOptions } from './reviewed.ts';

/** sotto's own options; they stand before the word `claude`. */
export interface OwnOptions extends ReviewOptions {
  /** Claude Code to start, a path or a name on PATH. */
  program?: string;
}

export interface Prepared {
  tools: SandboxTools;
  program: Program;
  root: string;
  policy: Policy;
  prepared: PreparedScanner;
  credential: CredentialSource;
  account: Account;
  /** Organisation ids, one of which the account must be of; empty when nobody demands any. */
  organizations: readonly string[];
  /** Where inference goes. */
  upstream: URL;
  /** The proxy between this machine and the internet. */
  proxyFor: ProxyFor;
  toolchains: Toolchains;
}

/** Looks at everything and changes nothing; throws the refusal of the first thing that is not as it must be. */
export async function prepareSession(host: HostEnvironment, own: OwnOptions): Promise<Prepared> {
  const tools = await probeSandbox(host);
  const program = findProgram(host, own.program);
  const root = findRoot(host);
  const policy = await loadPolicy({ root, home: host.home, env: host.variables });
  const prepared = await prepareScanner(policy.scan);
  const signedIn = await signIn(host, policy, root);
  const toolchains = lendToolchains(host.variables.PATH ?? toolPath(undefined), host.home);
  return { tools, program, root, policy, prepared, ...signedIn, toolchains };
}

type SignedIn = Pick<Prepared, 'credential' | 'account' | 'organizations' | 'upstream' | 'proxyFor'>;

async function signIn(host: HostEnvironment, policy: Policy, root: string): Promise<SignedIn> {
  const place = { env: host.variables, home: host.home };
  const credential = await findCredential({ ...place, run, projects: [root, host.cwd] });
  const { kind } = credential;
  const account = await readAccount({ ...place, kind });
  const { organization } = policy.account;
  const organizations = checkAccount({ kind, account, organization, managed: readManagedSettings() });
  const upstream = policy.upstream === undefined ? clientBaseUrl(place) : new URL(policy.upstream);
  return { credential, account, organizations, upstream, proxyFor: clientProxy(place) };
}
