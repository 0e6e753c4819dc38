import { CODES, type Code, type CodeArgs } from './codes.ts';

/**
 * A stop on purpose. Carries a code and its arguments; the sentence and the hint live once, in `codes.ts`.
 * Arguments may be paths, rule ids, line numbers, program names; never a value from a scanned file.
 */
export class Refusal extends Error {
  readonly code: Code;
  readonly args: CodeArgs;

  constructor(code: Code, args: CodeArgs = {}, options?: { cause?: unknown }) {
    super(CODES[code].sentence(args), options);
    this.name = 'Refusal';
    this.code = code;
    this.args = args;
  }

  /** What to do about it; one or more lines, empty when there is nothing to do. */
  get hint(): string {
    return CODES[this.code].hint?.(this.args) ?? '';
  }

  /** Exit status, after coreutils `timeout`: 125 refused, 126 cannot start, 127 not found; 2 for bad usage or bad input. */
  get exit(): number {
    return CODES[this.code].exit ?? 125;
  }
}

/** The first line of every broad `catch`: a refusal is never swallowed. */
export function rethrowRefusal(error: unknown): void {
  if (error instanceof Refusal) throw error;
}
