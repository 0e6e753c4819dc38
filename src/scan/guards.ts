// The checks of all rules as flat tables: for each owner of a keyword a few bytes near it and the sets they must be in, the rarest
// first. A set is eight numbers of 32 bits; all of them together lie in the first cache of a core.
import { type ByteSet, unpack } from './byte-set.ts';
import type { Check } from './guard.ts';
import { shared } from './shared.ts';

/** Plain tables, sharable with worker threads. */
export interface Guards {
  /** `checks[checksAt[owner] .. checksAt[owner + 1])` */
  checksAt: Uint32Array;
  /** Upper half: offset from the end of the keyword; lower half: number of the set. */
  checks: Int32Array;
  /** The bits of each set. */
  sets: Uint32Array;
}

/** `back`: bytes from the end of the keyword to the start of a match. */
export interface Guarded {
  back: number;
  checks: readonly Check[];
}

/** Lays out the checks of the owners, in their order. */
export function layOut(owners: readonly Guarded[]): Guards {
  const numbers = new Map<string, number>();
  const sets: ByteSet[] = [];
  const numberOf = (packed: string) => {
    const number = numbers.get(packed) ?? sets.push(unpack(packed)) - 1;
    numbers.set(packed, number);
    return number;
  };
  const checksAt = shared(Uint32Array, owners.length + 1);
  const checks: number[] = [];
  owners.forEach((owner, index) => {
    for (const { offset, bytes } of owner.checks) checks.push(((offset - owner.back) << 16) | numberOf(bytes));
    checksAt[index + 1] = checks.length;
  });
  const flat = shared(Int32Array, checks.length);
  flat.set(checks);
  return { checksAt, checks: flat, sets: bitsOf(sets) };
}

/** Whether a match can begin where the keyword of `owner` ends at `end`. */
export function passes({ checksAt, checks, sets }: Guards, owner: number, bytes: Uint8Array, end: number): boolean {
  const last = checksAt[owner + 1]!;
  for (let index = checksAt[owner]!; index < last; index++) {
    const check = checks[index]!;
    const at = end + (check >> 16);
    // The byte before the first one is missing, which every set of it allows.
    if (at < 0) continue;
    if (at >= bytes.length) return false;
    const byte = bytes[at]!;
    if (((sets[((check & 0xffff) << 3) | (byte >> 5)]! >>> (byte & 31)) & 1) === 0) return false;
  }
  return true;
}

function bitsOf(sets: readonly ByteSet[]): Uint32Array {
  const bits = shared(Uint32Array, sets.length * 8);
  sets.forEach((set, number) => {
    set.forEach((has, code) => {
      bits[number * 8 + (code >> 5)]! |= has << (code & 31);
    });
  });
  return bits;
}
