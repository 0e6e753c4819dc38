// The hot loop. The table's latency, not its size, is what costs: four streams over four quarters of the text are read
// in turn, so that the loads of one wait while the others run. Quarters overlap by the longest keyword.
import type { Automaton, Hits } from './automaton.ts';

/** Below this many bytes one stream is as fast as four. */
const SMALL = 2048;

/** Finds every end of a keyword in `bytes`; `overlap` is the length of the longest keyword. */
export function search(automaton: Automaton, bytes: Uint8Array, overlap: number, into: Hits): Hits {
  into.count = 0;
  if (bytes.length < SMALL) {
    one(automaton, bytes, 0, 0, bytes.length, into);
    return into;
  }
  four(automaton, bytes, overlap, into);
  return into;
}

/** Reads `[warm, to)` and records the hits that end after `from`. */
function one(automaton: Automaton, bytes: Uint8Array, warm: number, from: number, to: number, into: Hits): void {
  const { next, classOf, shift, firstHit } = automaton;
  let state = 0;
  for (let at = warm; at < to; at++) {
    state = next[(state << shift) | classOf[bytes[at]!]!]!;
    if (state >= firstHit && at >= from) push(into, at + 1, state);
  }
}

function four(automaton: Automaton, bytes: Uint8Array, overlap: number, into: Hits): void {
  const { next, classOf, shift, firstHit } = automaton;
  const quarter = bytes.length >> 2;
  const q1 = quarter;
  const q2 = quarter * 2;
  const q3 = quarter * 3;
  let s0 = 0;
  let s1 = warmUp(automaton, bytes, q1, overlap);
  let s2 = warmUp(automaton, bytes, q2, overlap);
  let s3 = warmUp(automaton, bytes, q3, overlap);
  const h1 = quarterHits[0]!;
  const h2 = quarterHits[1]!;
  const h3 = quarterHits[2]!;
  h1.count = h2.count = h3.count = 0;
  for (let at = 0; at < quarter; at++) {
    s0 = next[(s0 << shift) | classOf[bytes[at]!]!]!;
    s1 = next[(s1 << shift) | classOf[bytes[q1 + at]!]!]!;
    s2 = next[(s2 << shift) | classOf[bytes[q2 + at]!]!]!;
    s3 = next[(s3 << shift) | classOf[bytes[q3 + at]!]!]!;
    if (s0 >= firstHit) push(into, at + 1, s0);
    if (s1 >= firstHit) push(h1, q1 + at + 1, s1);
    if (s2 >= firstHit) push(h2, q2 + at + 1, s2);
    if (s3 >= firstHit) push(h3, q3 + at + 1, s3);
  }
  append(into, h1);
  append(into, h2);
  append(into, h3);
  one(automaton, bytes, Math.max(quarter * 4 - overlap, 0), quarter * 4, bytes.length, into);
}

/** The state at `at`, had the text been read from `overlap` bytes before it. */
function warmUp(automaton: Automaton, bytes: Uint8Array, at: number, overlap: number): number {
  const { next, classOf, shift } = automaton;
  let state = 0;
  for (let back = Math.max(at - overlap, 0); back < at; back++) {
    state = next[(state << shift) | classOf[bytes[back]!]!]!;
  }
  return state;
}

/** Kept between scans: a file's hits are gone when the next one is read, and their arrays are worth keeping. */
const quarterHits = [newHits(), newHits(), newHits()];

export function newHits(): Hits {
  return { count: 0, ends: new Uint32Array(256), states: new Uint32Array(256) };
}

function push(into: Hits, end: number, state: number): void {
  if (into.count === into.ends.length) grow(into, into.count * 2);
  into.ends[into.count] = end;
  into.states[into.count++] = state;
}

function append(into: Hits, from: Hits): void {
  const total = into.count + from.count;
  if (total > into.ends.length) grow(into, total * 2);
  into.ends.set(from.ends.subarray(0, from.count), into.count);
  into.states.set(from.states.subarray(0, from.count), into.count);
  into.count = total;
}

function grow(hits: Hits, length: number): void {
  const { ends, states } = hits;
  hits.ends = new Uint32Array(length);
  hits.states = new Uint32Array(length);
  hits.ends.set(ends);
  hits.states.set(states);
}
