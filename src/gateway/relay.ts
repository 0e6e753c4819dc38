// Sends a checked request on and streams the answer back as it comes: no decompression, no buffering, back-pressure
// both ways, trailers kept. No redirect is followed: the client sees it and must pass the table of routes again.
import type { Dispatcher } from 'undici';
import { Refusal } from '../errors/index.ts';
import type { Outgoing } from './exchange.ts';

export interface RelayRequest {
  origin: string;
  path: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
}

/** What is known once the answer is through. */
export interface RelayResult {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The answer ended before it was whole, on either side. */
  cut: boolean;
}

export interface RelayWatch {
  /** Called with the head of the answer, before anything of it is passed on; a throw drops the answer. */
  onHead?(status: number, headers: RelayResult['headers']): void;
  /** Called with each piece after it was passed on. */
  onPiece?(piece: Buffer): void;
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
type Head = Record<string, string | string[]>;

/**
 * Resolves when the answer was passed on to its end or either side went away. Throws the refusals `gateway.upstream`
 * and `gateway.certificate` when no answer began.
 */
export function relay(
  dispatcher: Dispatcher,
  request: RelayRequest,
  outgoing: Outgoing,
  watch: RelayWatch = {},
): Promise<RelayResult> {
  return new Promise((resolve, reject) => {
    let result: RelayResult | undefined;
    let upstream: Dispatcher.DispatchController | undefined;
    let begun = false;
    const onDrain = () => upstream?.resume();
    const onClose = () => upstream?.abort(new Error('client is gone'));
    outgoing.on('drain', onDrain);
    outgoing.on('close', onClose);
    const done = (settle: () => void) => {
      outgoing.off('drain', onDrain);
      outgoing.off('close', onClose);
      settle();
    };
    const options = { ...request, method: request.method as Dispatcher.HttpMethod, headers: { ...request.headers } };
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        upstream = controller;
        if (outgoing.destroyed) controller.abort(new Error('client is gone'));
      },
      onResponseStart(controller, status, headers) {
        if (status < 200) return;
        try {
          watch.onHead?.(status, headers);
        } catch (error) {
          controller.abort(error as Error);
          return;
        }
        result = { status, headers, cut: false };
        (outgoing as { writeHead(status: number, head: Head): unknown }).writeHead(status, headOf(headers, outgoing));
        // What came with the head leaves with it, in one write; a head that came alone does not wait for a piece.
        process.nextTick(() => begun || (outgoing as { flushHeaders(): void }).flushHeaders());
        if (outgoing.destroyed) controller.abort(new Error('client is gone'));
      },
      onResponseData(controller, piece) {
        begun = true;
        if (!(outgoing as { write(piece: Buffer): boolean }).write(piece)) controller.pause();
        watch.onPiece?.(piece);
      },
      onResponseEnd(_controller, trailers) {
        begun = true;
        const names = Object.entries(trailers ?? {});
        if (names.length > 0) outgoing.addTrailers(Object.fromEntries(names) as Record<string, string>);
        outgoing.end();
        done(() => resolve(result as RelayResult));
      },
      onResponseError(_controller, error) {
        if (result === undefined) return done(() => reject(asRefusal(error, request.origin)));
        begun = true;
        // The head is out: a cut stream is the one honest way to say that the rest will not come.
        (outgoing as { destroy(): void }).destroy();
        done(() => resolve({ ...(result as RelayResult), cut: true }));
      },
    });
  });
}

function headOf(headers: RelayResult['headers'], outgoing: Outgoing): Head {
  const two = !('shouldKeepAlive' in outgoing);
  const named = new Set(
    String(headers.connection ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const head: Head = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.has(name)) continue;
    if (two && name === 'trailer') continue;
    head[name] = value;
  }
  return head;
}

function asRefusal(error: unknown, origin: string): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  // OpenSSL's names for what is wrong with a chain; trying again would not mend it.
  if (/CERT|SIGNATURE/.test(code)) return new Refusal('gateway.certificate', { host: new URL(origin).host, why: code });
  return new Refusal('gateway.upstream', { host: new URL(origin).host, why: code }, { cause: error });
}
