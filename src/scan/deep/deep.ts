// Outgoing text is read in every way a receiver could read it: as it stands, with escapes undone, and inside every run of
// base64, hex or base32, packed or not; and what is found there is read the same way, three levels deep. What would take
// more work than the budget is reported as a finding of its own: what cannot be looked at does not leave.
import { resolve, type Span } from '../resolve.ts';
import { undoEscapes, undoPercent } from './escapes.ts';
import { near } from './near.ts';
import { readPlainly } from './plainly.ts';
import { type Run, runs } from './runs.ts';
import { sourceSpan } from './view.ts';

/** A span with the encodings it stands in, outermost first. */
export type DeepSpan = Span & { encoding?: readonly string[] };

/** Finds secrets in bytes as they stand. */
export type Look = (bytes: Buffer) => DeepSpan[];

/** Rule id of content that could not be looked at. */
export const UNREADABLE = 'sotto.unreadable';

const DEPTH = 3;
/** All decoded content together may be this many times the text, and this much for small texts. */
const BUDGET_TIMES = 12;
const BUDGET_LEAST = 24 << 20;

/** Finds secrets in `bytes` and in what is encoded in them; sorted, apart. */
export function lookDeep(bytes: Buffer, look: Look): DeepSpan[] {
  const budget = { left: bytes.length * BUDGET_TIMES + BUDGET_LEAST };
  return resolve(lookAt(bytes, look, DEPTH, budget));
}

/** @param plain the text is one that was read plainly already */
function lookAt(bytes: Buffer, look: Look, depth: number, budget: { left: number }, plain = false): DeepSpan[] {
  budget.left -= bytes.length;
  if (budget.left < 0) return [unreadable(0, bytes.length)];
  const found = look(bytes);
  if (depth === 0) return found;
  for (const whole of [undoPercent(bytes), undoEscapes(bytes)]) {
    if (whole === undefined) continue;
    const view = near(bytes, whole);
    for (const span of lookAt(view.bytes, look, depth - 1, budget, plain)) {
      const [start, end] = sourceSpan(view, span.start, span.end);
      const changed = end - start !== span.end - span.start;
      found.push(changed ? within(span, start, end, [view.encoding as string]) : { ...span, start, end });
    }
  }
  found.push(...lookInRuns(bytes, look, depth, budget));
  return plain ? found : [...found, ...lookPlainly(bytes, look, depth, budget)];
}

function lookPlainly(bytes: Buffer, look: Look, depth: number, budget: { left: number }): DeepSpan[] {
  const view = readPlainly(bytes);
  if (view === undefined) return [];
  return lookAt(view.bytes, look, depth - 1, budget, true).map((span) => {
    const [start, end] = sourceSpan(view, span.start, span.end);
    const changed = end - start !== span.end - span.start;
    return changed ? within(span, start, end, view.encodings) : { ...span, start, end };
  });
}

function lookInRuns(bytes: Buffer, look: Look, depth: number, budget: { left: number }): DeepSpan[] {
  const decoded = runs(bytes);
  const found = decoded.unreadable.map(({ start, end, encodings }) => unreadable(start, end, encodings));
  if (decoded.runs.length === 0) return found;
  const { joined, starts } = joinRuns(decoded.runs);
  for (const span of lookAt(joined, look, depth - 1, budget)) {
    const first = decoded.runs[indexAt(starts, span.start)]!;
    const last = decoded.runs[indexAt(starts, span.end - 1)]!;
    found.push(within(span, Math.min(first.start, last.start), Math.max(first.end, last.end), first.encodings));
  }
  return found;
}

/** All runs in one text, each on lines of its own: ten thousand short scans cost more than one long one. */
function joinRuns(list: readonly Run[]): { joined: Buffer; starts: number[] } {
  const starts: number[] = [];
  let length = 0;
  const parts = list.flatMap(({ bytes }) => {
    starts.push(length);
    length += bytes.length + SEPARATOR.length;
    return [bytes, SEPARATOR];
  });
  return { joined: Buffer.concat(parts), starts };
}

const SEPARATOR = Buffer.from('\n\n');

/** Index of the last start that is not after `at`. */
function indexAt(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function within(span: DeepSpan, start: number, end: number, encodings: readonly string[]): DeepSpan {
  return { ...span, start, end, encoding: [...encodings, ...(span.encoding ?? [])] };
}

function unreadable(start: number, end: number, encoding?: readonly string[]): DeepSpan {
  return { rule: UNREADABLE, start, end, confidence: 'certain', ...(encoding === undefined ? {} : { encoding }) };
}
