// Where the blocks of one message meet, and where a message meets the one before it that the same side wrote. What was
// found there is remembered beside the later of the two: at the next turn only new neighbours are looked at.
import type { Inspector, InspectWith } from './inspect.ts';
import { inspectJoins, uncovered } from './join.ts';
import type { StringNode } from './json.ts';
import type { ItemJoin, Memory, Remembered } from './memory.ts';
import type { Splice } from './splice.ts';

/** A value of an array and its offset in it. */
export interface StandingItem {
  at: number;
  value: Remembered;
}

interface JoinWith {
  using: InspectWith;
  bytes: Buffer;
  memory: Memory;
  /** Offset of the array in the body. */
  start: number;
}

type Found = Pick<Remembered, 'splices' | 'findings'>;

/** More texts than these at each end of a message are not looked at together with those of the next one. */
const MOST_TEXTS = 64;

/** What stands in one value, with what lies across its own texts; sorted, apart. */
export function withJoins(to: Inspector): Found {
  if (to.texts.length < 2) return to;
  const joined = inspectJoins(to, to.bytes, to.texts);
  return { splices: lay(to.splices, joined.splices), findings: sum(to.findings, joined.findings) };
}

/** What lies across the places where the items of an array meet; offsets are relative to the array. */
export function joinItems(to: JoinWith, items: readonly StandingItem[]): Found {
  let splices: readonly Splice[] = [];
  let findings: Readonly<Record<string, number>> = {};
  let before: StandingItem | undefined;
  for (const item of items) {
    // What the provider said in between is another side's.
    if (item.value.texts.length === 0) continue;
    if (before !== undefined) {
      const join = joinOf(to, before, item);
      if (join.inBefore.length + join.inAfter.length > 0) {
        const found = [...moved(join.inBefore, before.at), ...moved(join.inAfter, item.at)];
        const own = [...moved(before.value.splices, before.at), ...moved(item.value.splices, item.at)];
        splices = lay(
          splices,
          found.flatMap((splice) => uncovered(splice, own)),
        );
        findings = sum(findings, join.findings);
      }
    }
    before = item;
  }
  return { splices, findings };
}

function joinOf(to: JoinWith, before: StandingItem, item: StandingItem): ItemJoin {
  const known = to.memory.joins.get(item.value);
  if (known?.before === before.value) return known;
  const [one, other] = [to.start + before.at, to.start + item.at];
  const left = standing(before.value.texts.slice(-MOST_TEXTS), one);
  const right = standing(item.value.texts.slice(0, MOST_TEXTS), other);
  const { splices, findings } = inspectJoins(to.using, to.bytes, [...left, ...right], right[0]);
  const join: ItemJoin = {
    before: before.value,
    inBefore: moved(
      splices.filter(({ start }) => start < other),
      -one,
    ),
    inAfter: moved(
      splices.filter(({ start }) => start >= other),
      -other,
    ),
    findings,
  };
  to.memory.joins.set(item.value, join);
  return join;
}

function standing(texts: readonly StringNode[], at: number): StringNode[] {
  return texts.map((each) => ({ ...each, start: each.start + at, end: each.end + at }));
}

function moved(splices: readonly Splice[], by: number): Splice[] {
  return splices.map(({ start, end, text }) => ({ start: start + by, end: end + by, text }));
}

/** Lays splices between others, only where no other one is. */
function lay(own: readonly Splice[], more: readonly Splice[]): Splice[] {
  return [...own, ...more.flatMap((splice) => uncovered(splice, own))].sort((a, b) => a.start - b.start);
}

function sum(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Record<string, number> {
  const all = { ...one };
  for (const [rule, count] of Object.entries(other)) all[rule] = (all[rule] ?? 0) + count;
  return all;
}
