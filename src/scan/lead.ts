// Where a match can begin, told from the pattern alone. Most rules begin with a literal that is (or holds) one of their
// keywords: then the expression is tried only there, which costs a thirtieth of a search through the window.
// What stands before the keyword and has no fixed length, such as `[\w.-]{0,50}?`, is looked back at from there.
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
/** A beginning this long is rare enough to be looked for, although no keyword of the rule. */
const LEAST_LITERAL = 4;
const LONGEST_LITERAL = 8;
/** Literals are cut at other characters: each kind of character in a keyword makes every row of the automaton longer. */
const RARE = /[^a-z0-9_.:/\\=@"' -]/;
/** Stands for one character that is not told: no keyword holds it. */
const ANYTHING: Prefix = { text: '\uffff', closed: false };
const parser = new RegExpParser({ ecmaVersion: 2023 });

/** The lead of a rule, or undefined when a match can begin where no keyword tells. */
export function leadOf(regex: string, keywords: readonly string[]): Lead | undefined {
  const pattern = parser.parsePattern(regex, 0, regex.length);
  const direct = offsetsOf(prefixesOfAll(pattern.alternatives), keywords);
  if (direct !== undefined) return { regex, offsets: direct };
  return pattern.alternatives.length === 1 ? leadBehind(pattern.alternatives[0]!.elements, regex, keywords) : undefined;
}

/** The shortest part before the keyword that can be looked back at; a part that holds a group must stay in the match. */
function leadBehind(elements: readonly AST.Element[], regex: string, keywords: readonly string[]): Lead | undefined {
  for (let at = 1; at < elements.length; at++) {
    if (/\((?!\?[:=!]|\?<[=!])/.test(elements[at - 1]!.raw.replace(/\\.|\[(?:\\.|[^\]])*\]/g, ''))) return undefined;
    const offsets = offsetsOf(prefixesOf(elements.slice(at)), keywords);
    const from = elements[at]!.start;
    if (offsets !== undefined) return { regex: `(?<=${regex.slice(0, from)})${regex.slice(from)}`, offsets };
  }
  return undefined;
}

/** Every possible beginning must hold a keyword, else a match could be missed; a long literal of its own serves as one. */
function offsetsOf(prefixes: readonly Prefix[] | undefined, keywords: readonly string[]): Lead['offsets'] | undefined {
  if (prefixes === undefined) return undefined;
  const offsets = new Map<string, number[]>();
  for (const { text } of prefixes) {
    const held = rarest(keywords.filter((one) => text.includes(one)));
    const keyword = (held?.length ?? 0) >= LEAST_LITERAL ? held : rarest([held, literalIn(text)]);
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

/** The longest is the rarest, near enough. */
function rarest(literals: readonly (string | undefined)[]): string | undefined {
  return literals.reduce((best, one) => ((one?.length ?? 0) > (best?.length ?? 0) ? one : best), undefined);
}

function literalIn(prefix: string): string | undefined {
  const literals = prefix.split(RARE).filter((one) => one.length >= LEAST_LITERAL);
  return rarest(literals)?.slice(0, LONGEST_LITERAL);
}

/** The most bytes that a match and what it looks at on both sides can span; Infinity when there is no bound. */
export function spanOf(regex: string): number {
  return longestOf(parser.parsePattern(regex, 0, regex.length).alternatives);
}

function longestOf(alternatives: readonly AST.Alternative[]): number {
  return Math.max(...alternatives.map(({ elements }) => elements.reduce((sum, one) => sum + longest(one), 0)));
}

function longest(element: AST.Element): number {
  switch (element.type) {
    case 'Quantifier':
      return element.max === 0 ? 0 : element.max * longest(element.element);
    case 'Group':
    case 'CapturingGroup':
      return longestOf(element.alternatives);
    case 'Assertion':
      return 'alternatives' in element ? longestOf(element.alternatives) : 1;
    case 'Backreference':
      return Number.POSITIVE_INFINITY;
    default:
      return 1;
  }
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
