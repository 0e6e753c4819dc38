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
import type { ServerSettings } from '../gateway/index.ts';
import { type HostEnvironment, run, toolPath } from '../host/index.ts';
import { type LoadInput, loadPolicy, type Policy } from '../policy/index.ts';
import { lendToolchains, probeSandbox, type SandboxTools, type Toolchains } from '../sandbox/index.ts';
import { type PreparedScanner, prepareScanner } from '../scan/index.ts';
import { findProgram, findRoot, type Program } from '../session/index.ts';
import type { ReviewOptions } from './reviewed.ts';
import { askServer } from './server-settings.ts';

/** sotto's own options; they stand before the word `claude`. */
export interface OwnOptions extends ReviewOptions {
  /** Claude Code to start, a path or a name on PATH. */
  program?: string;
}

export interface Prepared {
  tools: SandboxTools;
  program: Program;
  root: string;
  /** What policy is loaded from, should it be loaded again. */
  place: LoadInput;
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
  /** What the organisation manages on the server; asked for once, and the same until the session ends. */
  serverSettings: ServerSettings | undefined;
  toolchains: Toolchains;
}

/** Looks at everything and changes nothing; throws the refusal of the first thing that is not as it must be. */
export async function prepareSession(host: HostEnvironment, own: OwnOptions): Promise<Prepared> {
  const tools = await probeSandbox(host);
  const program = findProgram(host, own.program);
  const root = findRoot(host);
  const bare = { root, home: host.home, env: host.variables };
  const first = await loadPolicy(bare);
  const signedIn = await signIn(host, first, root);
  const serverSettings = await askServer(host, { ...signedIn, program });
  const place =
    serverSettings === undefined ? bare : { ...bare, serverSettings: JSON.stringify(serverSettings.settings) };
  const policy = serverSettings === undefined ? first : await loadPolicy(place);
  const organizations = demanded(signedIn, policy, serverSettings);
  const prepared = await prepareScanner(policy.scan);
  const toolchains = lendToolchains(host.variables.PATH ?? toolPath(undefined), host.home);
  return { tools, program, root, place, policy, prepared, ...signedIn, organizations, serverSettings, toolchains };
}

/** The server's settings may demand an organisation or a method too. */
function demanded(signedIn: SignedIn, policy: Policy, serverSettings: ServerSettings | undefined): readonly string[] {
  if (serverSettings === undefined) return signedIn.organizations;
  const { credential, account } = signedIn;
  const { organization } = policy.account;
  const more = checkAccount({ kind: credential.kind, account, organization, managed: serverSettings.settings });
  return signedIn.organizations.length > 0 ? signedIn.organizations : more;
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
