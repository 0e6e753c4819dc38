// What must stand in every match of an expression, told from the expression alone: rules of other tools name no keywords, or
// such as need only stand anywhere in the file, while our automaton wants a literal at the match itself.
import { type AST, RegExpParser } from '@eslint-community/regexpp';

const LEAST = 3;
const MOST = 60;
const parser = new RegExpParser({ ecmaVersion: 2023 });

/** Literals in lower case, of which every match holds at least one; undefined when there are none that tell. */
export function literalsOf(regex: string): string[] | undefined {
  const literals = ofAlternatives(parser.parsePattern(regex, 0, regex.length).alternatives);
  return literals === undefined ? undefined : [...new Set(literals)];
}

/** Whether a match can hold a line break. */
export function spansLines(regex: string): boolean {
  const breaks = (element: AST.Element): boolean => {
    if (element.type === 'Quantifier') return breaks(element.element);
    if (element.type === 'Group' || element.type === 'CapturingGroup')
      return element.alternatives.some(({ elements }) => elements.some(breaks));
    if (element.type === 'Assertion' || element.type === 'Backreference') return false;
    return new RegExp(element.raw).test('\n');
  };
  return parser.parsePattern(regex, 0, regex.length).alternatives.some(({ elements }) => elements.some(breaks));
}

function ofAlternatives(alternatives: readonly AST.Alternative[]): string[] | undefined {
  const all: string[] = [];
  for (const { elements } of alternatives) {
    const best = ofElements(elements);
    if (best === undefined) return undefined;
    all.push(...best);
  }
  return all.length > MOST ? undefined : all;
}

/** Of the runs of letters and the groups on the way, the one whose shortest literal is longest. */
function ofElements(elements: readonly AST.Element[]): string[] | undefined {
  const found: string[][] = [];
  let run = '';
  const close = () => {
    if (run.length >= LEAST) found.push([run]);
    run = '';
  };
  for (const element of elements) {
    const letter = letterOf(element);
    if (letter !== undefined) {
      run += letter;
      continue;
    }
    close();
    const inner = ofOne(element);
    if (inner !== undefined) found.push(inner);
  }
  close();
  const shortest = (set: readonly string[]) => Math.min(...set.map((one) => one.length));
  return found.sort((a, b) => shortest(b) - shortest(a))[0];
}

function ofOne(element: AST.Element): string[] | undefined {
  if (element.type === 'Quantifier') return element.min > 0 ? ofOne(element.element) : undefined;
  if (element.type === 'Group' || element.type === 'CapturingGroup') return ofAlternatives(element.alternatives);
  return undefined;
}

/** The one ASCII letter that an element takes, whatever its case. */
function letterOf(element: AST.Element): string | undefined {
  if (element.type === 'Character') return element.value < 128 ? lower(element.value) : undefined;
  if (element.type !== 'CharacterClass' || element.negate) return undefined;
  const letters = element.elements.map((one) =>
    one.type === 'Character' && one.value < 128 ? lower(one.value) : undefined,
  );
  return letters.every((one) => one === letters[0]) ? letters[0] : undefined;
}

const lower = (code: number) => String.fromCharCode(code).toLowerCase();
