// Checks the body of a request to the model: parsed once, walked by field (see inspect.ts), rewritten by splices.
import { Refusal } from '../errors/index.ts';
import { examine, type Inspector, type InspectWith, inspectAll, inspectContent, inspectString } from './inspect.ts';
import { type JsonNode, type Member, member, parseJson, textOf } from './json.ts';
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
export function checkBody(bytes: Buffer, using: InspectWith): Checked {
  const root = parseJson(bytes);
  if (root.kind !== 'object') throw new Refusal('gateway.body-json', { why: 'it is not an object', at: 0 });
  const to: Inspector = { sieve: using.sieve, identity: using.identity, bytes, splices: [], findings: {} };
  for (const each of root.members) inspectMember(to, each);
  to.splices.sort((a, b) => a.start - b.start);
  return { body: applySplices(bytes, to.splices), findings: to.findings };
}

function inspectMember(to: Inspector, { key, name, value }: Member): void {
  inspectString(to, name, 'examine', 'a field name');
  if (key === 'system') inspectContent(to, value, 'redact', 'the system prompt');
  else if (key === 'messages') eachItem(to, value, 'messages', (message) => inspectMessage(to, message));
  else if (key === 'tools') eachItem(to, value, 'tools', (tool) => inspectTool(to, tool));
  else if (key === 'metadata') inspectMetadata(to, value);
  else if (key === 'safeguards') inspectAll(to, value, 'redact', 'safeguards');
  else if (key === 'mcp_servers' && !(value.kind === 'array' && value.items.length === 0)) {
    throw new Refusal('gateway.remote-tool', { field: 'mcp_servers' });
  } else examine(to, value, `the field ${/^[a-z_]{1,40}$/.test(key) ? key : '(unknown)'}`);
}

function eachItem(to: Inspector, value: JsonNode, where: string, inspect: (item: JsonNode) => void): void {
  if (value.kind !== 'array') examine(to, value, where);
  else for (const item of value.items) inspect(item);
}

function inspectMessage(to: Inspector, message: JsonNode): void {
  if (message.kind !== 'object') {
    examine(to, message, 'a message');
    return;
  }
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

/** `user_id` names device, account and session; what policy puts in its place is ours and needs no check. */
function inspectMetadata(to: Inspector, node: JsonNode): void {
  if (node.kind !== 'object') {
    examine(to, node, 'metadata');
    return;
  }
  for (const { key, name, value } of node.members) {
    inspectString(to, name, 'examine', 'metadata');
    const replaced =
      key === 'user_id' && value.kind === 'string' ? to.identity.userId(textOf(to.bytes, value)) : undefined;
    if (replaced === undefined) examine(to, value, 'metadata');
    else to.splices.push({ start: value.start, end: value.end, text: JSON.stringify(replaced) });
  }
}
