// A door before the stand-in that can fail like a provider: refuse, answer with errors, go away and come back on its port.
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request is answered with in place of the stand-in; undefined passes it on. */
export type Failure = (request: IncomingMessage) => { status: number; body: object } | undefined;

export interface Front {
  readonly url: string;
  /** Requests that arrived here, passed on or not. */
  readonly count: number;
  fail(failure: Failure | undefined): void;
  /** Nobody listens any more; connections are refused. */
  leave(): Promise<void>;
  /** Listens again on the same port. */
  comeBack(): Promise<void>;
}

export async function openFront(behind: string): Promise<Front> {
  let failure: Failure | undefined;
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const failed = failure?.(request);
    if (failed === undefined) pass(request, response, behind);
    else {
      request.resume();
      response.writeHead(failed.status, { 'content-type': 'application/json' }).end(JSON.stringify(failed.body));
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count;
    },
    fail: (next) => {
      failure = next;
    },
    leave() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
    comeBack: () => listen(port),
  };
}

function pass(request: IncomingMessage, response: ServerResponse, behind: string): void {
  const { method, headers, url } = request;
  const onward = forward(new URL(url ?? '/', behind), { method: method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

/** An error in the provider's own shape. */
export function failWith(status: number, type: string, message: string): Failure {
  return () => ({ status, body: { type: 'error', error: { type, message } } });
}
