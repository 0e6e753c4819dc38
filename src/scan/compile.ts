// Rules and keywords as plain tables that survive a structured clone: a worker thread gets the same shared memory and
// makes its own RegExp objects when a rule is first tried. Two steps, because the first one reads every expression's
// syntax tree and is done by the build for the packs that come with sotto: a rule by itself, then all rules together.
import { type Automaton, buildAutomaton } from './automaton.ts';
import { DETECTORS } from './detectors/index.ts';
import { type Check, checksOf } from './guard.ts';
import { type Guarded, type Guards, layOut } from './guards.ts';
import { leadOf, spanOf } from './lead.ts';
import type { Rule } from './pack.ts';
import { layRules, type RuleTable } from './rule-table.ts';

export type CompiledRule = Omit<Rule, 'examples' | 'nearMisses' | 'description' | 'source' | 'keywords'> & {
  /** Tried only where a keyword says, not searched for in a window. */
  anchored: boolean;
  /** No match spans much, so a first try needs no window. */
  short: boolean;
  /** A shape that any program can hold (`generic.*`), not a format of a vendor. */
  generic: boolean;
};

/** A rule by itself, with what the automaton must look for; `back`: bytes from the end of the keyword to the match's start, -1 when unknown. */
export interface Part {
  rule: CompiledRule;
  keywords: readonly (readonly [text: string, back: number, checks: readonly Check[]])[];
}

/** Everything of a scanner that is the same in every thread. */
export interface Compiled {
  rules: RuleTable;
  automaton: Automaton;
  /** What the owners in the automaton mean: `rule` (from the number of rules on, a detector), and `back` as in {@link Part}. */
  owners: { rule: Uint16Array; back: Int16Array };
  guards: Guards;
  /** Length of the longest keyword. */
  overlap: number;
  /** Rules without keywords: searched for in the whole text. */
  everywhere: readonly number[];
}

/** Bytes of a match and what it looks at, up to which a rule is `short`. */
const SHORT = 4096;

/** The expression itself tells the rest of a longer keyword; short ones keep the automaton small enough for the cache. */
const LONGEST_KEY = 8;

/** Reads one rule. */
export function compileRule(rule: Rule): Part {
  const words = [...new Set(rule.keywords.map(bytesOf))];
  const source = utf8Pattern(rule.regex);
  const lead = leadOf(source, words);
  const regex = lead?.regex ?? source;
  const { examples: _, nearMisses: __, description: ___, source: ____, keywords: _____, ...rest } = rule;
  const anchored = lead !== undefined;
  const short = spanOf(regex) <= SHORT;
  const checksAt = checksOf(regex, rule.flags);
  // Long rules are tried in a window, where the text begins for them; so the byte before it tells nothing.
  const checks = (key: string, back: number) => checksAt(key, back).filter(({ offset }) => short || offset >= 0);
  return {
    rule: { ...rest, regex, anchored, short, generic: rule.id.startsWith('generic.') },
    keywords:
      lead === undefined
        ? words.map((text) => [text, -1, []] as const)
        : anchoredKeywords(lead.offsets).map(([text, back]) => [text, back, checks(text, back)] as const),
  };
}

function anchoredKeywords(offsets: ReadonlyMap<string, readonly number[]>): [string, number][] {
  const found = new Map<string, [string, number]>();
  for (const [text, starts] of offsets) {
    const key = text.slice(0, LONGEST_KEY);
    for (const start of starts) found.set(`${start}:${key}`, [key, key.length + start]);
  }
  // The leftmost beginning is tried first, as a search from the left would find it.
  return [...found.values()].sort((a, b) => b[1] - a[1]);
}

/** Builds the tables over all rules and detectors. */
export function assemble(parts: readonly Part[], detectors = DETECTORS): Compiled {
  const keywords: { text: string; owner: number }[] = [];
  const owners: (Guarded & { rule: number })[] = [];
  const own = (text: string, rule: number, back: number, checks: readonly Check[]) => {
    keywords.push({ text, owner: owners.length });
    owners.push({ rule, back, checks });
  };
  parts.forEach((part, index) => {
    for (const [text, back, checks] of part.keywords) own(text, index, back, checks);
  });
  detectors.forEach((detector, index) => {
    for (const text of new Set(detector.keywords.map(bytesOf))) own(text, parts.length + index, -1, []);
  });
  return {
    rules: layRules(parts.map(({ rule }) => rule)),
    automaton: buildAutomaton(keywords),
    owners: { rule: Uint16Array.from(owners, (one) => one.rule), back: Int16Array.from(owners, (one) => one.back) },
    guards: layOut(owners),
    overlap: keywords.reduce((longest, { text }) => Math.max(longest, text.length), 1),
    everywhere: parts.flatMap(({ keywords }, index) => (keywords.length === 0 ? [index] : [])),
  };
}

/** A keyword as the automaton reads it: the Latin-1 text of its UTF-8 bytes, lower case. */
function bytesOf(keyword: string): string {
  return Buffer.from(keyword.toLowerCase(), 'utf8').toString('latin1');
}

/** Letters beyond ASCII in a pattern mean their UTF-8 bytes, because patterns run over bytes. */
function utf8Pattern(regex: string): string {
  return regex.replace(/[^\0-\x7f]/gu, (char) => `(?:${Buffer.from(char, 'utf8').toString('latin1')})`);
}
