// The ends of a secret in source text: a placeholder must never break an escape (`\n`, `\"`, `\u0041`) of the string that
// holds it, so a span that begins or ends inside one gives that piece back to the text.

/** The span without pieces of escapes at its ends; empty spans are possible. */
export function trimEscapes(text: string, start: number, end: number): [start: number, end: number] {
  let from = start;
  let to = end;
  if (backslashesBefore(text, from) % 2 === 1) from += escapeTail(text, from, to);
  if (backslashesBefore(text, to) % 2 === 1 && text[to - 1] === '\\' && backslashesBefore(text, from) % 2 === 0) to--;
  return [from, Math.max(to, from)];
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (count < 64 && text[at - 1 - count] === '\\') count++;
  return count;
}

/** Length of what follows a backslash at `at`, when that is an escape's letter. */
function escapeTail(text: string, at: number, end: number): number {
  const letter = text[at] ?? '';
  if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return Math.min(5, end - at);
  return 'nrtbfv0"\'\\/`'.includes(letter) && letter !== '' ? 1 : 0;
}
