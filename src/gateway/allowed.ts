// Hosts besides the provider: named in policy (`network.allow`), or asked for. What goes to them is only examined, never
// rewritten: a redacted upload would be a broken one.
import { Refusal } from '../errors/index.ts';
import { matchesName, type NetworkAllow } from '../policy/index.ts';
import { open, receive } from './body.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayQuestion } from './gateway.ts';
import type { Sieve } from './sift.ts';

type Asker = (question: GatewayQuestion) => Promise<'once' | 'session' | 'no'>;

export interface AllowedHosts {
  /** Resolves when the request may be sent as far as its host, method and path go; throws `gateway.route` if not. */
  demand(exchange: Exchange, shownPath: string): Promise<void>;
  /** True when policy lets the host through unopened. */
  isOpaque(host: string): boolean;
  /** True for a host on a port of its own that policy names; nobody is asked about those. */
  isNamed(host: string): boolean;
}

export function createAllowedHosts(entries: readonly NetworkAllow[], ask: Asker | undefined): AllowedHosts {
  const granted = new Set<string>();
  const asking = new Map<string, Promise<'once' | 'session' | 'no'>>();

  async function asked(host: string, method: string, path: string): Promise<boolean> {
    const key = `${method} ${host}`;
    if (granted.has(key)) return true;
    if (ask === undefined || host.includes(':')) return false;
    // Programs open several connections at once; one question stands for all of them.
    const question = asking.get(key) ?? ask({ what: 'host', host, method, path });
    asking.set(key, question);
    const answer = await question.finally(() => asking.delete(key));
    if (answer === 'session') granted.add(key);
    return answer !== 'no';
  }

  return {
    isNamed: (host) => entries.some((entry) => hostMatches(entry.host, host)),
    isOpaque: (host) => entries.some((entry) => entry.opaque && hostMatches(entry.host, host)),
    async demand({ host, method, path }, shownPath) {
      const named = entries.some(
        (entry) => hostMatches(entry.host, host) && entry.methods.includes(method) && isBelow(entry.path, path),
      );
      if (!named && !(await asked(host, method, shownPath))) {
        throw new Refusal('gateway.route', { host, method, path: shownPath });
      }
    },
  };
}

/** `*.` in front means every name below, not the name itself. Without a port, that of https is meant. */
function hostMatches(pattern: string, host: string): boolean {
  return matchesName(host, [pattern.replace(/:443$/, '')]);
}

/** A prefix ends where a segment ends: `/a` is not above `/ab`. */
function isBelow(prefix: string, path: string): boolean {
  return (
    path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/')
  );
}

const DROPPED = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length|host)$/;

export interface Passed {
  headers: Record<string, string>;
  body: Buffer | null;
}

/** Examines a whole request to another host; throws `gateway.secret` for a secret anywhere in it. */
export async function examineRequest(exchange: Exchange, sieve: Sieve): Promise<Passed> {
  const { host, path, query } = exchange;
  const refuse = (where: string, rule: string | undefined) => new Refusal('gateway.secret', { where, rule });
  const inTarget = sieve.find(`${path}?${query}`)[0] ?? sieve.find(host)[0];
  if (inTarget !== undefined) throw refuse(`the address of a request to ${hostShown(host, sieve)}`, inTarget.rule);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(exchange.headers)) {
    if (DROPPED.test(name)) continue;
    const found = sieve.find(`${name}: ${value}`)[0];
    if (found !== undefined) throw refuse(`the header ${name} of a request to ${host}`, found.rule);
    headers[name] = value;
  }
  const body = await receive(exchange.incoming);
  if (body.length === 0) return { headers, body: null };
  const opened = await open(body, exchange.headers['content-encoding']);
  const { kind, findings } = sieve.scanBytes(opened);
  // A pack, an archive or a picture may hold anything; who needs to send one says so in policy (`opaque`).
  if (kind !== 'text') throw new Refusal('gateway.body-kind', { host, kind });
  const found = findings[0] ?? sieve.find(opened.toString('utf8'))[0];
  if (found !== undefined) throw refuse(`the body of a request to ${host}`, found.rule);
  return { headers, body };
}

function hostShown(host: string, sieve: Sieve): string {
  return sieve.find(host).length === 0 ? host : 'another host';
}
