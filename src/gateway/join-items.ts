// Where the blocks of one message meet, and where a message meets the one before it that the same side wrote. What was
// found there is remembered beside the later of the two: at the next turn only new neighbours are looked at.
import type { Inspector, InspectWith } from './inspect.ts';
import { inspectJoins, uncovered } from './join.ts';
import type { StringNode } from './json.ts';
import type { ItemJoin, Memory, Remembered, Run, StandingItem, StandingJoin } from './memory.ts';
import type { Splice } from './splice.ts';

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

/** What lies across the places where the items of an array meet; those of `run` met each other before. */
export function joinItems(to: JoinWith, items: readonly StandingItem[], run: Run | undefined): StandingJoin[] {
  const from = run?.count ?? 0;
  const joins = (run?.array.joins ?? []).filter(({ index }) => index < from);
  // What the provider said in between is another side's.
  let before = items.findLast(({ value }, index) => index < from && value.texts.length > 0);
  for (let index = from; index < items.length; index++) {
    const item = items[index] as StandingItem;
    if (item.value.texts.length === 0) continue;
    if (before !== undefined) {
      const join = joinOf(to, before, item);
      if (join.inBefore.length + join.inAfter.length > 0) joins.push(stand(join, before, item, index, joins.at(-1)));
    }
    before = item;
  }
  return joins;
}

/** Lays a join over the array: what its items, and the join before it, have by themselves goes first. */
function stand(
  join: ItemJoin,
  before: StandingItem,
  item: StandingItem,
  index: number,
  last: StandingJoin | undefined,
): StandingJoin {
  const found = [...moved(join.inBefore, before.at), ...moved(join.inAfter, item.at)];
  const own = [
    ...moved(before.value.splices, before.at),
    ...moved(item.value.splices, item.at),
    ...(last?.splices ?? []),
  ];
  own.sort((a, b) => a.start - b.start);
  return { index, splices: found.flatMap((splice) => uncovered(splice, own)), findings: join.findings };
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
