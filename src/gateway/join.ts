// A secret may stand in two texts: its first half at the end of one block, the rest at the start of the next, or in the next
// message of the same side. Each half by itself is nothing to see; so the places where texts meet are looked at too, and what
// lies across such a place is redacted on both sides.
import type { InspectWith } from './inspect.ts';
import { type StringNode, textOf } from './json.ts';
import { type Splice, spliceString } from './splice.ts';

/** How far from where two texts meet is looked, in UTF-16 units. */
const REACH = 1024;
/** Between stretches that do not meet: no rule reads across it. */
const APART = '\n\n';

/** What was found across the places where texts meet. */
export interface Joined {
  splices: readonly Splice[];
  /** Findings by rule id. */
  findings: Readonly<Record<string, number>>;
}

/** A stretch of one text, and where it stands in the text that is looked at. */
interface Stretch {
  node: StringNode;
  /** Units of the node's text before the stretch. */
  from: number;
  at: number;
  length: number;
}

/**
 * Looks where each of these strings meets the next; all of them may be rewritten. Enters what it finds into the vault.
 * Splices are sorted, and may lie over those that the texts have by themselves: see {@link uncovered}.
 * @param border only what lies across the place before this node counts; every place when absent
 */
export function inspectJoins(
  using: InspectWith,
  bytes: Buffer,
  nodes: readonly StringNode[],
  border?: StringNode,
): Joined {
  const { text, stretches } = lineUp(bytes, nodes);
  const splices: Splice[] = [];
  const findings: Record<string, number> = {};
  // Rules do not read across a blank; a known secret is one even when its parts stand on two lines.
  const isWorth = isGlued(text, stretches) || using.sieve.findKnown(text) !== undefined;
  for (const finding of isWorth ? using.sieve.find(text) : []) {
    const { startUtf16: start, endUtf16: end, rule, confidence } = finding;
    const parts = stretches.filter(({ at, length }) => at < end && start < at + length);
    // Only a guess by names and looks: what two blocks say side by side is no assignment.
    if (confidence === 'possible' || !isAcross(parts, border)) continue;
    findings[rule] = (findings[rule] ?? 0) + 1;
    for (const { node, from, at, length } of parts) {
      const clipped = { ...finding, startUtf16: Math.max(start, at), endUtf16: Math.min(end, at + length) };
      const edits = using.sieve.redact(text, [clipped]);
      const moved = edits.map((edit) => ({ ...edit, start: edit.start - at + from, end: edit.end - at + from }));
      splices.push(...spliceString(bytes, node, moved));
    }
  }
  return { splices: splices.sort((a, b) => a.start - b.start), findings };
}

/** True when a text goes on in the next one without a blank. */
function isGlued(text: string, stretches: readonly Stretch[]): boolean {
  return stretches.some(({ node, at }, index) => {
    const before = stretches[index - 1];
    return before !== undefined && before.node !== node && /^\S\S$/.test(text.slice(at - 1, at + 1));
  });
}

/** More than one text, and nothing left out between them. */
function isAcross(parts: readonly Stretch[], border: StringNode | undefined): boolean {
  const start = border?.start ?? parts.at(-1)?.node.start ?? 0;
  const isWhole = parts.every(({ at }, index) => {
    const before = parts[index - 1];
    return before === undefined || before.at + before.length === at;
  });
  return isWhole && parts.some(({ node }) => node.start < start) && parts.some(({ node }) => node.start >= start);
}

/** The ends and beginnings that meet, one after the other; the middle of long texts left out. */
function lineUp(bytes: Buffer, nodes: readonly StringNode[]): { text: string; stretches: Stretch[] } {
  const stretches: Stretch[] = [];
  let text = '';
  const add = (node: StringNode, whole: string, from: number, to: number): void => {
    if (from < to) stretches.push({ node, from, at: text.length, length: to - from });
    text += whole.slice(from, to);
  };
  for (const [index, node] of nodes.entries()) {
    const whole = textOf(bytes, node);
    const head = index === 0 ? 0 : REACH;
    const tail = index === nodes.length - 1 ? 0 : REACH;
    if (whole.length <= head + tail) add(node, whole, 0, whole.length);
    else {
      add(node, whole, 0, head);
      text += APART;
      add(node, whole, whole.length - tail, whole.length);
    }
  }
  return { text, stretches };
}

/** What of a splice no other one covers; `others` are sorted and apart. */
export function uncovered(splice: Splice, others: readonly Splice[]): Splice[] {
  const left: Splice[] = [];
  let { start } = splice;
  for (const other of others) {
    if (other.end <= start || other.start >= splice.end) continue;
    if (other.start > start) left.push({ ...splice, start, end: other.start });
    start = Math.max(start, other.end);
  }
  if (start < splice.end) left.push({ ...splice, start });
  return left;
}
