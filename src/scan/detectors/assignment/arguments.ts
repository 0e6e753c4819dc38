// The arguments of a call, as far as a look at the text can tell: split at commas outside quotes and brackets.

export interface Argument {
  /** The text between the quotes when `text`, else the whole argument. */
  start: number;
  end: number;
  /** Nothing but a literal text, perhaps turned into bytes or characters. */
  text: boolean;
}

const LONGEST = 500;
const MOST = 8;
const TEXT =
  /^\s*(?:(?:\[\]byte|Some|String|new String|SecureString|[\w.]{1,30}\.GetBytes)\()?[@bBuUrRL]?(["'`])((?:\\.|(?!\1)[^\n\\])*)\1(?:\)|\.(?:toCharArray|getBytes|to_s|encode|to_string|ToSecureString|into|freeze)\([^()]{0,30}\))?\s*$/;

/** The arguments from `at`, behind the bracket, or behind the space in languages that need none. */
export function argumentsAt(text: string, at: number): Argument[] {
  const all: Argument[] = [];
  const last = Math.min(text.length, at + LONGEST);
  let depth = 0;
  let from = at;
  for (let i = at; i < last && all.length < MOST; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 34 || unit === 39 || unit === 96) {
      i = closing(text, i, last);
      if (i < 0) return all;
    } else if (unit === 40 || unit === 91 || unit === 123) depth++;
    else if (unit === 41 || unit === 93 || unit === 125) {
      if (depth === 0) return add(all, text, from, i);
      depth--;
    } else if (unit === 44 && depth === 0) {
      add(all, text, from, i);
      from = i + 1;
    } else if (unit === 10 && text.charCodeAt(at - 1) === 32 && text.charCodeAt(i - 1) !== 44)
      return add(all, text, from, i);
  }
  return last === text.length ? add(all, text, from, last) : all;
}

function closing(text: string, open: number, last: number): number {
  const quote = text.charCodeAt(open);
  for (let i = open + 1; i < last; i++) {
    const unit = text.charCodeAt(i);
    if (unit === quote) return i;
    if (unit === 10) return -1;
    if (unit === 92) i++;
  }
  return -1;
}

function add(all: Argument[], text: string, from: number, to: number): Argument[] {
  const raw = text.slice(from, to);
  const literal = TEXT.exec(raw);
  if (literal === null) all.push({ start: from, end: to, text: false });
  else {
    const start = from + raw.indexOf(literal[1]!) + 1;
    all.push({ start, end: start + literal[2]!.length, text: true });
  }
  return all;
}
