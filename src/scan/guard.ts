// What the bytes of a match can be where a keyword stands in it, told from the expression alone: the byte before the match and its
// first ones. Where one of them is another, the expression cannot match, and four in five hits of a keyword end there: a look at a
// byte costs a hundredth of a try, and an expression that is never tried is never compiled.
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { type ByteSet, type BytesOf, bytesOf, intersection, pack, union } from './byte-set.ts';

/** At `offset` from the start of a match only these bytes can stand; -1 is the byte before it, which may be missing. */
export interface Check {
  offset: number;
  /** A set, packed. */
  bytes: string;
}

/** Bytes of a match that are looked at; their offsets are the bits of a number. */
const DEPTH = 30;
const ALL = 2 ** DEPTH - 1;
/** More checks seldom reject what the first ones let through. Of the same set the last byte is looked at first: a word is over by then. */
const MOST = 20;
/** A check that is passed more often tells too little. */
const MOST_OFTEN = 0.85;

const parser = new RegExpParser({ ecmaVersion: 2023 });

/** For a keyword that ends `back` bytes after the start of a match: the checks that tell something, those that fail most often first. */
export type ChecksAt = (keyword: string, back: number) => Check[];

/** Reads an expression once, for all its keywords. */
export function checksOf(regex: string, flags: string): ChecksAt {
  const { alternatives } = parser.parsePattern(regex, 0, regex.length);
  const bytes = bytesOf(flags);
  return (keyword, back) => {
    const inside = new Inside(bytes, keyword, back - keyword.length);
    inside.read(alternatives);
    const [first = ANYTHING, ...rest] = inside.at.map((sets) => (sets.has(ANYTHING) ? ANYTHING : union([...sets])));
    return [beforeAny(alternatives, { bytes, first, multiline: flags.includes('m') }), first, ...rest]
      .map((set, index) => ({ offset: index - 1, set, often: oftenOf(set, inside.known[index - 1]) }))
      .filter(({ often }) => often < MOST_OFTEN)
      .sort((a, b) => a.often - b.often || b.offset - a.offset)
      .slice(0, MOST)
      .map(({ offset, set }) => ({ offset, bytes: pack(set) }));
  };
}

/** How often a byte of ordinary text is in the set; `known`: what the keyword says of it. */
function oftenOf(set: ByteSet, known: readonly number[] | undefined): number {
  if (set === ANYTHING) return 1;
  if (known !== undefined) return known.filter((code) => set[code] !== 0).length / known.length;
  return set.reduce((sum, has, code) => sum + has * OFTEN[code]!, 0);
}

/** Share of each byte in source code, roughly. */
const OFTEN = Float64Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[ \n]/.test(char)) return 0.11;
  if (/[a-z]/.test(char)) return 0.54 / 26;
  if (/[A-Z]/.test(char)) return 0.05 / 26;
  if (/[0-9]/.test(char)) return 0.04 / 10;
  return /[!-~]/.test(char) ? 0.14 / 32 : 0.01 / 161;
});

/** Reads an expression from every offset at once: a bit for each offset that a match can have come to. */
class Inside {
  /** The sets whose bytes can stand at each offset. */
  readonly at: Set<ByteSet>[] = Array.from({ length: DEPTH }, () => new Set());
  readonly #bytes: BytesOf;
  /** What the keyword says of the byte at each offset. */
  readonly known: (readonly number[] | undefined)[];

  constructor(bytes: BytesOf, keyword: string, start: number) {
    this.#bytes = bytes;
    this.known = this.at.map((_, offset) => spellings(keyword[offset - start]));
  }

  read(alternatives: readonly AST.Alternative[]): void {
    this.#anythingFrom(this.#any(alternatives, 1));
  }

  #any(alternatives: readonly AST.Alternative[], from: number): number {
    return alternatives.reduce((all, { elements }) => all | this.#sequence(elements, from), 0);
  }

  #sequence(elements: readonly AST.Element[], from: number): number {
    return elements.reduce((at, element) => (at === 0 ? 0 : this.#step(element, at)), from);
  }

  /** The offsets after the element, when it begins at one of `from`. */
  #step(element: AST.Element, from: number): number {
    switch (element.type) {
      case 'Assertion':
        return from;
      case 'Quantifier':
        return this.#repeat(element, from);
      case 'Group':
      case 'CapturingGroup':
        return this.#any(element.alternatives, from);
      case 'Backreference':
        return this.#anythingFrom(from);
      default:
        return this.#one(this.#bytes(element), from);
    }
  }

  #repeat({ element, min, max }: AST.Quantifier, from: number): number {
    let at = from;
    for (let count = 0; count < Math.min(min, DEPTH) && at !== 0; count++) at = this.#step(element, at);
    let all = at;
    for (let count = min; count < max; count++) {
      at = this.#step(element, at);
      if ((all | at) === all) break;
      all |= at;
    }
    return all;
  }

  #one(bytes: ByteSet, from: number): number {
    let read = from;
    for (let offset = 0; offset < DEPTH; offset++) {
      if ((from & (1 << offset)) === 0) continue;
      // An alternative that the keyword does not stand in is not the one that matches here.
      if (this.known[offset]?.every((code) => bytes[code] === 0)) read &= ~(1 << offset);
      else this.at[offset]!.add(bytes);
    }
    return (read << 1) & ALL;
  }

  /** The match may be over, or nothing is known of what follows. */
  #anythingFrom(from: number): number {
    if (from === 0) return 0;
    const lowest = 31 - Math.clz32(from & -from);
    for (let offset = lowest; offset < DEPTH; offset++) this.at[offset]!.add(ANYTHING);
    return ALL & ~((1 << lowest) - 1);
  }
}

/** The bytes that a character of a keyword can be: keywords are found in any case. */
function spellings(char: string | undefined): readonly number[] | undefined {
  return char === undefined ? undefined : [char.charCodeAt(0), char.toUpperCase().charCodeAt(0)];
}

interface About {
  bytes: BytesOf;
  /** What a match can begin with. */
  first: ByteSet;
  multiline: boolean;
}

const ANYTHING: ByteSet = new Uint8Array(256).fill(1);
const WORD = Uint8Array.from({ length: 256 }, (_, code) => (/\w/.test(String.fromCharCode(code)) ? 1 : 0));

function beforeAny(alternatives: readonly AST.Alternative[], about: About): ByteSet {
  return union(alternatives.map(({ elements }) => beforeAll(elements, about)));
}

/** The bytes that can stand before a match of `elements`, by the assertions at their front. */
function beforeAll(elements: readonly AST.Element[], about: About): ByteSet {
  let bytes = ANYTHING;
  for (const element of elements) {
    if (element.type === 'Assertion') bytes = intersection(bytes, beforeAssertion(element, about));
    else {
      const group = element.type === 'Group' || element.type === 'CapturingGroup';
      if (group) bytes = intersection(bytes, beforeAny(element.alternatives, about));
      if (!group || !element.alternatives.every(isEmpty)) break;
    }
  }
  return bytes;
}

function isEmpty({ elements }: AST.Alternative): boolean {
  return elements.every(
    (one) =>
      one.type === 'Assertion' ||
      ((one.type === 'Group' || one.type === 'CapturingGroup') && one.alternatives.every(isEmpty)),
  );
}

function beforeAssertion(element: AST.Assertion, about: About): ByteSet {
  switch (element.kind) {
    case 'lookbehind':
      return element.negate
        ? complement(union(element.alternatives.map(({ elements }) => onlyByte(elements, about))))
        : union(element.alternatives.map(({ elements }) => lastOf(elements, about)));
    case 'word':
      return beforeBorder(element.negate, about.first);
    case 'start':
      return Uint8Array.from({ length: 256 }, (_, code) => (about.multiline && (code === 10 || code === 13) ? 1 : 0));
    default:
      return ANYTHING;
  }
}

function beforeBorder(negate: boolean, first: ByteSet): ByteSet {
  const word = first.some((has, code) => has === 1 && WORD[code] === 1);
  const other = first.some((has, code) => has === 1 && WORD[code] === 0);
  if (word && other) return ANYTHING;
  return word === negate ? WORD : complement(WORD);
}

/** The byte that a forbidden text consists of; nothing when it is longer, because then the last byte alone is not forbidden. */
function onlyByte(elements: readonly AST.Element[], about: About): ByteSet {
  const [one] = elements;
  const single = one?.type === 'Character' || one?.type === 'CharacterClass' || one?.type === 'CharacterSet';
  return single && elements.length === 1 ? about.bytes(one) : new Uint8Array(256);
}

function lastOf(elements: readonly AST.Element[], about: About): ByteSet {
  const found: ByteSet[] = [];
  for (const element of [...elements].reverse()) {
    if (element.type === 'Assertion') continue;
    const last = lastByte(element, about);
    found.push(last.bytes);
    if (!last.empty) return union(found);
  }
  return ANYTHING;
}

/** What an element can end with; `empty`: it can also be nothing. */
function lastByte(element: AST.Element, about: About): { bytes: ByteSet; empty: boolean } {
  switch (element.type) {
    case 'Quantifier': {
      const once = lastByte(element.element, about);
      return { bytes: once.bytes, empty: once.empty || element.min === 0 };
    }
    case 'Group':
    case 'CapturingGroup':
      return { bytes: union(element.alternatives.map(({ elements }) => lastOf(elements, about))), empty: false };
    default:
      return { bytes: about.bytes(element), empty: false };
  }
}

function complement(bytes: ByteSet): ByteSet {
  return bytes.map((has) => 1 - has);
}
