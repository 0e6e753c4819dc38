// Checks the body of a request to the model: parsed once, walked by field (see inspect.ts), rewritten by splices.
import { Refusal } from '../errors/index.ts';
import { examine, type Inspector, inspectAll, inspectContent, inspectString } from './inspect.ts';
import { type JsonNode, type Member, member, parseJson, textOf } from './json.ts';
import type { Sieve } from './sift.ts';
import { applySplices } from './splice.ts';

export interface Checked {
  /** What may be sent; the very same buffer when nothing had to be redacted. */
  body: Buffer;
  /** Findings that were redacted, by rule id. */
  findings: Readonly<Record<string, number>>;
}

/**
 * Checks and redacts one body. Throws `gateway.body-json` for what cannot be read and `gateway.secret` for a secret
 * that cannot be redacted; then nothing may be sent.
 */
export function checkBody(bytes: Buffer, sieve: Sieve): Checked {
  const root = parseJson(bytes);
  if (root.kind !== 'object') throw new Refusal('gateway.body-json', { why: 'it is not an object', at: 0 });
  const to: Inspector = { bytes, sieve, splices: [], findings: {} };
  for (const each of root.members) inspectMember(to, each);
  to.splices.sort((a, b) => a.start - b.start);
  return { body: applySplices(bytes, to.splices), findings: to.findings };
}

function inspectMember(to: Inspector, { key, name, value }: Member): void {
  inspectString(to, name, 'examine', 'a field name');
  switch (key) {
    case 'system':
      return inspectContent(to, value, 'redact', 'the system prompt');
    case 'messages':
      return eachItem(to, value, 'messages', (message) => inspectMessage(to, message));
    case 'tools':
      return eachItem(to, value, 'tools', (tool) => inspectTool(to, tool));
    case 'safeguards':
      return inspectAll(to, value, 'redact', 'safeguards');
    case 'mcp_servers':
      if (value.kind === 'array' && value.items.length === 0) return;
      throw new Refusal('gateway.remote-tool', { field: 'mcp_servers' });
    default:
      return examine(to, value, `the field ${/^[a-z_]{1,40}$/.test(key) ? key : '(unknown)'}`);
  }
}

function eachItem(to: Inspector, value: JsonNode, where: string, inspect: (item: JsonNode) => void): void {
  if (value.kind !== 'array') return examine(to, value, where);
  for (const item of value.items) inspect(item);
}

function inspectMessage(to: Inspector, message: JsonNode): void {
  if (message.kind !== 'object') return examine(to, message, 'a message');
  const role = member(message, 'role');
  const who = role?.kind === 'string' ? textOf(to.bytes, role) : '';
  const known = who === 'user' || who === 'system' || who === 'assistant';
  for (const { key, name, value } of message.members) {
    inspectString(to, name, 'examine', 'a message');
    if (key === 'content' && known) {
      inspectContent(to, value, who === 'assistant' ? 'examine' : 'redact', `a message of the ${who}`);
    } else examine(to, value, 'a message');
  }
}

/** A tool's descriptions are text (MCP servers write them); its name and the rest of its schema are not. */
function inspectTool(to: Inspector, node: JsonNode): void {
  if (node.kind === 'array') for (const item of node.items) inspectTool(to, item);
  else if (node.kind === 'object') {
    for (const { key, name, value } of node.members) {
      inspectString(to, name, 'examine', 'a tool');
      if ((key === 'description' || key === 'title') && value.kind === 'string') {
        inspectString(to, value, 'redact', 'a tool');
      } else inspectTool(to, value);
    }
  } else if (node.kind === 'string') inspectString(to, node, 'examine', 'a tool');
}
