// Keywords first, then only the rules that own a keyword, then only on a window round it. Everything is an offset into
// bytes; a Latin-1 text of the whole (one character a byte) is made once, and windows are slices of it that copy nothing.

import { Budget, UNSCANNABLE } from './budget.ts';
import type { Compiled, CompiledRule } from './compile.ts';
import { DETECTORS, type Detected } from './detectors/index.ts';
import { passes } from './guards.ts';
import type { Rules } from './rule-table.ts';
import { newHits, search } from './search.ts';
import { type Window, Windows } from './window.ts';

/** A match of a rule before filters: the span of one secret. */
export interface Candidate {
  rule: number;
  start: number;
  end: number;
}

/** Who hears of what is found; the Latin-1 text of the bytes comes along for filters. */
export interface Listener {
  path: string;
  /** Says whether a match is a secret; `from` is where the expression began to match. */
  accept: (candidate: Candidate, text: string, from: number) => boolean;
  detected: (secret: Detected, text: string) => void;
}

/** Finds what the rules' expressions match in `bytes`, and what the detectors see there. */
export type Matcher = (bytes: Buffer, listener: Listener) => void;

/** A rule without budget left gives up this much round each of its keywords, and the try of an expression or a detector costs so much. */
const NARROW = 256;
const TRY = 64;
const ASK = 512;
/** What is done with each secret that is found. */
const FOUND = 4096;
/** Matches of one rule in one window; where there are more, the rest is given up. */
const MOST_MATCHES = 100_000;

interface RuleState {
  search: RegExp;
  exact: RegExp;
  groups: readonly string[];
}

/** Makes the matcher of this thread: compiles expressions when they are first tried. */
export function createMatcher(compiled: Compiled, rules: Rules): Matcher {
  const { automaton, owners } = compiled;
  const states: (RuleState | undefined)[] = new Array(rules.count);
  const hits = newHits();
  const doneTo = new Int32Array(rules.count + DETECTORS.length);
  const budget = new Budget(rules.count);

  return (bytes, { path, accept, detected }) => {
    search(automaton, bytes, compiled.overlap, hits);
    if (hits.count === 0 && compiled.everywhere.length === 0) return;
    doneTo.fill(0);
    budget.open(bytes.length);
    const gaps: Window[] = [];
    const text = bytes.toString('latin1');
    const skip = placeholderSpans(text);
    const report = (secret: Detected) => {
      budget.spend(FOUND);
      if (!touches(skip, secret.start, secret.end)) detected(secret, text);
    };
    const spend = (work: number) => budget.spend(work);
    for (const rule of compiled.everywhere) tryWindow(rule, { start: 0, end: bytes.length });
    const windows = new Windows(bytes);
    let nextSkip = 0;
    for (let index = 0; index < hits.count; index++) {
      const end = hits.ends[index]!;
      if (budget.isOver) {
        giveUp(Math.max(end - NARROW, 0), bytes.length);
        break;
      }
      while (nextSkip < skip.length && skip[nextSkip]!.end < end) nextSkip++;
      if (nextSkip < skip.length && end > skip[nextSkip]!.start) continue;
      const hit = hits.states[index]! - automaton.firstHit;
      for (let at = automaton.ownersAt[hit]!; at < automaton.ownersAt[hit + 1]!; at += 2) {
        const owner = automaton.owners[at + 1]!;
        const rule = owners.rule[owner]!;
        if (rule >= rules.count) tryDetector(rule, end - 1);
        else if (owners.back[owner]! <= end && passes(compiled.guards, owner, bytes, end))
          tryRule(rule, end, automaton.owners[at]!, owners.back[owner]!);
      }
    }

    for (const gap of gaps) detected({ rule: UNSCANNABLE, ...gap, confidence: 'possible' }, text);

    function tryDetector(number: number, at: number): void {
      const detector = number - rules.count;
      if (at < doneTo[number]!) return;
      budget.spend(ASK);
      doneTo[number] = DETECTORS[detector]!.detect(text, at, path, report, spend);
    }

    /** What is not looked at is a finding, never a gap. */
    function giveUp(start: number, end: number): void {
      const last = gaps.at(-1);
      if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
      else gaps.push({ start, end });
    }

    function tryRule(rule: number, end: number, length: number, back: number): void {
      const from = back < 0 ? end - length : end - back;
      if (from < doneTo[rule]! && back >= 0) return;
      if (back >= 0 && rules.of(rule).short && !canBeginAt(rule, from)) return;
      if (budget.isSpent(rule)) {
        giveUp(Math.max(from - NARROW, 0), Math.min(end + NARROW, bytes.length));
        return;
      }
      const window = rules.of(rule).multiline
        ? windows.multiline(Math.max(from, 0), end)
        : windows.line(Math.max(from, 0), end);
      if (back < 0) tryWindow(rule, window);
      else if (from >= window.start) tryAt(rule, from, window);
    }

    /** Nearly every hit fails here, at its first bytes and without a window. */
    function canBeginAt(rule: number, from: number): boolean {
      const state = stateOf(rule);
      budget.spend(TRY);
      state.search.lastIndex = from;
      return from >= 0 && state.search.test(text);
    }

    function tryAt(rule: number, from: number, window: Window): void {
      const state = stateOf(rule);
      const slice = text.slice(window.start, window.end);
      const at = from - window.start;
      state.search.lastIndex = at;
      const matched = state.search.test(slice);
      // A match costs what it read; a miss may have read all there is.
      budget.spendOn(rule, matched ? state.search.lastIndex - at : window.end - from);
      if (matched) record(rule, state, slice, at, window.start);
    }

    function tryWindow(rule: number, window: Window): void {
      if (window.end <= doneTo[rule]!) return;
      const state = stateOf(rule);
      const slice = text.slice(window.start, window.end);
      budget.spendOn(rule, slice.length);
      let at = 0;
      for (let count = 0; ; count++) {
        if (count === MOST_MATCHES) {
          giveUp(window.start + at, window.end);
          break;
        }
        state.search.lastIndex = at;
        const match = state.search.exec(slice);
        if (match === null) break;
        // After a match that is no secret the search goes on inside it: what it swallowed may be one.
        const next = record(rule, state, slice, match.index, window.start);
        at = Math.max(next, match.index + 1);
      }
      doneTo[rule] = Math.max(doneTo[rule]!, window.end);
    }

    /** Reports the secrets of the match at `at`; returns where in the slice to go on. */
    function record(rule: number, state: RuleState, slice: string, at: number, base: number): number {
      state.exact.lastIndex = at;
      const indices = state.exact.exec(slice)?.indices;
      if (indices === undefined) return at + 1;
      let accepted = false;
      let first = indices[0]![1];
      for (const group of state.groups) {
        const span = indices.groups?.[group];
        if (span === undefined || span[1] <= span[0]) continue;
        first = Math.min(first, span[0]);
        const candidate = { rule, start: base + span[0], end: base + span[1] };
        budget.spend(FOUND);
        if (!touches(skip, candidate.start, candidate.end) && accept(candidate, text, base + indices[0]![0]))
          accepted = true;
      }
      const next = accepted ? indices[0]![1] : first;
      if (rules.of(rule).anchored && accepted) doneTo[rule] = Math.max(doneTo[rule]!, base + next);
      return next;
    }
  };

  function stateOf(rule: number): RuleState {
    const state = states[rule] ?? newState(rules.of(rule));
    states[rule] = state;
    return state;
  }
}

function newState(rule: CompiledRule): RuleState {
  const flags = rule.flags + (rule.anchored ? 'y' : 'g');
  return {
    search: new RegExp(rule.regex, flags),
    // Indices of groups cost much, so a second expression tells them, only where the first one matched.
    exact: new RegExp(rule.regex, `${flags}d`),
    groups: [...rule.regex.matchAll(/\(\?<(secret\d*)>/g)].map((match) => match[1] as string),
  };
}

/** Whether a span shares a byte with one of `spans`, which are sorted and apart. */
function touches(spans: readonly Window[], start: number, end: number): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  return low < spans.length && spans[low]!.start < end;
}

/** Where placeholders stand: their own words are no keywords, and what shares a byte with one is no secret. */
function placeholderSpans(text: string): Window[] {
  if (!text.includes('REDACTED_')) return [];
  return [...text.matchAll(/REDACTED_[a-z0-9_]*_[0-9a-f]{8,16}/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}
