// What was checked at the last turn need not be checked again: a value of the new body that stands byte for byte in an
// earlier one keeps its result. Values are compared, not hashed: a comparison of memory is what the machine does best.
// Nothing is remembered across a secret that became known in between, old text may hold it.
import type { Joined } from './join.ts';
import type { StringNode } from './json.ts';
import type { Splice } from './splice.ts';

/** The result of one checked value; offsets are relative to its first byte. */
export interface Remembered {
  length: number;
  splices: readonly Splice[];
  findings: Readonly<Record<string, number>>;
  /** Strings that may be rewritten: where this value meets the next, theirs are looked at together. */
  texts: readonly StringNode[];
  /** Of an array: its elements, each with its offset. */
  items?: readonly StandingItem[];
  /** Of an array: what lies across the places where its elements meet; nearly always nothing. */
  joins?: readonly StandingJoin[];
}

/** An element of an array and its offset in it. */
export interface StandingItem {
  at: number;
  value: Remembered;
}

/** What was found where the element of this index meets one before it; offsets are relative to the array. */
export interface StandingJoin {
  index: number;
  splices: readonly Splice[];
  findings: Joined['findings'];
}

/** The first elements of a new array that are those of an old one. */
export interface Run {
  count: number;
  /** Offset after the last of them in the new body. */
  end: number;
  array: Remembered;
}

/** One body that was checked: where each member of its outermost object stood. */
export interface Past {
  body: Buffer;
  members: ReadonlyMap<string, StandingItem>;
}

/** What lies across the place where two values of an array meet. */
export interface ItemJoin {
  before: Remembered;
  inBefore: readonly Splice[];
  inAfter: readonly Splice[];
  findings: Joined['findings'];
}

export interface Memory {
  /** A remembered value that stands at an offset of the new body; `index` within an array. */
  find(body: Buffer, key: string, index: number | undefined, at: number): Remembered | undefined;
  /** As many first elements of a remembered array as stand, from its bracket on, at an offset of the new body. */
  run(body: Buffer, key: string, at: number): Run | undefined;
  /** Keeps a body; an earlier one of the same conversation gives way. */
  keep(past: Past): void;
  /** What was found where a value meets one before it; offsets are relative to the value of the splice. */
  readonly joins: WeakMap<Remembered, ItemJoin>;
  /** Forgets everything that was checked before `version`, the number of known secrets. */
  since(version: number): void;
}

/** Conversations side by side: the main one, subagents, titles and summaries. */
const MOST_PASTS = 12;
/** A body grows at each turn. */
const ROOM = 1.25;
const MOST_BYTES = 96 * 1024 * 1024;

export function createMemory(): Memory {
  /** Latest first. */
  let pasts: Past[] = [];
  let known = -1;

  return {
    joins: new WeakMap(),
    since(version) {
      if (version !== known) pasts = [];
      known = version;
    },
    find(body, key, index, at) {
      for (const past of pasts) {
        const member = past.members.get(key);
        if (member === undefined) continue;
        const item = index === undefined ? undefined : member.value.items?.[index];
        if (index !== undefined && item === undefined) continue;
        const value = item?.value ?? member.value;
        if (stands(past.body, member.at + (item?.at ?? 0), body, at, value.length)) return value;
      }
      return undefined;
    },
    run(body, key, at) {
      for (const past of pasts) {
        const member = past.members.get(key);
        const items = member?.value.items;
        if (member === undefined || items === undefined) continue;
        const endOf = (count: number) => (items[count - 1]?.at ?? 0) + (items[count - 1]?.value.length ?? 0);
        const count = most(items.length, (some) => stands(past.body, member.at, body, at, endOf(some)));
        if (count > 0) return { count, end: at + endOf(count), array: member.value };
      }
      return undefined;
    },
    keep(past) {
      const old = pasts.find((other) => isSameConversation(other, past));
      const rest = pasts.filter((other) => other !== old);
      const own: Past = { body: copied(past.body, old?.body), members: past.members };
      pasts = [own, ...rest].slice(0, MOST_PASTS);
      let bytes = 0;
      pasts = pasts.filter((each) => {
        bytes += each.body.length;
        return bytes <= MOST_BYTES;
      });
    },
  };
}

/** The largest count that holds, where each one below it does too; tried from the top, as a conversation changes at its end. */
function most(all: number, holds: (count: number) => boolean): number {
  let high = all + 1;
  let low = all;
  for (let step = 1; low > 0 && !holds(low); step *= 2) {
    high = low;
    low = Math.max(0, low - step);
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * A copy in memory of our own: the body itself goes as soon as it was sent, while it is young. Kept, each turn's would grow
 * old, and what grows old by megabytes makes the collector look at everything, in the middle of a turn.
 */
function copied(body: Buffer, old: Buffer | undefined): Buffer {
  const room = old !== undefined && old.buffer.byteLength >= body.length ? Buffer.from(old.buffer) : undefined;
  const own = room ?? Buffer.allocUnsafeSlow(Math.ceil(body.length * ROOM));
  body.copy(own);
  return own.subarray(0, body.length);
}

function stands(old: Buffer, from: number, body: Buffer, at: number, length: number): boolean {
  return at + length <= body.length && old.compare(body, at, at + length, from, from + length) === 0;
}

/** The same first message: forks and rewinds of one conversation take turns in one place. */
function isSameConversation(one: Past, other: Past): boolean {
  const [first, second] = [one, other].map((past) => {
    const messages = past.members.get('messages');
    const item = messages?.value.items?.[0];
    if (messages === undefined || item === undefined) return undefined;
    const at = messages.at + item.at;
    return past.body.subarray(at, at + item.value.length);
  });
  return first !== undefined && second !== undefined && first.equals(second);
}
