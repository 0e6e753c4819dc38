// All rules as one text in shared memory. A text has keywords of a few dozen of two thousand rules near it, so a thread reads a
// rule when it first tries it, and is not sent the others.
import type { CompiledRule } from './compile.ts';
import { shared } from './shared.ts';

/** Plain tables, sharable with worker threads: rule `i` is the JSON in `text[at[i] .. at[i + 1])`. */
export interface RuleTable {
  at: Uint32Array;
  text: Uint8Array;
}

/** The rules as a thread reads them. */
export interface Rules {
  readonly count: number;
  of: (index: number) => CompiledRule;
}

export function layRules(rules: readonly CompiledRule[]): RuleTable {
  const texts = rules.map((rule) => Buffer.from(JSON.stringify(rule)));
  const at = shared(Uint32Array, texts.length + 1);
  texts.forEach((text, index) => {
    at[index + 1] = at[index]! + text.length;
  });
  const text = shared(Uint8Array, at.at(-1)!);
  text.set(Buffer.concat(texts));
  return { at, text };
}

export function readRules({ at, text }: RuleTable): Rules {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const read: (CompiledRule | undefined)[] = new Array(at.length - 1);
  return {
    count: at.length - 1,
    of(index) {
      const rule = read[index] ?? (JSON.parse(bytes.toString('utf8', at[index], at[index + 1])) as CompiledRule);
      read[index] = rule;
      return rule;
    },
  };
}
