// Exceptions as rule files of other tools write them: expressions over the path, the secret, the match or the line, and words.
// Plain data, compiled where it is first asked.

/** An expression in JavaScript syntax over bytes. */
export interface Expression {
  source: string;
  flags: string;
}

export interface Exception {
  /** Rule ids; `secretlint.*` stands for all that begin so. All rules of its pack when absent. */
  rules?: readonly string[];
  /** Every condition must hold, not just one. */
  all: boolean;
  paths: readonly Expression[];
  regexes: readonly Expression[];
  target: 'secret' | 'match' | 'line';
  /** In lower case; one of them in the secret is enough. */
  words: readonly string[];
  /** What secretlint calls the kind of its report. */
  messages?: readonly string[];
}

/** What a rule of another tool demands beyond its expression. */
export interface Conditions {
  /** Only in files whose path this matches. */
  path?: Expression;
  /** One of these stands somewhere in the file; in lower case. */
  inFile: readonly string[];
  /** The expression as translated, for exceptions that look at the whole match. */
  match: Expression;
  exceptions: readonly Exception[];
}

/** A finding as exceptions look at it; `text` is the Latin-1 text of the file. */
export interface Place {
  rule: string;
  start: number;
  end: number;
  text: string;
  path: string;
  message?: string;
}

/** Bytes round a secret in which its match is looked for again, and of a line that are looked at. */
const AROUND = 4096;

/** Whether the conditions of a rule hold at a place. */
export function meets(conditions: Conditions, place: Place): boolean {
  if (conditions.path !== undefined && !compile(conditions.path).test(place.path)) return false;
  if (conditions.inFile.length > 0 && !holdsOne(place.text, conditions.inFile)) return false;
  return !conditions.exceptions.some((exception) => excepts(exception, place, conditions.match));
}

/** Whether an exception takes a finding out. */
export function excepts(exception: Exception, place: Place, match?: Expression): boolean {
  if (exception.rules !== undefined && !exception.rules.some((rule) => names(rule, place.rule))) return false;
  if (exception.messages !== undefined) return exception.messages.includes(place.message ?? '');
  const secret = place.text.slice(place.start, place.end);
  const verdicts: boolean[] = [];
  if (exception.paths.length > 0) verdicts.push(exception.paths.some((one) => compile(one).test(place.path)));
  if (exception.regexes.length > 0) {
    const target = targetOf(exception.target, place, secret, match);
    verdicts.push(exception.regexes.some((one) => compile(one).test(target)));
  }
  if (exception.words.length > 0) verdicts.push(exception.words.some((word) => secret.toLowerCase().includes(word)));
  // An exception that names nothing but rules takes out whatever they find.
  if (verdicts.length === 0) return exception.rules !== undefined;
  return exception.all ? verdicts.every(Boolean) : verdicts.some(Boolean);
}

function names(pattern: string, rule: string): boolean {
  return pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : pattern === rule;
}

function targetOf(target: Exception['target'], place: Place, secret: string, match: Expression | undefined): string {
  if (target === 'secret') return secret;
  const { text, start, end } = place;
  if (target === 'line') {
    const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - AROUND);
    const to = text.indexOf('\n', end);
    return text.slice(from, Math.min(to < 0 ? text.length : to, end + AROUND));
  }
  const from = Math.max(start - AROUND, 0);
  for (const found of match === undefined ? [] : text.slice(from, end + AROUND).matchAll(compile(match, 'g'))) {
    const begin = from + found.index;
    if (begin <= start && begin + found[0].length >= end) return found[0];
  }
  return secret;
}

const compiled = new Map<string, RegExp>();

function compile({ source, flags }: Expression, more = ''): RegExp {
  const key = `${flags}${more}/${source}`;
  const known = compiled.get(key) ?? new RegExp(source, flags + more);
  compiled.set(key, known);
  return known;
}

/** A file is asked for the words of many rules: its text in lower case is made once. */
let last = { text: '', lower: '' };

function holdsOne(text: string, words: readonly string[]): boolean {
  if (last.text !== text) last = { text, lower: text.toLowerCase() };
  last.text = text;
  return words.some((word) => last.lower.includes(word));
}
