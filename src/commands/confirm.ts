import { createInterface } from 'node:readline/promises';

/** Asks a yes-or-no question on the terminal; anything but a yes, and no terminal, is a no. */
export async function confirm(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  reader.once('close', () => stop.abort());
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal: stop.signal });
    return /^(y|yes)$/i.test(answer.trim());
  } catch {
    // Ctrl-C, Ctrl-D
    return false;
  } finally {
    reader.close();
  }
}
