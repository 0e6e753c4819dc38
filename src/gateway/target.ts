// Where a request wants to go. One spelling of a host and a path is accepted, every other one is refused rather than
// normalised: what two parsers read differently is how a request slips by a list.
import { Refusal } from '../errors/index.ts';

/** Host, path and query as written, after they were found to be plain. */
export interface Target {
  host: string;
  path: string;
  /** Without the question mark; '' when there is none. */
  query: string;
}

/** Labels of letters, digits and hyphens, at least two, the last not a number: no IP literal, no trailing dot, no userinfo. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/;
const QUERY = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%[\]]*$/;
const BAD_ESCAPE = /%(?![0-9a-f]{2})|%(?:00|2e|2f|5c|25|0[0-9a-f]|1[0-9a-f]|7f)/i;
const LOOPBACK = /^(?:127\.0\.0\.1|localhost)(?::(\d{1,5}))?$/;

/** Reads `host:port` of a CONNECT request: the host alone where the port is that of https, else both, as policy writes them. */
export function parseConnectTarget(authority: string): string {
  if (!/^[^:@/\\\s]+:\d+$/.test(authority)) {
    throw new Refusal('gateway.target', { why: 'CONNECT takes a host name and a port only' });
  }
  return parseHostHeader(authority, 443);
}

/** The name of a target without its port. */
export function nameOf(host: string): string {
  return host.split(':')[0] as string;
}

/** A host in lower case, if it is a plain DNS name. */
export function checkHost(host: string): string {
  const lower = host.toLowerCase();
  if (!HOST.test(lower)) throw new Refusal('gateway.target', { why: 'the host is not a plain DNS name' });
  return lower;
}

/** Reads the Host header of a request: the name alone where it names the port of its scheme or none, else with the port. */
export function parseHostHeader(value: string, port: 80 | 443): string {
  const [, name, given] = /^([^:]*)(?::([1-9]\d{0,4}))?$/.exec(value) ?? [];
  if (name === undefined || Number(given ?? port) > 65_535) {
    throw new Refusal('gateway.target', { why: 'the host is not a name with a port' });
  }
  const host = checkHost(name);
  return given === undefined || Number(given) === port ? host : `${host}:${given}`;
}

/** True when the Host header names the gateway's own listener on loopback. */
export function isOwnHost(value: string, localPort: number | undefined): boolean {
  const match = LOOPBACK.exec(value.toLowerCase());
  if (match === null) return false;
  return localPort === undefined || Number(match[1] ?? 80) === localPort;
}

/** Splits a request target in origin form. Dot segments, empty segments, escaped separators and raw control bytes are refused. */
export function parsePath(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  if (!PATH.test(path) || BAD_ESCAPE.test(path)) throw new Refusal('gateway.target', { why: 'the path is not plain' });
  if (hasOddSegment(path)) throw new Refusal('gateway.target', { why: 'the path has empty or dot segments' });
  if (!QUERY.test(query) || /%(?![0-9a-f]{2})|%00/i.test(query)) {
    throw new Refusal('gateway.target', { why: 'the query is not plain' });
  }
  return { path, query };
}

/** A slash at the end is an ordinary path; anything else empty, `.` or `..` is not. */
function hasOddSegment(path: string): boolean {
  const segments = path.slice(1).split('/');
  return segments.some((segment, index) => {
    if (segment === '') return index < segments.length - 1;
    return /^\.{1,2}(?:;.*)?$/.test(segment);
  });
}
