// Tries rules on their own examples and near misses: the exact secret must be found, nothing else, and nothing in a near
// miss. What redaction and restoring make of an example is asked of `roundTrip`, because those rooms come after this one.
import { assemble, compileRule } from './compile.ts';
import { createScanner } from './create.ts';
import type { Finding } from './finding.ts';
import type { Rule } from './pack.ts';
import type { Scanner } from './scanner.ts';

/** What is wrong with a rule; names the example by number, never by its text. */
export interface RuleProblem {
  rule: string;
  /** `example 2`, `near miss 1`, or `rule`. */
  where: string;
  reason: string;
}

/** An example with its secrets put in. */
export interface Filled {
  text: string;
  /** Byte spans of the secrets in the UTF-8 form of the text. */
  spans: { start: number; end: number }[];
}

/** Redacts and restores an example; returns why that is wrong, or undefined. */
export type RoundTrip = (text: Buffer, findings: readonly Finding[]) => string | undefined;

/** Checks each rule by itself; an empty list means that all is well. */
export function checkRules(rules: readonly Rule[], roundTrip: RoundTrip): RuleProblem[] {
  const seen = new Set<string>();
  return rules.flatMap((rule) => {
    const twice = seen.has(rule.id);
    seen.add(rule.id);
    return [...(twice ? [problem(rule, 'rule', 'another rule has this id')] : []), ...checkRule(rule, roundTrip)];
  });
}

function checkRule(rule: Rule, roundTrip: RoundTrip): RuleProblem[] {
  const scanner = scannerOf([rule]);
  const problems: RuleProblem[] = [];
  const own = rule.conditions === undefined;
  if (own && rule.examples.length < 2) problems.push(problem(rule, 'rule', 'has fewer than two examples'));
  if (own && rule.nearMisses.length < 2) problems.push(problem(rule, 'rule', 'has fewer than two near misses'));
  if (own && rule.keywords.length === 0 && !rule.personalData) {
    problems.push(problem(rule, 'rule', 'has no keywords, so it would run on every byte'));
  }
  rule.examples.forEach((example, index) => {
    const reason = exampleProblem(scanner, fillExample(example), example.path, roundTrip);
    if (reason !== undefined) problems.push(problem(rule, `example ${index + 1}`, reason));
  });
  rule.nearMisses.forEach(({ text, path }, index) => {
    const { findings } = scanner.scanBytes(Buffer.from(text), path === undefined ? {} : { path });
    if (findings.length > 0) problems.push(problem(rule, `near miss ${index + 1}`, 'is found'));
  });
  return problems;
}

function exampleProblem(
  scanner: Scanner,
  { text, spans }: Filled,
  path: string | undefined,
  roundTrip: RoundTrip,
): string | undefined {
  const bytes = Buffer.from(text);
  const { findings } = scanner.scanBytes(bytes, path === undefined ? {} : { path });
  if (findings.length === 0) return 'is not found';
  if (findings.length !== spans.length) return `has ${findings.length} findings for ${spans.length} secrets`;
  for (const [index, { start, end }] of spans.entries()) {
    const finding = findings[index]!;
    if (finding.start !== start || finding.end !== end) {
      return `is found at bytes ${finding.start} to ${finding.end}, the secret stands at ${start} to ${end}`;
    }
  }
  return roundTrip(bytes, findings);
}

/** Puts the secrets of an example into its text: `<secret>`, `<secret2>`, `<secret3>`, each as often as it stands there. */
export function fillExample(example: Rule['examples'][number]): Filled {
  const secrets = { secret: example.secret, secret2: example.secret2, secret3: example.secret3 };
  const spans: Filled['spans'] = [];
  let text = '';
  let length = 0;
  const add = (piece: string) => {
    text += piece;
    length += Buffer.byteLength(piece);
  };
  for (const piece of example.text.split(/(<secret[23]?>)/)) {
    const value = secrets[piece.slice(1, -1) as keyof typeof secrets]?.join('');
    if (!piece.startsWith('<secret') || value === undefined) {
      add(piece);
      continue;
    }
    spans.push({ start: length, end: length + Buffer.byteLength(value) });
    add(value);
  }
  return { text, spans };
}

/** A scanner of just these rules, without detectors. */
export function scannerOf(rules: readonly Rule[]): Scanner {
  const options = { packs: [], allow: [], personalData: true };
  return createScanner({ options, hash: '', compiled: assemble(rules.map(compileRule), []) });
}

function problem(rule: Rule, where: string, reason: string): RuleProblem {
  return { rule: rule.id, where, reason };
}
