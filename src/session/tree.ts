import { readFileSync } from 'node:fs';

/**
 * The program at the end of a chain of single children (bubblewrap, its monitor, Claude Code), as the host numbers it.
 * Signals go to it: one sent to bubblewrap would end the session without a word to the program inside.
 */
export function innermost(pid: number): number | undefined {
  let found: number | undefined;
  for (let child = onlyChild(pid), depth = 0; child !== undefined && depth < 3; child = onlyChild(child), depth += 1) {
    found = child;
    if (depth === 1) break; // bubblewrap -> its monitor (pid 1 inside) -> the program
  }
  return found;
}

function onlyChild(pid: number): number | undefined {
  try {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
    return first ? Number(first) : undefined;
  } catch {
    return undefined; // ended meanwhile
  }
}
