// Rules and keywords as plain tables that survive a structured clone: a worker thread gets the same shared memory and
// makes its own RegExp objects when a rule is first tried.
import { type Automaton, buildAutomaton } from './automaton.ts';
import { DETECTORS } from './detectors/index.ts';
import { leadOf, spanOf } from './lead.ts';
import type { Rule } from './pack.ts';

export type CompiledRule = Omit<Rule, 'examples' | 'nearMisses' | 'description' | 'source' | 'keywords'> & {
  /** Tried only where a keyword says, not searched for in a window. */
  anchored: boolean;
  /** No match spans much, so a first try needs no window. */
  short: boolean;
  /** A shape that any program can hold (`generic.*`), not a format of a vendor. */
  generic: boolean;
};

/** Everything of a scanner that is the same in every thread. */
export interface Compiled {
  rules: readonly CompiledRule[];
  automaton: Automaton;
  /** What the owners in the automaton mean: `rule` (from `rules.length` on, a detector), and `back`: bytes from the end of the keyword to the match's start. */
  owners: { rule: Uint16Array; back: Int16Array };
  /** Length of the longest keyword. */
  overlap: number;
  /** Rules without keywords: searched for in the whole text. */
  everywhere: readonly number[];
}

/** Compiles the rules of all packs; `back` is -1 for rules that are searched for in a window. */
export function compile(rules: readonly Rule[], detectors = DETECTORS): Compiled {
  const keywords: { text: string; owner: number }[] = [];
  const owners: { rule: number; back: number }[] = [];
  const compiled = rules.map((rule, index) => {
    const words = rule.keywords.map(bytesOf);
    const regex = utf8Pattern(rule.regex);
    const lead = leadOf(regex, words);
    for (const [text, offsets] of lead?.offsets ?? new Map(words.map((word) => [word, [undefined]]))) {
      for (const offset of offsets) {
        keywords.push({ text, owner: owners.length });
        owners.push({ rule: index, back: offset === undefined ? -1 : text.length + offset });
      }
    }
    return compiledRule(rule, lead?.regex ?? regex, lead !== undefined);
  });
  detectors.forEach((detector, index) => {
    for (const text of new Set(detector.keywords.map(bytesOf))) {
      keywords.push({ text, owner: owners.length });
      owners.push({ rule: rules.length + index, back: -1 });
    }
  });
  return {
    rules: compiled,
    automaton: buildAutomaton(keywords),
    owners: { rule: Uint16Array.from(owners, (one) => one.rule), back: Int16Array.from(owners, (one) => one.back) },
    overlap: keywords.reduce((longest, { text }) => Math.max(longest, text.length), 1),
    everywhere: rules.flatMap((rule, index) => (rule.keywords.length === 0 ? [index] : [])),
  };
}

function compiledRule(rule: Rule, regex: string, anchored: boolean): CompiledRule {
  const { examples: _, nearMisses: __, description: ___, source: ____, keywords: _____, ...rest } = rule;
  return { ...rest, regex, anchored, short: spanOf(regex) <= SHORT, generic: rule.id.startsWith('generic.') };
}

/** Bytes. */
const SHORT = 4096;

/** A keyword as the automaton reads it: the Latin-1 text of its UTF-8 bytes, lower case. */
function bytesOf(keyword: string): string {
  return Buffer.from(keyword.toLowerCase(), 'utf8').toString('latin1');
}

/** Letters beyond ASCII in a pattern mean their UTF-8 bytes, because patterns run over bytes. */
function utf8Pattern(regex: string): string {
  return regex.replace(/[^\0-\x7f]/gu, (char) => `(?:${Buffer.from(char, 'utf8').toString('latin1')})`);
}
