// A compiled scanner as a small JSON head and one block of bytes, for the build's cache. Arrays are laid one after the
// other, each at a multiple of eight; numbers are little-endian, as on every platform that sotto runs on.
import type { Compiled } from './compile.ts';

/** What stands in JSON; `arrays`: offset, length and width in bits of each array in the block. */
export interface Frozen {
  shift: number;
  firstHit: number;
  overlap: number;
  everywhere: readonly number[];
  arrays: Readonly<Record<ArrayName, readonly [offset: number, length: number, width: number]>>;
}

type ArrayName =
  | ('next' | 'classOf' | 'ownersAt' | 'owners' | 'rule' | 'back')
  | ('checksAt' | 'checks' | 'sets' | 'rulesAt' | 'rules');

type Numbers = Uint8Array | Uint16Array | Int16Array | Int32Array | Uint32Array;

/** Splits the tables of `compiled` into head and body. */
export function freeze({ rules, automaton, owners, guards, overlap, everywhere }: Compiled): {
  head: Frozen;
  body: Buffer;
} {
  const { next, classOf, ownersAt, owners: flat, shift, firstHit } = automaton;
  const all: Record<ArrayName, Numbers> = {
    next,
    classOf,
    ownersAt,
    owners: flat,
    rule: owners.rule,
    back: owners.back,
    ...guards,
    rulesAt: rules.at,
    rules: rules.text,
  };
  const chunks: Buffer[] = [];
  let offset = 0;
  const arrays = {} as Record<ArrayName, readonly [number, number, number]>;
  for (const [name, array] of Object.entries(all) as [ArrayName, Numbers][]) {
    arrays[name] = [offset, array.length, array.BYTES_PER_ELEMENT * 8];
    const bytes = Buffer.alloc(Math.ceil(array.byteLength / 8) * 8);
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).copy(bytes);
    chunks.push(bytes);
    offset += bytes.length;
  }
  return { head: { shift, firstHit, overlap, everywhere, arrays }, body: Buffer.concat(chunks) };
}

/** The tables again; `memory` holds the body. */
export function thaw(head: Frozen, memory: SharedArrayBuffer): Compiled {
  const at = <T>(
    name: ArrayName,
    kinds: Record<number, new (memory: SharedArrayBuffer, offset: number, length: number) => T>,
  ) => {
    const [offset, length, width] = head.arrays[name];
    return new kinds[width]!(memory, offset, length);
  };
  const wide = { 32: Uint32Array } as const;
  return {
    rules: { at: at('rulesAt', wide), text: at('rules', { 8: Uint8Array }) },
    automaton: {
      next: at<Uint16Array | Uint32Array>('next', { 16: Uint16Array, 32: Uint32Array }),
      classOf: at('classOf', { 8: Uint8Array }),
      ownersAt: at('ownersAt', wide),
      owners: at('owners', wide),
      shift: head.shift,
      firstHit: head.firstHit,
    },
    owners: { rule: at('rule', { 16: Uint16Array }), back: at('back', { 16: Int16Array }) },
    guards: { checksAt: at('checksAt', wide), checks: at('checks', { 32: Int32Array }), sets: at('sets', wide) },
    overlap: head.overlap,
    everywhere: head.everywhere,
  };
}
