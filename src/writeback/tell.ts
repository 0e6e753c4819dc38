import { CODES, type CodeArgs } from '../errors/index.ts';
import type { Problem } from './writeback.ts';

type ProblemCode = Extract<keyof typeof CODES, `writeback.${string}`>;

/** The sentence of a problem and what to do about it; paths in it are as they are, so escape it for a terminal. */
export function tellProblem(problem: Problem): { sentence: string; hint: string } {
  const entry = CODES[problem.code as ProblemCode];
  // A problem's own hint is what the sentence leaves open: a system error's code, where a version was laid.
  const args: CodeArgs = { path: problem.path, line: problem.line, cause: problem.hint, kept: problem.hint };
  return { sentence: entry?.sentence(args) ?? `${problem.code} ${problem.path}`, hint: entry?.hint?.(args) ?? '' };
}
