// What was scanned and proved clean in an earlier session, told by marks: keyed hashes of a path and its content. A mark says
// nothing without the key, and there is none for a file with a finding, so nothing here stems from a secret. One table
// of 16-byte slots serves all threads; a mark stands at or behind the slot that its first bytes name.
import { hash } from 'node:crypto';
import type { ContentKind } from '../../scan/index.ts';

/** Plain data for worker threads; the buffers are shared. */
export interface CleanTable {
  /** 32 bytes. */
  key: Uint8Array;
  /** Slots of four words, a power of two of them; an empty one ends in 0. */
  slots: SharedArrayBuffer;
  /** For each slot 1 when its mark was met in this session. */
  met: SharedArrayBuffer;
}

/** 16 bytes; the lowest three bits of the last word tell the kind of the content. */
export type Mark = Int32Array;

export interface Clean {
  /**
   * @param path raw, relative to the root: rules look at it
   * @param identity what stands for the content: its SHA-256, or the id that git has for it
   */
  markOf(path: string, identity: string): Mark;
  /** The kind of a content that proved clean at its path; undefined when nothing is known of it. */
  kindOf(mark: Mark): ContentKind | undefined;
  /** A scan found nothing. */
  learn(mark: Mark, kind: ContentKind): void;
  /** Everything learnt since the last call, mark behind mark. */
  takeLearnt(): Int32Array;
}

export const WORDS = 4;

/** The place in the list, counted from 1, stands in a mark. Append only. */
const KINDS: readonly ContentKind[] = ['text', 'image', 'archive', 'database', 'keystore', 'dump', 'other'];
const KIND_BITS = 7;
const KEY = 32;

/** The way into a table for one thread. */
export function createClean({ key, slots, met }: CleanTable): Clean {
  const table = new Int32Array(slots);
  const seen = new Uint8Array(met);
  const scratch = Buffer.alloc(KEY + 8192);
  scratch.set(key);
  let learnt: Mark[] = [];
  return {
    markOf(path, identity) {
      const text = `${identity}\0${path}`;
      const input = KEY + text.length <= scratch.length ? scratch : Buffer.concat([key, Buffer.alloc(text.length)]);
      const length = KEY + input.write(text, KEY, 'latin1');
      const digest = hash('sha256', input.subarray(0, length), 'buffer');
      const mark = new Int32Array(WORDS);
      new Uint8Array(mark.buffer).set(digest.subarray(0, 4 * WORDS));
      return mark;
    },
    kindOf(mark) {
      const slot = findSlot(table, mark);
      const last = table[slot * WORDS + WORDS - 1] as number;
      if (last === 0) return undefined;
      seen[slot] = 1;
      return KINDS[(last & KIND_BITS) - 1];
    },
    learn(mark, kind) {
      const last = mark[WORDS - 1] as number;
      learnt.push(mark.with(WORDS - 1, (last & ~KIND_BITS) | (KINDS.indexOf(kind) + 1)));
    },
    takeLearnt() {
      const taken = joinMarks(learnt);
      learnt = [];
      return taken;
    },
  };
}

/** Whether there are so many marks that a session before this one may have known the project. */
export const hasMarks = (table: CleanTable | undefined): boolean => (table?.slots.byteLength ?? 0) >= 1 << 14;

/** Builds the slots for these marks, at most half full. */
export function buildSlots(marks: readonly Int32Array[]): SharedArrayBuffer {
  const count = marks.reduce((sum, { length }) => sum + length / WORDS, 0);
  const slots = new SharedArrayBuffer(WORDS * 4 * 2 ** Math.ceil(Math.log2(2 * count + 2)));
  const table = new Int32Array(slots);
  for (const several of marks) {
    for (let at = 0; at < several.length; at += WORDS) {
      const mark = several.subarray(at, at + WORDS);
      table.set(mark, findSlot(table, mark) * WORDS);
    }
  }
  return slots;
}

/** The slot that holds the mark, whatever its kind, or the empty one where it would go. */
function findSlot(table: Int32Array, mark: Mark): number {
  const mask = table.length / WORDS - 1;
  for (let slot = (mark[0] as number) & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WORDS;
    const last = table[at + 3] as number;
    if (last === 0) return slot;
    if (table[at] !== mark[0] || table[at + 1] !== mark[1] || table[at + 2] !== mark[2]) continue;
    if ((last & ~KIND_BITS) === ((mark[3] as number) & ~KIND_BITS)) return slot;
  }
}

function joinMarks(marks: readonly Mark[]): Int32Array {
  const joined = new Int32Array(marks.length * WORDS);
  for (const [at, mark] of marks.entries()) joined.set(mark, at * WORDS);
  return joined;
}
