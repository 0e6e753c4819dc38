// How much work one text may cost. Counted in bytes handed to expressions and detectors, never by a clock, so that the same text
// gives the same answer on every machine. Where it runs out the text counts as a finding: what was not looked at does not leave.

/** Rule id of a stretch that would take more work than any text that people or programs write. */
export const UNSCANNABLE = 'sotto.unscannable';

/** A rule's windows may be this many times the text together, and some for small texts. */
const RULE_TIMES = 16;
const RULE_LEAST = 1 << 20;
/** The same for all rules and detectors together. */
const TOTAL_TIMES = 512;
const TOTAL_LEAST = 64 << 20;

/** The work that is left for one text at a time. */
export class Budget {
  readonly #rules: Float64Array;
  #ofRule = 0;
  #total = 0;

  constructor(rules: number) {
    this.#rules = new Float64Array(rules);
  }

  /** Begins a text of so many bytes. */
  open(length: number): void {
    this.#rules.fill(0);
    this.#ofRule = length * RULE_TIMES + RULE_LEAST;
    this.#total = length * TOTAL_TIMES + TOTAL_LEAST;
  }

  /** Counts work that belongs to no window of a rule. */
  spend(bytes: number): void {
    this.#total -= bytes;
  }

  spendOn(rule: number, bytes: number): void {
    this.#rules[rule]! += bytes;
    this.#total -= bytes;
  }

  /** This rule gets no window any more. */
  isSpent(rule: number): boolean {
    return this.#rules[rule]! > this.#ofRule;
  }

  /** Nothing more of this text is looked at. */
  get isOver(): boolean {
    return this.#total < 0;
  }
}
