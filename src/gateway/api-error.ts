// Refusals in the shape of the provider's own errors, so that Claude Code shows their sentence.

import type { Code, Refusal } from '../errors/index.ts';
import type { Outgoing } from './exchange.ts';

/**
 * 451 is shown after one request, as it stands. 403 too, but under "Please run /login"; 400 and 422 are tried again
 * up to six times with other bodies, 401, 409, 429 and 5xx without an end in sight (seen with 2.1.330). Only what may mend
 * itself is a 502.
 */
const STATUS: Partial<Record<Code, number>> = {
  'gateway.target': 403,
  'gateway.agree': 403,
  'gateway.message': 403,
  'gateway.route': 403,
  'gateway.query': 403,
  'gateway.plain': 403,
  'gateway.upgrade': 403,
  'gateway.body-size': 413,
  'gateway.proxy': 502,
  'gateway.upstream': 502,
};

const TYPE: Record<number, string> = {
  403: 'permission_error',
  413: 'request_too_large',
  451: 'invalid_request_error',
  502: 'api_error',
};

export function statusOf(error: Refusal): number {
  return STATUS[error.code] ?? 451;
}

/** Answers with a refusal; closes the connection where the request's body was not read to its end. */
export function answerRefusal(outgoing: Outgoing, error: Refusal, method: string): void {
  const status = statusOf(error);
  const hint = error.hint === '' ? '' : ` (hint: ${error.hint})`;
  const message = `sotto: ${error.message}${hint}`;
  answerJson(outgoing, status, { type: 'error', error: { type: TYPE[status], message }, code: error.code }, method);
}

export function answerJson(outgoing: Outgoing, status: number, value: unknown, method: string): void {
  answerText(outgoing, status, 'application/json', JSON.stringify(value), method);
}

export function answerText(outgoing: Outgoing, status: number, type: string, text: string, method: string): void {
  if (outgoing.headersSent || outgoing.writableEnded) return;
  const body = Buffer.from(text);
  (outgoing as { writeHead(status: number, headers: Record<string, string | number>): unknown }).writeHead(status, {
    'content-type': type,
    'content-length': body.length,
  });
  if (method === 'HEAD') outgoing.end();
  else outgoing.end(body);
}
