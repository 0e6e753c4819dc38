// Checks the body of a request to the model: parsed once, walked by field (see fields.ts), rewritten by splices. What
// stood in an earlier body byte for byte is taken from memory. A secret that becomes known on the way may stand in what
// was looked at before: then the walk is done again, until it finds nothing new.
import { Refusal } from '../errors/index.ts';
import { inspectItem, inspectMember, inspectName } from './fields.ts';
import type { Inspector, InspectWith } from './inspect.ts';
import { joinItems, withJoins } from './join-items.ts';
import { type JsonNode, type Member, parseJson } from './json.ts';
import type { Memory, Remembered, Run, StandingItem } from './memory.ts';
import { applySplices, type Splice } from './splice.ts';

export interface Checked {
  /** What may be sent; the very same buffer when nothing had to be redacted. */
  body: Buffer;
  /** Findings that were redacted, by rule id. */
  findings: Readonly<Record<string, number>>;
}

const MOST_WALKS = 6;

/**
 * Checks and redacts one body. Throws `gateway.body-json` for what cannot be read and `gateway.secret` for a secret
 * that cannot be redacted; then nothing may be sent.
 */
export function checkBody(bytes: Buffer, using: InspectWith, memory: Memory): Checked {
  for (let walk = 0; walk < MOST_WALKS; walk++) {
    const version = using.sieve.version;
    memory.since(version);
    const members = walkBody(bytes, using, memory);
    if (using.sieve.version !== version) continue;
    memory.keep({ body: bytes, members });
    const splices: Splice[] = [];
    const findings: Record<string, number> = {};
    for (const { at, value } of members.values()) collect(value, at, splices, findings);
    splices.sort((one, other) => one.start - other.start);
    return { body: applySplices(bytes, splices), findings };
  }
  throw new Error('internal error: a body is never done with');
}

/** What a walk found in memory, by the offset where it stands in the new body. */
interface Hits {
  values: Map<number, Remembered>;
  runs: Map<number, Run>;
}

function walkBody(bytes: Buffer, using: InspectWith, memory: Memory): Map<string, StandingItem> {
  const hits: Hits = { values: new Map(), runs: new Map() };
  const root = parseJson(bytes, {
    run(key, at) {
      const hit = memory.run(bytes, key, at);
      if (hit !== undefined) hits.runs.set(at, hit);
      return hit;
    },
    skip(key, index, at) {
      const hit = memory.find(bytes, key, index, at);
      if (hit !== undefined) hits.values.set(at, hit);
      return hit === undefined ? undefined : at + hit.length;
    },
  });
  if (root.kind !== 'object') throw new Refusal('gateway.body-json', { why: 'it is not an object', at: 0 });
  const members = new Map<string, StandingItem>();
  for (const each of root.members) {
    inspectName({ ...using, bytes, splices: [], findings: {}, texts: [] }, each.name);
    members.set(each.key, { at: each.value.start, value: rememberMember(bytes, using, each, hits, memory) });
  }
  return members;
}

function rememberMember(
  bytes: Buffer,
  using: InspectWith,
  { key, value: node }: Member,
  hits: Hits,
  memory: Memory,
): Remembered {
  const known = hits.values.get(node.start);
  if (node.kind === 'skipped' && known !== undefined) return known;
  if (node.kind !== 'array') return remember(bytes, using, node, (to) => inspectMember(to, key, node));
  if (!OF_BLOCKS.has(key)) examineTogether(bytes.subarray(node.start, node.end), using, key);
  const run = hits.runs.get(node.start);
  const fresh = node.items.map((item) => ({
    at: item.start - node.start,
    value:
      (item.kind === 'skipped' ? hits.values.get(item.start) : undefined) ??
      remember(bytes, using, item, (to) => inspectItem(to, key, item), JOINED.has(key)),
  }));
  const items = [...(run?.array.items ?? []).slice(0, run?.count), ...fresh];
  const remembered = { length: node.end - node.start, splices: [], findings: {}, texts: [], items };
  if (!JOINED.has(key)) return remembered;
  return { ...remembered, joins: joinItems({ using, bytes, memory, start: node.start }, items, run) };
}

/** Arrays whose elements are blocks of their own, looked at one by one. */
const OF_BLOCKS = new Set(['messages', 'system', 'tools', 'safeguards']);

/** Lists that are not known are short; one element may go on in the next, whichever of them is new. */
function examineTogether(bytes: Buffer, using: InspectWith, key: string): void {
  inspectMember({ ...using, bytes, splices: [], findings: {}, texts: [] }, key, parseJson(bytes));
}

/** Where a text goes on in the next block or message. */
const JOINED = new Set(['messages', 'system']);

function remember(
  bytes: Buffer,
  using: InspectWith,
  node: JsonNode,
  inspect: (to: Inspector) => void,
  joined = false,
): Remembered {
  const to: Inspector = { ...using, bytes, splices: [], findings: {}, texts: [] };
  inspect(to);
  to.splices.sort((a, b) => a.start - b.start);
  const found = joined ? withJoins(to) : to;
  const splices = found.splices.map(({ start, end, text }) => ({
    start: start - node.start,
    end: end - node.start,
    text,
  }));
  const texts = to.texts.map((each) => ({ ...each, start: each.start - node.start, end: each.end - node.start }));
  // The length of a bare number says nothing about where it ends; such a value is never found again by its bytes.
  const length = node.kind === 'scalar' ? Number.POSITIVE_INFINITY : node.end - node.start;
  return { length, splices, findings: found.findings, texts };
}

function collect(value: Remembered, at: number, splices: Splice[], findings: Record<string, number>): void {
  for (const { start, end, text } of value.splices) splices.push({ start: start + at, end: end + at, text });
  for (const rule in value.findings) findings[rule] = (findings[rule] ?? 0) + (value.findings[rule] ?? 0);
  for (const item of value.items ?? []) collect(item.value, at + item.at, splices, findings);
  for (const join of value.joins ?? []) collect({ ...join, length: 0, texts: [] }, at, splices, findings);
}
