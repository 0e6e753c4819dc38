// One request and its answer, the same for HTTP/1.1 and HTTP/2, after its framing was found to be plain.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { Refusal } from '../errors/index.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

export interface Exchange {
  /** `base`: the base URL of inference; `proxy`: a terminated connection, or a request in absolute form. */
  face: 'base' | 'proxy';
  host: string;
  method: string;
  path: string;
  /** Without the question mark. */
  query: string;
  headers: Readonly<Record<string, string>>;
  incoming: Incoming;
  outgoing: Outgoing;
}

/** Headers that say how a message is framed or where it goes; one of each, or two parsers may read two messages. */
const SINGLE = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'authorization',
  'x-api-key',
  'anthropic-version',
]);

/** The oldest HTTP that a tunnel may be asked for in: Python's does until 3.12, without a Host. */
const TUNNEL_VERSIONS = new Set(['1.0', '1.1']);

/** The headers by lower-case name; throws `gateway.message` for doubled framing headers and odd transfer encodings. */
export function plainHeaders(incoming: Incoming): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  const raw = incoming.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    if (name.startsWith(':')) continue;
    if (name in headers && SINGLE.has(name)) throw refuse(`the header ${name} stands twice`);
    if (/[^\t\x20-\x7e]/.test(value)) throw refuse('a header holds bytes that are not plain ASCII');
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    throw refuse('a transfer encoding besides chunked');
  if (encoding !== undefined && 'content-length' in headers) throw refuse('both a length and a transfer encoding');
  if ('content-length' in headers && !/^\d{1,15}$/.test(headers['content-length'] as string))
    throw refuse('a bad length');
  if ('upgrade' in headers || 'http2-settings' in headers) throw new Refusal('gateway.upgrade', { what: 'an upgrade' });
  if ('expect' in headers && headers.expect?.toLowerCase() !== '100-continue') throw refuse('an unknown expectation');
  const isOld =
    incoming.method === 'CONNECT' ? !TUNNEL_VERSIONS.has(incoming.httpVersion) : incoming.httpVersion !== '1.1';
  if (incoming.httpVersionMajor < 2 && isOld) throw refuse('HTTP before 1.1');
  return headers;
}

function refuse(why: string): Refusal {
  return new Refusal('gateway.message', { why });
}
