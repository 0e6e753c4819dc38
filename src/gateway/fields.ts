// Which field of a request is treated how. The client adds fields and block types nearly every day: what is not named
// here is examined and passed on, never rewritten, never trusted.
import { Refusal } from '../errors/index.ts';
import { examine, type Inspector, inspectAll, inspectString, type Treatment } from './inspect.ts';
import { type JsonNode, member, type StringNode, textOf } from './json.ts';
import { inspectBase64 } from './media.ts';

/** Inspects the name of a member of the outermost object. */
export function inspectName(to: Inspector, name: StringNode): void {
  inspectString(to, name, 'examine', 'a field name');
}

/** Inspects a member of the outermost object that is not an array. */
export function inspectMember(to: Inspector, key: string, value: JsonNode): void {
  if (key === 'system') inspectContent(to, value, 'about', 'the system prompt');
  else if (key === 'metadata') inspectMetadata(to, value);
  else examine(to, value, `the field ${nameOf(key)}`);
}

/** Inspects an element of an array in the outermost object. */
export function inspectItem(to: Inspector, key: string, item: JsonNode): void {
  if (key === 'messages') inspectMessage(to, item);
  else if (key === 'system') inspectBlock(to, item, 'about', 'the system prompt');
  else if (key === 'tools') inspectTool(to, item);
  // What the client tells the provider's own judge of actions: paths, rules, identity; all of it text.
  else if (key === 'safeguards') inspectAll(to, item, 'about', 'safeguards');
  else if (key === 'mcp_servers') throw new Refusal('gateway.remote-tool', { field: key });
  else examine(to, item, `the field ${nameOf(key)}`);
}

function nameOf(key: string): string {
  return /^[a-z_]{1,40}$/.test(key) ? key : '(unknown)';
}

const HOW = { user: 'redact', system: 'about', assistant: 'own' } as const;

function inspectMessage(to: Inspector, message: JsonNode): void {
  const role = member(message, 'role');
  const who = role?.kind === 'string' ? textOf(to.bytes, role) : '';
  if (message.kind !== 'object' || !Object.hasOwn(HOW, who)) {
    examine(to, message, 'a message of an unknown role');
    return;
  }
  const how = HOW[who as keyof typeof HOW];
  for (const { key, name, value } of message.members) {
    inspectString(to, name, 'examine', 'a message');
    if (key === 'content') inspectContent(to, value, how, `a message of the ${who}`);
    else examine(to, value, 'a message');
  }
}

/** Text that may be a string or a list of blocks. */
function inspectContent(to: Inspector, node: JsonNode, how: Treatment, where: string): void {
  if (node.kind === 'string') inspectString(to, node, how, where);
  else if (node.kind === 'array') for (const block of node.items) inspectBlock(to, block, how, where);
  else examine(to, node, where);
}

/** How the fields of each known block are treated: `content` holds blocks again, `source` data, a field that is not named is examined. */
const BLOCKS: Readonly<Record<string, Readonly<Record<string, Treatment | 'content' | 'source'>>>> = {
  text: { text: 'redact' },
  tool_result: { content: 'content', tool_use_id: 'opaque' },
  tool_use: { id: 'opaque', input: 'own' },
  server_tool_use: { id: 'opaque', input: 'own' },
  mcp_tool_use: { id: 'opaque', input: 'own' },
  mcp_tool_result: { content: 'content', tool_use_id: 'opaque' },
  thinking: { thinking: 'opaque', signature: 'opaque' },
  redacted_thinking: { data: 'opaque' },
  image: { source: 'source' },
  document: { source: 'source', title: 'redact', context: 'redact' },
  search_result: { title: 'redact', source: 'redact', content: 'content' },
};

function inspectBlock(to: Inspector, block: JsonNode, how: Treatment, where: string): void {
  const type = member(block, 'type');
  const name = type?.kind === 'string' ? textOf(to.bytes, type) : '';
  const fields = Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
  if (block.kind !== 'object' || fields === undefined) {
    examine(to, block, `${where} (a block of unknown type)`, how === 'own');
    return;
  }
  const at = `${where} (${name})`;
  for (const { key, name: keyNode, value } of block.members) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    inspectString(to, keyNode, 'examine', at);
    if (field === undefined) examine(to, value, at, how === 'own');
    else if (field === 'source') inspectSource(to, value, how, at);
    else if (field === 'content') inspectContent(to, value, how, at);
    else inspectAll(to, value, field === 'redact' ? how : field, at);
  }
}

/** Where a picture or document comes from. One that the provider would fetch could carry anything in its address. */
function inspectSource(to: Inspector, source: JsonNode, how: Treatment, where: string): void {
  const type = member(source, 'type');
  const name = type?.kind === 'string' ? textOf(to.bytes, type) : '';
  if (name === 'url') throw new Refusal('gateway.remote-tool', { field: 'source.url' });
  if (name === 'base64') inspectBase64(to, source, where);
  else if (source.kind === 'object' && (name === 'text' || name === 'content')) {
    for (const { key, value } of source.members) {
      if (key === 'data' || key === 'content') inspectContent(to, value, how, where);
      else examine(to, value, where);
    }
  } else examine(to, source, where);
}

/** A tool's descriptions are text (MCP servers write them); its name and the rest of its schema are not. */
function inspectTool(to: Inspector, node: JsonNode): void {
  if (node.kind === 'array') for (const item of node.items) inspectTool(to, item);
  if (node.kind === 'string') inspectString(to, node, 'examine', 'a tool');
  if (node.kind !== 'object') return;
  for (const { key, name, value } of node.members) {
    inspectString(to, name, 'examine', 'a tool');
    if ((key === 'description' || key === 'title') && value.kind === 'string') {
      inspectString(to, value, 'redact', 'a tool');
    } else inspectTool(to, value);
  }
}

/** `user_id` names device, account and session; what policy puts in its place is ours and needs no check. */
function inspectMetadata(to: Inspector, node: JsonNode): void {
  if (node.kind !== 'object') {
    examine(to, node, 'metadata');
    return;
  }
  for (const { key, name, value } of node.members) {
    inspectString(to, name, 'examine', 'metadata');
    const userId = key === 'user_id' && value.kind === 'string' ? textOf(to.bytes, value) : undefined;
    const replaced = userId === undefined ? undefined : to.identity.userId(userId);
    if (replaced === undefined) examine(to, value, 'metadata');
    else to.splices.push({ start: value.start, end: value.end, text: JSON.stringify(replaced) });
  }
}
