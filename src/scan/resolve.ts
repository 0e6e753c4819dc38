// Two rules often see the same secret. The strictest wins, and of equals the longest; what a loser covers beyond the
// winner stays a finding of its own when it is long enough to tell something, so that resolving never uncovers a byte
// that matters.
import type { Confidence } from './finding.ts';

export interface Span {
  rule: string;
  start: number;
  end: number;
  confidence: Confidence;
  /** See {@link Finding.bare}. */
  bare?: true;
}

const STRICTNESS: Record<Confidence, number> = { certain: 0, likely: 1, possible: 2 };

/** A remainder shorter than this tells nothing worth a placeholder of its own. */
const LEAST_REMAINDER = 8;

/** Sorted by start, without overlaps. */
export function resolve(spans: readonly Span[]): Span[] {
  // Only spans that touch decide about each other: a text of a hundred thousand findings is many small questions.
  return clusters(spans).flatMap(resolveCluster);
}

/** Spans that overlap, in one way or another, with those beside them. */
function clusters<T extends Span>(spans: readonly T[]): T[][] {
  const found: T[][] = [];
  let end = -1;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start >= end) found.push([span]);
    else found.at(-1)!.push(span);
    end = Math.max(end, span.end);
  }
  return found;
}

function resolveCluster(spans: readonly Span[]): Span[] {
  if (spans.length < 2) return [...spans];
  const queue = [...spans].sort(
    (a, b) =>
      STRICTNESS[a.confidence] - STRICTNESS[b.confidence] ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start ||
      (a.rule < b.rule ? -1 : 1),
  );
  const kept: Span[] = [];
  for (const span of queue) insert(kept, span);
  return kept;
}

function insert(kept: Span[], span: Span): void {
  let at = firstAfter(kept, span.start);
  let from = span.start;
  const rests: Span[] = [];
  for (; at < kept.length && kept[at]!.start < span.end; at++) {
    const winner = kept[at]!;
    if (winner.start > from) rests.push({ ...span, start: from, end: winner.start });
    from = Math.max(from, winner.end);
  }
  if (from < span.end) rests.push({ ...span, start: from });
  const untouched = rests.length === 1 && rests[0]!.end - rests[0]!.start === span.end - span.start;
  for (const rest of rests) {
    if (untouched || rest.end - rest.start >= LEAST_REMAINDER) kept.splice(firstAfter(kept, rest.start), 0, rest);
  }
}

/** Index of the first kept span that ends after `start`; kept spans are sorted and apart. */
function firstAfter(kept: readonly Span[], start: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (kept[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}
