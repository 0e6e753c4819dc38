// One request from its first line to its answer: read where it goes, find its row, then check, forward, answer or
// refuse. Nothing is sent before its line stands in the ledger.
import { Refusal } from '../errors/index.ts';
import { collectYoung } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import { type AllowedHosts, examineRequest } from './allowed.ts';
import { answerRefusal, answerText } from './api-error.ts';
import { open, receive } from './body.ts';
import { type Checked, checkBody } from './check.ts';
import { type Exchange, type Incoming, type Outgoing, plainHeaders } from './exchange.ts';
import type { Door } from './faces.ts';
import type { GatewayOptions } from './gateway.ts';
import type { IdentityText } from './identity-text.ts';
import { PictureQuestion, type Pictures } from './media.ts';
import type { Memory } from './memory.ts';
import type { Outside } from './outside.ts';
import { relay } from './relay.ts';
import { PROVIDER, type Route } from './route.ts';
import { allowedQuery, findRoute } from './routes.ts';
import { type SendContext, send } from './send.ts';
import type { Sieve } from './sift.ts';
import { isOwnHost, nameOf, parseHostHeader, parsePath } from './target.ts';
import { type AskWithheld, readerOf, type WithheldAnswers, WithheldQuestion } from './withheld.ts';

export interface ServeContext extends SendContext {
  sieve: Sieve;
  memory: Memory;
  pictures: Pictures;
  withheld: WithheldAnswers;
  askWithheld: AskWithheld | undefined;
  ask: GatewayOptions['ask'];
  identityText: IdentityText;
  policy: Policy;
  allowed: AllowedHosts;
  outside: Outside;
}

/** Serves one request; never throws. */
export async function serve(to: ServeContext, incoming: Incoming, outgoing: Outgoing, door: Door): Promise<void> {
  let exchange: Exchange | undefined;
  outgoing.on('error', () => undefined);
  try {
    exchange = readExchange(incoming, outgoing, door);
    const route = findRoute(exchange.host, exchange.method, exchange.path);
    if (route === undefined) await passOutside(to, exchange, door);
    else if (route.action === 'check') await check(to, exchange, route);
    else if (route.action === 'forward' && to.upstream.isProvider) await forward(to, exchange, route);
    else await answer(to, exchange, route);
  } catch (error) {
    refuse(to, error, exchange, incoming, outgoing, door);
  }
}

function readExchange(incoming: Incoming, outgoing: Outgoing, door: Door): Exchange {
  const headers = plainHeaders(incoming);
  const authority = incoming.httpVersionMajor >= 2 ? (incoming.headers[':authority'] as string) : headers.host;
  const method = incoming.method ?? '';
  const place = placeOf(incoming.url ?? '', authority ?? '', door);
  if (incoming.httpVersionMajor >= 2 && headers.host !== undefined && headers.host !== authority) {
    throw new Refusal('gateway.agree', { one: ':authority', other: 'Host' });
  }
  if (incoming.httpVersionMajor >= 2 && incoming.headers[':scheme'] !== 'https') {
    throw new Refusal('gateway.target', { why: 'the scheme is not https' });
  }
  return { method, headers, incoming, outgoing, ...place };
}

type Place = Pick<Exchange, 'face' | 'host' | 'path' | 'query'>;

function placeOf(url: string, authority: string, door: Door): Place {
  if (door.kind === 'secure') {
    if (parseHostHeader(authority, 443) !== door.host)
      throw new Refusal('gateway.agree', { one: 'SNI', other: 'Host' });
    return { face: 'proxy', host: door.host, ...parsePath(url) };
  }
  const absolute = /^http:\/\/([^/?#]*)(.*)$/i.exec(url);
  if (absolute === null) {
    if (!isOwnHost(authority, door.localPort))
      throw new Refusal('gateway.agree', { one: 'the listener', other: 'Host' });
    return { face: 'base', host: PROVIDER, ...parsePath(url) };
  }
  const [, named, rest] = absolute as unknown as [string, string, string];
  if (named !== authority) throw new Refusal('gateway.agree', { one: 'target', other: 'Host' });
  if (isOwnHost(named, door.localPort)) return { face: 'base', host: PROVIDER, ...parsePath(rest) };
  return { face: 'proxy', host: parseHostHeader(named, 80), ...parsePath(rest) };
}

/** Inference: the body is read, opened, checked, and only what came of that is sent. */
async function check(to: ServeContext, exchange: Exchange, route: Route): Promise<void> {
  const query = sentQuery(exchange, route);
  if (!/^application\/json\s*(?:;\s*charset=utf-8\s*)?$/i.test(exchange.headers['content-type'] ?? '')) {
    throw new Refusal('gateway.body-type');
  }
  const received = await receive(exchange.incoming, Number(exchange.headers['content-length'] ?? 0));
  const opened = await open(received, exchange.headers['content-encoding']);
  await to.provenance.settled();
  const { body, findings } = await checkAsking(to, opened, exchange.headers['x-claude-code-agent-id'] !== undefined);
  await send(to, exchange, { query, body, findings });
  // The answer is out: now nobody waits.
  if (received.length >= LARGE) setImmediate(collectYoung);
}

/** Bodies from this size on leave more behind than the collector should find by itself. */
const LARGE = 128 * 1024;

/** Checks a body; what must be asked for (a picture, a withheld file) is asked for, and the check done again. */
async function checkAsking(to: ServeContext, bytes: Buffer, subagent: boolean): Promise<Checked> {
  for (;;) {
    try {
      return checkBody(bytes, to, to.memory);
    } catch (error) {
      if (error instanceof WithheldQuestion) {
        const reader = readerOf(bytes, error.number, subagent);
        to.withheld.set(error.number, await to.askWithheld?.(error.number, reader));
        continue;
      }
      if (!(error instanceof PictureQuestion)) throw error;
      const { hash, type, bytes: size } = error;
      const answer = (await to.ask?.({ what: 'image', type, bytes: size })) ?? 'no';
      (answer === 'no' ? to.pictures.denied : to.pictures.granted).add(hash);
    }
  }
}

/** A read about the account: no body, so nothing of the person's can be in it. */
async function forward(to: ServeContext, exchange: Exchange, route: Route): Promise<void> {
  const query = sentQuery(exchange, route);
  if ((await receive(exchange.incoming, 0, 1)).length > 0) {
    throw new Refusal('gateway.body-unexpected', { method: exchange.method, host: exchange.host, path: exchange.path });
  }
  await send(to, exchange, { query, body: null, findings: {} });
}

function sentQuery(exchange: Exchange, route: Route): string {
  const query = allowedQuery(route, exchange.query);
  if (query === undefined) throw new Refusal('gateway.query', { host: exchange.host, path: exchange.path });
  return query;
}

/** To a host that policy names or a person said yes to: examined whole, over TLS only. */
async function passOutside(to: ServeContext, exchange: Exchange, door: Door): Promise<void> {
  const { host, method, path, query } = exchange;
  const shown = to.recorder.shown(path);
  // The provider's host is ours to list; nobody may add a path to it.
  if (nameOf(host) !== PROVIDER && door.kind !== 'secure') throw new Refusal('gateway.plain', { host });
  if (nameOf(host) === PROVIDER) throw new Refusal('gateway.route', { host, method, path: shown });
  await to.allowed.demand(exchange, shown);
  const { headers, body } = await examineRequest(exchange, to.sieve);
  to.recorder.request(exchange, 'forward', body?.length ?? 0, {});
  const request = { origin: `https://${host}`, path: query === '' ? path : `${path}?${query}`, method, headers, body };
  to.recorder.answer(exchange, await relay(to.outside.dispatcher, request, exchange.outgoing));
}

/** Answered here. The body is read and forgotten, so that the client sees it was taken. */
async function answer(to: ServeContext, exchange: Exchange, route: Route): Promise<void> {
  const { status, type, body } = route.answer ?? { status: 404 };
  await receive(exchange.incoming);
  to.recorder.request(exchange, 'answer', 0, {});
  answerText(exchange.outgoing, status, type ?? 'application/json', body ?? '', exchange.method);
}

function refuse(
  to: ServeContext,
  error: unknown,
  exchange: Exchange | undefined,
  incoming: Incoming,
  outgoing: Outgoing,
  door: Door,
): void {
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal('gateway.message', { why: 'it could not be read' }, { cause: error });
  const host = exchange?.host ?? (door.kind === 'secure' ? door.host : '');
  to.recorder.refused({ host, method: incoming.method ?? '', path: exchange?.path ?? '' }, refusal);
  if (outgoing.destroyed || outgoing.headersSent) return;
  // What is left of the body must not be read as the next request.
  if (incoming.httpVersionMajor < 2 && !incoming.complete) outgoing.setHeader('connection', 'close');
  answerRefusal(outgoing, refusal, incoming.method ?? '');
  incoming.resume();
}
