// A stand-in for the model on loopback: it answers the Messages API with the same stream of events, follows a script of
// tool calls, and keeps every byte it was sent. It plays the part of the provider, so what it never received never left.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One block of an answer: words, or a tool that the client is told to use. */
export type Block = { text: string } | { tool: string; id?: string; input: Readonly<Record<string, unknown>> };

/** What one request of the main conversation is answered with; a function may look at the world first. */
export type Step = readonly Block[] | (() => Promise<readonly Block[]>);

/** One request as it arrived. */
export interface Received {
  method: string;
  url: string;
  headers: readonly string[];
  body: Buffer;
}

export interface StandIn {
  readonly url: string;
  readonly received: readonly Received[];
  /** Replaces the script; each step answers one request of the main conversation (one that offers tools). */
  script(steps: readonly Step[]): void;
  close(): Promise<void>;
}

/** Starts the stand-in on a free port of 127.0.0.1. */
export async function startStandIn(): Promise<StandIn> {
  const received: Received[] = [];
  let steps: Step[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readAll(request);
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body });
      await answer(request, response, body, () => steps.shift() ?? [{ text: 'The script is over.' }]);
    })();
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    script: (next) => {
      steps = [...next];
    },
    close: () => stop(server),
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface MessagesRequest {
  model?: string;
  stream?: boolean;
  tools?: unknown[];
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  next: () => Step,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
  if (request.method === 'POST' && path === '/v1/messages/count_tokens')
    return json(response, 200, { input_tokens: 10 });
  if (request.method !== 'POST' || path !== '/v1/messages') return json(response, 404, notFound);
  const asked = JSON.parse(body.toString('utf8')) as MessagesRequest;
  const blocks = (asked.tools?.length ?? 0) > 0 ? await resolve(next()) : [{ text: '{"title":"A rehearsal"}' }];
  if (asked.stream) stream(response, asked, blocks);
  else json(response, 200, { ...message(asked), content: blocks.map(content), stop_reason: stopReason(blocks) });
}

async function resolve(step: Step): Promise<readonly Block[]> {
  return typeof step === 'function' ? step() : step;
}

const notFound = { type: 'error', error: { type: 'not_found_error', message: 'not part of the rehearsal' } };

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': id('req') });
  response.end(JSON.stringify(value));
}

let serial = 0;
function id(kind: string): string {
  serial += 1;
  return `${kind}_rehearsal${String(serial).padStart(6, '0')}`;
}

function message(asked: MessagesRequest) {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 5 };
  const model = asked.model ?? 'rehearsal';
  return {
    id: id('msg'),
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

function content(block: Block) {
  return 'text' in block
    ? { type: 'text', text: block.text }
    : { type: 'tool_use', id: block.id ?? id('toolu'), name: block.tool, input: block.input };
}

function stopReason(blocks: readonly Block[]): string {
  return blocks.some((block) => 'tool' in block) ? 'tool_use' : 'end_turn';
}

/** The events of a streamed answer, in the order of the API (message_start ... message_stop). */
function stream(response: ServerResponse, asked: MessagesRequest, blocks: readonly Block[]): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': id('req'),
  });
  const event = (type: string, fields: object) => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  event('message_start', { message: message(asked) });
  blocks.forEach((block, index) => {
    const whole = content(block);
    if (whole.type === 'text') {
      event('content_block_start', { index, content_block: { type: 'text', text: '' } });
      event('content_block_delta', { index, delta: { type: 'text_delta', text: whole.text } });
    } else {
      event('content_block_start', { index, content_block: { ...whole, input: {} } });
      event('content_block_delta', {
        index,
        delta: { type: 'input_json_delta', partial_json: JSON.stringify(whole.input) },
      });
    }
    event('content_block_stop', { index });
  });
  event('message_delta', {
    delta: { stop_reason: stopReason(blocks), stop_sequence: null },
    usage: { output_tokens: 5 },
  });
  event('message_stop', {});
  response.end();
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
