// What the upstream answers: by the header that the gateway passes, since paths and queries are on its list.
import type { IncomingMessage, ServerResponse } from 'node:http';

export const ANSWER = 64 * 1024 * 1024;
export const EVENTS = { rate: 200, seconds: 3 };

/** `cli`: one word; `cli-bg` with a short body: an answer without an end in sight; longer: events at their pace. */
export function answerAs(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const length = Number(incoming.headers['content-length'] ?? 0);
  incoming.resume().on('end', () => {
    const background = incoming.headers['x-app'] === 'cli-bg';
    outgoing.writeHead(200, { 'content-type': background && length >= PACED ? 'text/event-stream' : 'text/plain' });
    if (!background) outgoing.end('first');
    else if (length < PACED) flood(outgoing);
    else pace(outgoing);
  });
}

/** Bodies from this size on ask for events. */
export const PACED = 64 * 1024;

const piece = Buffer.alloc(64 * 1024, 'x');

function flood(outgoing: ServerResponse): void {
  let left = ANSWER;
  const more = () => {
    while (left > 0) {
      left -= piece.length;
      if (!outgoing.write(piece)) {
        outgoing.once('drain', more);
        return;
      }
    }
    outgoing.end();
  };
  more();
}

/** Each event says when it was written, on the clock that all processes of a machine share. */
function pace(outgoing: ServerResponse): void {
  const total = EVENTS.rate * EVENTS.seconds;
  const start = performance.now();
  let written = 0;
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - start) * EVENTS.rate) / 1000));
    for (; written < due; written++) {
      const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' some words' } };
      const event = { ...delta, at: String(process.hrtime.bigint()) };
      outgoing.write(`event: content_block_delta\ndata: ${JSON.stringify(event)}\n\n`);
    }
    if (written < total) return;
    clearInterval(timer);
    outgoing.end();
  }, 5);
}
