// The bracket expression of a glob, `[a-z]`, `[!0-9_]`, `[[:alpha:]]`, read as git's `wildmatch.c` reads it: a `]` right
// after the opening is a member, `\` quotes, an unclosed bracket or an unknown class makes the whole pattern match nothing.

const SLASH = 47;

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  // git's own ctype counts \v and \f as control characters
  space: /[ \t\n\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** Reads the bracket expression that opens at `start`; `end` is the place of its closing bracket. */
export function parseSet(
  pattern: string,
  start: number,
  fold: boolean,
): { members: Uint8Array; end: number } | undefined {
  const members = new Uint8Array(256);
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^';
  let at = start + (negated ? 2 : 1);
  let previous = -1;
  do {
    let byte = pattern.charCodeAt(at);
    if (Number.isNaN(byte)) return undefined;
    if (pattern[at] === '\\') {
      byte = pattern.charCodeAt(++at);
      if (Number.isNaN(byte)) return undefined;
      members[byte] = 1;
    } else if (pattern[at] === '-' && previous >= 0 && pattern[at + 1] !== undefined && pattern[at + 1] !== ']') {
      if (pattern[++at] === '\\') at++;
      byte = pattern.charCodeAt(at);
      if (Number.isNaN(byte)) return undefined;
      for (let member = previous; member <= byte; member++) members[member] = 1;
      byte = -1;
    } else if (pattern.startsWith('[:', at)) {
      const close = pattern.indexOf(']', at + 2);
      if (close < 0) return undefined;
      if (close > at + 2 && pattern[close - 1] === ':') {
        const named = CLASSES[pattern.slice(at + 2, close - 1)];
        if (named === undefined) return undefined;
        for (let member = 0; member < 128; member++) if (named.test(String.fromCharCode(member))) members[member] = 1;
        at = close;
        byte = -1;
      } else members[byte] = 1;
    } else members[byte] = 1;
    previous = byte;
    at++;
  } while (pattern[at] !== ']');
  if (fold) foldMembers(members);
  if (negated) for (let member = 0; member < 256; member++) members[member] = members[member] === 1 ? 0 : 1;
  members[SLASH] = 0;
  return { members, end: at };
}

function foldMembers(members: Uint8Array): void {
  for (let upper = 65; upper <= 90; upper++) {
    if (members[upper] === 1 || members[upper + 32] === 1) members[upper] = members[upper + 32] = 1;
  }
}

export const isSetMember = (members: Uint8Array, byte: number): boolean => members[byte] === 1;
