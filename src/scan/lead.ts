// Where a match can begin, told from the pattern alone. Most rules begin with a literal that is (or holds) one of their
// keywords: then the expression is tried only there, which costs a thirtieth of a search through the window.
// A leading run such as `[\w.-]{0,50}?` before the keyword only widens the match to the left: it is cut off first.
import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** How many bytes before the end of each keyword a match can begin, and the pattern to try there. */
export interface Lead {
  regex: string;
  /** Keyword to the distances from the keyword's start back to the match's start. */
  offsets: Map<string, number[]>;
}

interface Prefix {
  text: string;
  /** Nothing more is known after `text`. */
  closed: boolean;
}

const MOST_PREFIXES = 400;
const LONGEST_PREFIX = 200;
/** Stands for one character that is not told: no keyword holds it. */
const ANYTHING: Prefix = { text: '\uffff', closed: false };
const parser = new RegExpParser({ ecmaVersion: 2023 });

/** The lead of a rule, or undefined when a match can begin where no keyword tells. */
export function leadOf(regex: string, flags: string, keywords: readonly string[]): Lead | undefined {
  if (keywords.length === 0) return undefined;
  const pattern = parser.parsePattern(regex, 0, regex.length);
  const direct = offsetsOf(pattern.alternatives, keywords);
  if (direct !== undefined) return { regex, offsets: direct };
  const cut = withoutRun(pattern, regex);
  if (cut === undefined) return undefined;
  const offsets = offsetsOf(parser.parsePattern(cut, 0, cut.length, flags.includes('u')).alternatives, keywords);
  return offsets === undefined ? undefined : { regex: cut, offsets };
}

/** Every possible beginning must hold a keyword, else a match could be missed. */
function offsetsOf(alternatives: readonly AST.Alternative[], keywords: readonly string[]): Lead['offsets'] | undefined {
  const prefixes = prefixesOfAll(alternatives);
  if (prefixes === undefined) return undefined;
  const offsets = new Map<string, number[]>();
  for (const { text } of prefixes) {
    const keyword = keywords.find((one) => text.includes(one));
    if (keyword === undefined) return undefined;
    const known = offsets.get(keyword) ?? [];
    const offset = text.indexOf(keyword);
    // The leftmost beginning is tried first, as a search from the left would find it.
    if (!known.includes(offset))
      offsets.set(
        keyword,
        [...known, offset].sort((a, b) => b - a),
      );
  }
  return offsets;
}

function prefixesOfAll(alternatives: readonly AST.Alternative[]): Prefix[] | undefined {
  const all: Prefix[] = [];
  for (const alternative of alternatives) {
    const prefixes = prefixesOf(alternative.elements);
    if (prefixes === undefined) return undefined;
    all.push(...prefixes);
  }
  return all.length > MOST_PREFIXES ? undefined : all;
}

function prefixesOf(elements: readonly AST.Element[]): Prefix[] | undefined {
  let prefixes: Prefix[] = [{ text: '', closed: false }];
  for (const element of elements) {
    if (prefixes.every((prefix) => prefix.closed || prefix.text.length >= LONGEST_PREFIX)) break;
    const steps = stepsOf(element);
    const joined = steps === undefined ? undefined : join(prefixes, steps);
    prefixes = joined === undefined || joined.length > MOST_PREFIXES ? prefixes.map(close) : joined;
  }
  return prefixes;
}

const close = (prefix: Prefix): Prefix => ({ ...prefix, closed: true });

function join(prefixes: readonly Prefix[], steps: readonly Prefix[]): Prefix[] {
  const joined = new Map<string, Prefix>();
  for (const prefix of prefixes) {
    for (const next of prefix.closed ? [prefix] : steps.map((step) => ({ ...step, text: prefix.text + step.text }))) {
      joined.set(`${next.closed}${next.text}`, next);
    }
  }
  return [...joined.values()];
}

/** What an element can add; undefined when that is not a short list of literals. */
function stepsOf(element: AST.Element): Prefix[] | undefined {
  switch (element.type) {
    case 'Assertion':
      return [{ text: '', closed: false }];
    case 'Character':
      return [literal(element.value)];
    case 'CharacterClass':
      return stepsOfClass(element) ?? [ANYTHING];
    case 'CharacterSet':
      return [ANYTHING];
    case 'Group':
    case 'CapturingGroup':
      return prefixesOfAll(element.alternatives);
    case 'Quantifier':
      return stepsOfQuantifier(element);
    default:
      return undefined;
  }
}

function literal(value: number): Prefix {
  return { text: String.fromCharCode(value).toLowerCase(), closed: false };
}

function stepsOfClass(element: AST.CharacterClass): Prefix[] | undefined {
  if (element.negate) return undefined;
  const texts = new Set<string>();
  for (const one of element.elements) {
    if (one.type !== 'Character') return undefined;
    texts.add(literal(one.value).text);
  }
  return texts.size > 6 ? undefined : [...texts].map((text) => ({ text, closed: false }));
}

function stepsOfQuantifier(element: AST.Quantifier): Prefix[] | undefined {
  const once = stepsOf(element.element);
  const skipped: Prefix = { text: '', closed: false };
  if (element.min === 0) {
    if (once === undefined) return undefined;
    return [skipped, ...(element.max === 1 ? once : once.map(close))];
  }
  if (once === undefined) return undefined;
  const exactly = element.min === element.max && once.length === 1 && element.min <= LONGEST_PREFIX;
  if (exactly) return once.map(({ text, closed }) => ({ text: text.repeat(element.min), closed }));
  return element.max === 1 ? once : once.map(close);
}

/** The pattern without a leading lazy or optional run of single characters (and a word boundary or lookbehind before it). */
function withoutRun(pattern: AST.Pattern, regex: string): string | undefined {
  if (pattern.alternatives.length !== 1) return undefined;
  const elements = pattern.alternatives[0]!.elements;
  const at = elements.findIndex((element) => element.type !== 'Assertion');
  const run = elements[at];
  if (run?.type !== 'Quantifier' || run.min !== 0) return undefined;
  if (!['Character', 'CharacterClass', 'CharacterSet'].includes(run.element.type)) return undefined;
  const boundaries = elements.slice(0, at).every((element) => isBoundary(element as AST.Assertion));
  return boundaries ? regex.slice(run.end) : undefined;
}

function isBoundary(assertion: AST.Assertion): boolean {
  return assertion.kind === 'word' || (assertion.kind === 'lookbehind' && assertion.negate);
}
