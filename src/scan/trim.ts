// The ends of a secret in source text: a placeholder must never break an escape (`\n`, `\"`, `\u0041`) of the string that
// holds it, so a span that begins or ends inside one gives that piece back to the text.

/** The span without pieces of escapes at its ends; empty spans are possible. */
export function trimEscapes(text: string, start: number, end: number): [start: number, end: number] {
  const from = Math.min(escapeEnd(text, start), end);
  const cut = end > from && backslashesBefore(text, end) % 2 === 1;
  return [from, cut ? end - 1 : end];
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (count < 64 && text[at - 1 - count] === '\\') count++;
  return count;
}

/** Where the escape ends that `at` stands inside; `at` when it stands in none. */
function escapeEnd(text: string, at: number): number {
  if (backslashesBefore(text, at) % 2 === 1) {
    const letter = text[at] ?? '';
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return at + 5;
    return letter !== '' && 'nrtbfv0"\'\\/`'.includes(letter) ? at + 1 : at;
  }
  const unicode = /\\u([0-9a-fA-F]{0,3})$/.exec(text.slice(Math.max(at - 6, 0), at));
  if (unicode === null || backslashesBefore(text, at - unicode[1]!.length - 1) % 2 === 0) return at;
  const digits = at - unicode[1]!.length;
  return /^[0-9a-fA-F]{4}$/.test(text.slice(digits, digits + 4)) ? digits + 4 : at;
}
