// Reads what the client sent back: the results of tools, by the id of the call.
import type { Received } from './stand-in.ts';

interface ContentBlock {
  type?: string;
  tool_use_id?: string;
  content?: unknown;
}

/** Tool results of all requests, by tool_use_id; the first time each was sent. */
export function toolResults(received: readonly Received[]): Map<string, string> {
  const results = new Map<string, string>();
  for (const { body } of received) {
    for (const block of blocksOf(body)) {
      const id = block.tool_use_id;
      if (block.type === 'tool_result' && id !== undefined && !results.has(id)) results.set(id, textOf(block.content));
    }
  }
  return results;
}

function blocksOf(body: Buffer): ContentBlock[] {
  const parsed = parse(body);
  return (parsed?.messages ?? []).flatMap((message) => (Array.isArray(message.content) ? message.content : []));
}

function parse(body: Buffer): { messages?: { content?: ContentBlock[] | string }[] } | undefined {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // not a request of the Messages API
  }
}

/** The text of a tool result, whose content is a string or a list of blocks. */
function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content ?? '');
}
