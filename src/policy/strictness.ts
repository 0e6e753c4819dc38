// What "stricter" means, per kind of value. A layer that may not loosen gets what is stricter of both; a layer that may,
// gets its own way. Each field of the schema names its kind.
import { z } from 'zod';

/** How two layers' values of one key come together. */
export interface Strictness {
  /** For the manual: what makes a value looser. */
  readonly looser: string;
  /**
   * @param earlier the value so far
   * @param later the value of the layer being added
   * @returns `strict`: what counts when the layer may not loosen; `free`: when it may; `loosens`: whether these differ
   */
  merge(earlier: unknown, later: unknown): { strict: unknown; free: unknown; loosens: boolean };
}

/** Of each field, its strictness; see `schema.ts`. */
export const strictnessOf = z.registry<Strictness>();

/** One of a few words or `false`/`true`, strictest first. */
export function ordered(...strictestFirst: readonly (string | boolean)[]): Strictness {
  return {
    looser: `from strict to loose: ${strictestFirst.join(', ')}`,
    merge(earlier, later) {
      const loosens = strictestFirst.indexOf(later as string) > strictestFirst.indexOf(earlier as string);
      return { strict: loosens ? earlier : later, free: later, loosens };
    },
  };
}

/** A number that is stricter the smaller it is. */
export const smallerIsStricter: Strictness = {
  looser: 'a greater number is looser',
  merge(earlier, later) {
    const loosens = (later as number) > (earlier as number);
    return { strict: loosens ? earlier : later, free: later, loosens };
  },
};

/** A list of patterns that demand something: adding one is strict, `!pattern` loosens and stays in the list. */
export const listOfDemands: Strictness = {
  looser: 'adding a pattern is strict; `!pattern` loosens',
  merge(earlier, later) {
    const added = (later as string[]).filter((entry) => !entry.startsWith('!'));
    const loosens = added.length < (later as unknown[]).length;
    return { strict: union(earlier, added), free: union(earlier, later), loosens };
  },
};

/** A list of names that demand something: adding one is strict, `!name` takes it out and loosens. */
export const listOfMusts: Strictness = {
  looser: 'adding an entry is strict; `!entry` takes one out and loosens',
  merge(earlier, later) {
    const { added, taken } = split(later);
    const strict = union(earlier, added);
    return { strict, free: strict.filter((entry) => !taken.has(entry as string)), loosens: taken.size > 0 };
  },
};

/** A list of names whose entries grant something: adding loosens, taking one out (`!entry`) is strict. */
export const listOfGrants: Strictness = {
  looser: 'adding an entry loosens; `!entry` takes one out',
  merge(earlier, later) {
    const had = earlier as string[];
    const { added: wanted, taken } = split(later);
    const added = wanted.filter((entry) => !had.includes(entry));
    const strict = had.filter((entry) => !taken.has(entry));
    return { strict, free: [...strict, ...added], loosens: added.length > 0 };
  },
};

/** A list of records that each make an exception. */
export const listOfExceptions: Strictness = {
  looser: 'every entry loosens',
  merge: (earlier, later) => ({
    strict: earlier,
    free: [...(earlier as unknown[]), ...(later as unknown[])],
    loosens: (later as unknown[]).length > 0,
  }),
};

/** Where any other value than the one before is a loosening. */
export const anyOther: Strictness = {
  looser: 'any other value loosens',
  merge: (earlier, later) => ({ strict: earlier, free: later, loosens: earlier !== later }),
};

/** A demand that, once made, cannot be changed without loosening. */
export const demandedOnce: Strictness = {
  looser: 'another value than the one demanded before loosens',
  merge: (earlier, later) =>
    earlier === undefined ? { strict: later, free: later, loosens: false } : anyOther.merge(earlier, later),
};

function union(earlier: unknown, later: unknown): unknown[] {
  return [...new Set([...(earlier as unknown[]), ...(later as unknown[])])];
}

/** `entry` and `!entry` apart. */
function split(entries: unknown): { added: string[]; taken: Set<string> } {
  const all = entries as string[];
  const taken = all.filter((entry) => entry.startsWith('!')).map((entry) => entry.slice(1));
  return { added: all.filter((entry) => !entry.startsWith('!')), taken: new Set(taken) };
}
