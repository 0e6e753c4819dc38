// What happens to each string of a request, by the field it stands in. Text that people and tools wrote is redacted;
// what came from the provider, and what would break if changed, is only examined; a secret there is a refusal.
// A field or block that is not known here is examined, never trusted.
import { Refusal } from '../errors/index.ts';
import type { Identity } from './identity.ts';
import { type JsonNode, member, type StringNode, textOf } from './json.ts';
import type { Sieve } from './sift.ts';
import { type Splice, spliceString } from './splice.ts';

/**
 * `redact`: secrets become placeholders. `examine`: a secret is a refusal. `opaque`: ids and signatures, only secrets
 * that the vault knows are a refusal, a rule would see ghosts in them.
 */
export type Treatment = 'redact' | 'examine' | 'opaque';

/** What a request is inspected with. */
export interface InspectWith {
  readonly sieve: Sieve;
  readonly identity: Identity;
}

export interface Inspector extends InspectWith {
  readonly bytes: Buffer;
  readonly splices: Splice[];
  /** Findings by rule id. */
  readonly findings: Record<string, number>;
}

/** Inspects one string. `where` is for people: a field, never a value. */
export function inspectString(to: Inspector, node: StringNode, how: Treatment, where: string): void {
  const text = textOf(to.bytes, node);
  if (how === 'opaque') {
    const rule = to.sieve.findKnown(text);
    if (rule !== undefined) throw secretIn(where, rule);
    return;
  }
  const findings = to.sieve.find(text);
  if (findings.length === 0) return;
  if (how === 'examine') throw secretIn(where, findings[0]?.rule);
  for (const { rule } of findings) to.findings[rule] = (to.findings[rule] ?? 0) + 1;
  to.splices.push(...spliceString(to.bytes, node, to.sieve.redact(text, findings)));
}

/** Inspects every string below a value the same way; keys and the JSON as it stands are examined. */
export function inspectAll(to: Inspector, node: JsonNode, how: Treatment, where: string): void {
  if (node.kind === 'string') inspectString(to, node, how, where);
  if (node.kind === 'array') for (const item of node.items) inspectAll(to, item, how, where);
  if (node.kind !== 'object') return;
  for (const each of node.members) {
    inspectString(to, each.name, how === 'opaque' ? 'opaque' : 'examine', where);
    inspectAll(to, each.value, how, where);
  }
}

/** Examines a value that is not known: each string, and its JSON as text, where a key tells what its value is. */
export function examine(to: Inspector, node: JsonNode, where: string): void {
  inspectAll(to, node, 'examine', where);
  if (node.kind === 'string') return;
  const found = to.sieve.find(to.bytes.toString('utf8', node.start, node.end))[0];
  if (found !== undefined) throw secretIn(where, found.rule);
}

/** Inspects text that may be a string or a list of blocks. */
export function inspectContent(to: Inspector, node: JsonNode, how: Treatment, where: string): void {
  if (node.kind === 'string') inspectString(to, node, how, where);
  else if (node.kind === 'array') for (const block of node.items) inspectBlock(to, block, how, where);
  else examine(to, node, where);
}

/** How the fields of each known block are treated; a field that is not named is examined. */
const BLOCKS: Record<string, Record<string, Treatment | 'content' | 'input'>> = {
  text: { text: 'redact' },
  tool_result: { content: 'content', tool_use_id: 'opaque' },
  tool_use: { id: 'opaque', input: 'input' },
  server_tool_use: { id: 'opaque', input: 'input' },
  mcp_tool_use: { id: 'opaque', input: 'input' },
  mcp_tool_result: { content: 'content', tool_use_id: 'opaque' },
  thinking: { thinking: 'opaque', signature: 'opaque' },
  redacted_thinking: { data: 'opaque' },
  search_result: { title: 'redact', source: 'redact', content: 'content' },
};

function inspectBlock(to: Inspector, block: JsonNode, how: Treatment, where: string): void {
  const type = member(block, 'type');
  const name = type?.kind === 'string' ? textOf(to.bytes, type) : '';
  const fields = Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
  if (block.kind !== 'object' || fields === undefined) {
    examine(to, block, `${where} (a block of unknown type)`);
    return;
  }
  for (const { key, name: keyNode, value } of block.members) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const at = `${where} (${name})`;
    inspectString(to, keyNode, 'examine', at);
    if (field === undefined) examine(to, value, at);
    else if (field === 'content') inspectContent(to, value, how, at);
    else if (field === 'input') inspectAll(to, value, 'examine', at);
    else inspectAll(to, value, field === 'redact' ? how : field, at);
  }
}

function secretIn(where: string, rule: string | undefined): Refusal {
  return new Refusal('gateway.secret', { where, rule });
}
