// Passwords in columns: a heading names the column (the list of an SQL insert, the first line of a CSV file, the head of a table in
// Markdown), and the rows below hold the values.
import { keyKind } from './assignment/key-name.ts';
import { isPlaceholder, isReference, isStandIn, strengthOf } from './assignment/literal.ts';
import { placeOf } from './assignment/place.ts';
import type { Detected, Detector } from './detector.ts';
import { lineEnd } from './lines.ts';

const RULE = 'generic.column';
/** So much of a text is read for one heading, and so many rows. */
const LOOK = 32_768;
const ROWS = 400;
/** A heading is no longer on either side of the keyword. */
const HEADING = 400;

const INSERT = /insert\s+(?:ignore\s+)?into\s+[`"[\]\w.]{1,80}\s*\(([^()]{3,1500})\)\s*values\s*/iy;
const BAR = /^[ \t]*\|?[ \t]*:?-{2,}/;

export const columns: Detector = {
  rules: { [RULE]: 'value in a column that is named after a password, token or key' },
  keywords: [
    'insert into ',
    'insert ignore into ',
    'password',
    'passwd',
    'passphrase',
    '|pass',
    '| pass',
    ',pass',
    '|secret',
    '| secret',
    'api_key',
    'apikey',
    '| token',
    ',token',
    ',secret',
  ],
  detect(text, at, path, found) {
    const insert = /[iI]/.test(text.charAt(at)) ? undefined : startOfInsert(text, at);
    if (insert !== undefined) return ofInsert(text, insert, path, found) ?? at + 1;
    const near = text.slice(Math.max(0, at - HEADING), at);
    const start = at - near.length + near.lastIndexOf('\n') + 1;
    const end = text.slice(at, at + HEADING).indexOf('\n') + at;
    if (end < at) return at + 1;
    const line = text.slice(start, end);
    const cut = line.includes('|') && BAR.test(text.slice(end + 1, end + 40)) ? '|' : separatorOf(line, path);
    if (cut === undefined) return at + 1;
    return ofRows(text, line.split(cut), end + 1, cut, path, found);
  },
};

/** `at` is the offset of the keyword's last byte. */
function startOfInsert(text: string, at: number): number | undefined {
  const from = text.slice(Math.max(0, at - 20), at + 1).search(/insert (?:ignore )?into $/i);
  return from < 0 ? undefined : Math.max(0, at - 20) + from;
}

/** The values of the named columns in each row of an insert. */
function ofInsert(text: string, at: number, path: string, found: (secret: Detected) => void): number | undefined {
  INSERT.lastIndex = at;
  const head = INSERT.exec(text);
  if (head === null) return undefined;
  const wanted = wantedOf(head[1]!.split(','));
  if (wanted.size === 0) return undefined;
  let from = INSERT.lastIndex;
  const last = Math.min(text.length, from + LOOK);
  for (let row = 0; row < ROWS && text.charAt(from) === '('; row++) {
    const cells = cellsOf(text, from + 1, last);
    if (cells === undefined) break;
    for (const [index, name] of wanted) take(text, cells.spans[index], name, path, found);
    from = cells.end + 1;
    while (from < last && /[\s,]/.test(text.charAt(from))) from++;
  }
  return from;
}

type Span = readonly [start: number, end: number];

/** The quoted cells of a row in brackets; a cell without quotes is empty. */
function cellsOf(text: string, from: number, last: number): { spans: (Span | undefined)[]; end: number } | undefined {
  const spans: (Span | undefined)[] = [];
  let cell: Span | undefined;
  let depth = 0;
  for (let at = from; at < last; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 39 || unit === 34) {
      const end = endOfText(text, at, last);
      if (end < 0) return undefined;
      cell ??= [at + 1, end];
      at = end;
    } else if (unit === 40) depth++;
    else if (unit === 41 && depth-- === 0) return { spans: [...spans, cell], end: at };
    else if (unit === 44 && depth === 0) {
      spans.push(cell);
      cell = undefined;
    }
  }
  return undefined;
}

function endOfText(text: string, open: number, last: number): number {
  const quote = text.charCodeAt(open);
  for (let at = open + 1; at < last; at++) {
    if (text.charCodeAt(at) === 92) at++;
    else if (text.charCodeAt(at) === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at;
      at++;
    }
  }
  return -1;
}

/** What divides the columns of a heading, or undefined when the line is none. */
function separatorOf(line: string, path: string): string | undefined {
  if (/\.tsv$/i.test(path)) return '\t';
  if (!/\.(?:csv|txt|psv)$/i.test(path)) return undefined;
  const cut = [',', ';', '\t', '|'].find((one) => line.split(one).length > 1);
  const heading =
    cut !== undefined && line.split(cut).every((cell) => /^\s*["']?[A-Za-z][\w .()-]{0,30}["']?\s*$/.test(cell));
  return heading ? cut : undefined;
}

function ofRows(
  text: string,
  names: string[],
  from: number,
  cut: string,
  path: string,
  found: (secret: Detected) => void,
): number {
  const wanted = wantedOf(names.map((name) => name.trim().replace(/^[*_"'`]+|[*_"'`]+$/g, '')));
  if (wanted.size === 0) return from;
  let at = from;
  for (let row = 0; row < ROWS && at < text.length && at - from < LOOK; row++) {
    const end = lineEnd(text, at);
    const cells = text.slice(at, end).split(cut);
    if (cells.length < 2) break;
    let start = at;
    cells.forEach((cell, index) => {
      const name = wanted.get(index);
      const lead = cell.search(/[^\s"'`*]/);
      if (name !== undefined && lead >= 0)
        take(text, [start + lead, start + cell.replace(/[\s"'`*]+$/, '').length], name, path, found);
      start += cell.length + 1;
    });
    at = end + 1;
  }
  return at;
}

/** The columns that are named after a secret, by index. */
function wantedOf(names: readonly string[]): Map<number, string> {
  const wanted = new Map<number, string>();
  names.forEach((name, index) => {
    const plain = name.replace(/[`"'[\]\s]/g, '');
    const kind = keyKind(plain);
    if (kind !== undefined && (kind !== 'key' || /salt$/i.test(plain))) wanted.set(index, kind);
  });
  return wanted;
}

function take(
  text: string,
  span: Span | undefined,
  kind: string,
  path: string,
  found: (secret: Detected) => void,
): void {
  if (span === undefined) return;
  const [start, end] = span;
  const value = text.slice(start, end);
  const strength = strengthOf(value);
  if (strength === undefined || strength === 'phrase' || isStandIn(value) || isReference(value) || isPlaceholder(value))
    return;
  const strong =
    strength === 'random' ||
    (kind === 'password' && (strength === 'odd' || (strength === 'mixed' && /\d/.test(value))));
  const chosen = kind === 'password' && !placeOf(path).fixture && /\d$|^[a-z]{5,}$/.test(value);
  if (strong || chosen) found({ rule: RULE, start, end, confidence: 'likely' });
}
