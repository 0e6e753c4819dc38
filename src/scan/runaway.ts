// Whether an expression could run away, told before it is ever run. A backtracking engine takes exponential time where a
// repetition can read the same text in two ways, and a high power of it where several repetitions of the same letters
// stand side by side. Windows are bounded, so squares are affordable; what is refused is worse.
// Kept libraries were tried on 275 of our rules: redos-detector 6 gave up on 255 after half a second each (bounded
// repetitions, which every credential has, multiply its states), safe-regex2 refused 189 of them for the same reason.
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { type ByteSet, type BytesOf, bytesOf, intersection, intersects, union } from './byte-set.ts';

/** From so many repetitions on, a repetition counts as one without end. */
const MANY = 10;
/** The most steps that repetitions side by side may take together. */
const MOST_STEPS = 20_000_000;
/** A repetition without end is as long as a window at most. */
const WINDOW = 1500;

/** Why the expression could run away, or undefined when it cannot. */
export function runawayReason(source: string, flags: string): string | undefined {
  const pattern = new RegExpParser({ ecmaVersion: 2023 }).parsePattern(source, 0, source.length);
  const letters = bytesOf(flags);
  return alternativesReason(pattern.alternatives, letters, true);
}

/** `last`: nothing stands behind the alternatives, so what repeats at their end is read once and never given back. */
function alternativesReason(
  alternatives: readonly AST.Alternative[],
  letters: BytesOf,
  last: boolean,
): string | undefined {
  for (const { elements } of alternatives) {
    const judged = last
      ? elements.slice(0, 1 + elements.findLastIndex((one) => !varies(one) && one.type !== 'CapturingGroup'))
      : elements;
    const reason =
      sideBySideReason(judged, letters) ??
      firstReason(elements, (one) => elementReason(one, letters, last && one === elements.at(-1)));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function firstReason<T>(list: readonly T[], reasonOf: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const reason = reasonOf(one);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function elementReason(element: AST.Element, letters: BytesOf, last: boolean): string | undefined {
  if (element.type === 'Quantifier') {
    return nestedReason(element, letters) ?? elementReason(element.element, letters, false);
  }
  if ('alternatives' in element) {
    return alternativesReason(element.alternatives as AST.Alternative[], letters, last);
  }
  return undefined;
}

/** A repetition of something that can itself be read in more than one way. */
function nestedReason(quantifier: AST.Quantifier, letters: BytesOf): string | undefined {
  const body = quantifier.element;
  if (quantifier.max < MANY || !('alternatives' in body)) return undefined;
  const alternatives = body.alternatives as readonly AST.Alternative[];
  if (alternatives.some(({ elements }) => elements.every((one) => least(one) === 0))) {
    return 'a repetition of something that can be empty';
  }
  if (alternatives.some((one) => isAmbiguous(one, letters))) {
    return 'a repetition inside a repetition, without anything that keeps them apart';
  }
  return overlapReason(alternatives, letters);
}

/** Holds a repetition of varying length whose letters could also begin the next round. */
function isAmbiguous({ elements }: AST.Alternative, letters: BytesOf): boolean {
  const varying = elements.filter(varies);
  if (varying.length === 0) return false;
  const all = union(varying.map(letters));
  const fixed = elements.filter((one) => !varies(one) && least(one) > 0 && one.type !== 'Assertion');
  // One letter that every round must have, and that no repetition in it takes, tells the rounds apart.
  return !fixed.some((one) => !intersects(firstLetters(one, letters), all) || !intersects(letters(one), all));
}

/** Two alternatives of a repetition that can begin alike, where one of them is a single letter or of varying length. */
function overlapReason(alternatives: readonly AST.Alternative[], letters: BytesOf): string | undefined {
  for (const [index, one] of alternatives.entries()) {
    for (const other of alternatives.slice(index + 1)) {
      const alike = intersects(firstOf(one, letters), firstOf(other, letters));
      const loose = [one, other].some(({ elements }) => elements.some(varies));
      const same = one.elements.length === 1 && other.elements.length === 1;
      if (alike && (loose || same)) return 'a repetition of alternatives that can read the same letters';
    }
  }
  return undefined;
}

/** Repetitions side by side that can share their letters among them in many ways. */
function sideBySideReason(elements: readonly AST.Element[], letters: BytesOf): string | undefined {
  let steps = 1;
  let shared: ByteSet | undefined;
  for (const element of elements) {
    if (element.type === 'Assertion') continue;
    const own = letters(element);
    if (varies(element)) {
      const touches = shared !== undefined && intersects(shared, own);
      steps = (touches ? steps : 1) * Math.min(span(element), WINDOW);
      shared = touches ? intersection(shared as ByteSet, own) : own;
      if (steps > MOST_STEPS) return 'repetitions of the same letters side by side';
    } else if (least(element) > 0 && shared !== undefined && !intersects(shared, own)) {
      shared = undefined;
      steps = 1;
    }
  }
  return undefined;
}

function varies(element: AST.Element): boolean {
  if (element.type === 'Quantifier') return element.min !== element.max || varies(element.element);
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return false;
  return element.alternatives.some(({ elements }) => elements.some(varies));
}

/** How many lengths an element can have, at most. */
function span(element: AST.Element): number {
  if (element.type === 'Quantifier')
    return Math.min(element.max - element.min + 1, WINDOW) * Math.min(span(element.element), WINDOW);
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return 1;
  return Math.max(...element.alternatives.map(({ elements }) => Math.max(1, ...elements.map(span))));
}

/** The fewest letters that an element takes. */
function least(element: AST.Element): number {
  switch (element.type) {
    case 'Quantifier':
      return element.min * least(element.element);
    case 'Group':
    case 'CapturingGroup':
      return Math.min(
        ...element.alternatives.map(({ elements }) => elements.reduce((sum, one) => sum + least(one), 0)),
      );
    case 'Assertion':
    case 'Backreference':
      return 0;
    default:
      return 1;
  }
}

function firstOf({ elements }: AST.Alternative, letters: BytesOf): ByteSet {
  const found: ByteSet[] = [];
  for (const element of elements) {
    if (element.type === 'Assertion') continue;
    found.push(firstLetters(element, letters));
    if (least(element) > 0) break;
  }
  return union(found);
}

function firstLetters(element: AST.Element, letters: BytesOf): ByteSet {
  if (element.type === 'Quantifier') return firstLetters(element.element, letters);
  if (element.type === 'Group' || element.type === 'CapturingGroup') {
    return union(element.alternatives.map((one) => firstOf(one, letters)));
  }
  return letters(element);
}
