// Sets of bytes, one number for each of the 256, and which of them an element of an expression can take.
import type { AST } from '@eslint-community/regexpp';

/** 1 for each byte that is in the set. */
export type ByteSet = Uint8Array<ArrayBuffer>;

export type BytesOf = (element: AST.Element) => ByteSet;

/** By flags and source: two thousand rules use the same few hundred classes. */
const known = new Map<string, ByteSet>();

/** Every byte that an element can take; found by trying each on what the expression says of one letter. */
export function bytesOf(flags: string): BytesOf {
  const of: BytesOf = (element) => {
    if (element.type === 'Quantifier') return of(element.element);
    if (element.type === 'Group' || element.type === 'CapturingGroup') {
      return union(
        element.alternatives.flatMap(({ elements }) => elements.filter((one) => one.type !== 'Assertion').map(of)),
      );
    }
    if (element.type === 'Assertion') return new Uint8Array(256);
    if (element.type === 'Backreference') return new Uint8Array(256).fill(1);
    let bytes = known.get(`${flags}/${element.raw}`);
    if (bytes === undefined) {
      const expression = new RegExp(element.raw, flags);
      bytes = Uint8Array.from({ length: 256 }, (_, code) => (expression.test(String.fromCharCode(code)) ? 1 : 0));
      known.set(`${flags}/${element.raw}`, bytes);
    }
    return bytes;
  };
  return of;
}

/** A set as 64 hex digits, for tables that are written down. */
export function pack(set: ByteSet): string {
  const bits = Buffer.alloc(32);
  set.forEach((has, code) => {
    bits[code >> 3]! |= has << (code & 7);
  });
  return bits.toString('hex');
}

export function unpack(packed: string): ByteSet {
  const bits = Buffer.from(packed, 'hex');
  return Uint8Array.from({ length: 256 }, (_, code) => (bits[code >> 3]! >> (code & 7)) & 1);
}

export function union(all: readonly ByteSet[]): ByteSet {
  const found = new Uint8Array(256);
  for (const one of all) add(found, one);
  return found;
}

function add(set: ByteSet, more: ByteSet): void {
  for (let code = 0; code < 256; code++) set[code]! |= more[code]!;
}

export function intersection(one: ByteSet, other: ByteSet): ByteSet {
  return one.map((has, code) => has & other[code]!);
}

export function intersects(one: ByteSet, other: ByteSet): boolean {
  return one.some((has, code) => has === 1 && other[code] === 1);
}
