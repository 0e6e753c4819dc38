// The proxy that stands between this machine and the internet, as the person's Claude Code would find it: in the shell's
// environment, the person's settings or the organisation's. Its user and password stay outside of the sandbox.
import { Refusal } from '../errors/index.ts';
import { clientEnvironment, type Environment, readManagedSettings, readUserSettings } from './client-files.ts';

/** The proxy that a connection to a host goes through; undefined when it goes straight there. */
export type ProxyFor = (host: string, port: number) => URL | undefined;

/** Programs write these names in either case; where both stand, curl and Node take the lower one. */
const NAMES = { proxy: ['https_proxy', 'HTTPS_PROXY'], without: ['no_proxy', 'NO_PROXY'] };

/** Reads `HTTPS_PROXY` and `NO_PROXY`. Throws `account.proxy` for what is no http or https URL; never with the URL itself. */
export function clientProxy(input: { env: Environment; home: string; managedFolder?: string }): ProxyFor {
  const env = clientEnvironment(input.env, readUserSettings(input), readManagedSettings(input.managedFolder));
  const value = (names: readonly string[]) => names.map((name) => env[name]).find((text) => text);
  const given = value(NAMES.proxy);
  if (given === undefined) return () => undefined;
  const text = given.includes('://') ? given : `http://${given}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Refusal('account.proxy');
  const proxy = new URL(text);
  const rules = (value(NAMES.without) ?? '').split(/[\s,]+/).filter(Boolean);
  return (host, port) => (isLoopback(host) || rules.some((rule) => matches(rule, host, port)) ? undefined : proxy);
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
}

/** `example.com` and `.example.com` name the host and all below it, `*` everything, a port only that port. */
function matches(rule: string, host: string, port: number): boolean {
  const [, name, only] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) as unknown as [string, string, string?];
  if (only !== undefined && Number(only) !== port) return false;
  const bare = name.replace(/^\*?\./, '');
  return name === '*' || host === bare || host.endsWith(`.${bare}`);
}
