// One gitignore pattern, compiled. Follows git's `dir.c` and `wildmatch.c`, with two differences on purpose:
// - time is bounded by pattern length times path length, whatever the pattern: greedy stars that go back to the last
//   one only. Patterns come from cloned repositories, and `*a*a*a*a*b` brings expression-based matchers to a halt.
// - with `fold`, case is ignored, also beyond ASCII, and so is Unicode normalisation.
// Names are Latin-1 text of raw bytes, so `?` is one byte, as in git.
import { isSetMember, parseSet } from './glob-set.ts';

/** One character position: a byte, any byte, a set of bytes, or any run of bytes. */
type Piece = number | 'any' | 'star' | Uint8Array;

/** A name between slashes; `globstar` is a `**` that stands alone. */
export type Segment = readonly Piece[] | 'globstar';

export interface Glob {
  /** Began with `!`. */
  readonly negated: boolean;
  /** Ended with `/`. */
  readonly foldersOnly: boolean;
  /** Has no slash, so it is compared with the last name of a path only. */
  readonly nameOnly: boolean;
  readonly segments: readonly Segment[];
}

/**
 * Compiles a pattern: one glob, none when git would find nothing with it (empty, unclosed bracket, lone backslash at the
 * end), or several that are read as one.
 */
export function compileGlob(written: string, fold: boolean): Glob[] {
  const negated = written.startsWith('!');
  let body = toBytes(negated ? written.slice(1) : written, fold);
  const foldersOnly = body.endsWith('/');
  if (foldersOnly) body = body.slice(0, -1);
  const nameOnly = !body.includes('/');
  if (body.startsWith('/')) body = body.slice(1);
  return spellings(body, nameOnly).flatMap((spelling) => {
    const segments = spelling === '' ? undefined : parse(spelling, fold, nameOnly);
    return segments === undefined ? [] : [{ negated, foldersOnly, nameOnly, segments }];
  });
}

/**
 * git compares the plain beginning of a pattern first and reads the rest as a pattern of its own, so stars right after it
 * reach over slashes: `a**\/b` also means `ab`, and `ax/y/b`. The same is said here in patterns without that surprise.
 */
function spellings(body: string, nameOnly: boolean): string[] {
  const [, plain, rest] = /^([^*?[\\]*[^*?[\\/])(\*\*+(?:\\?\/.*)?)$/s.exec(body) ?? [];
  if (nameOnly || plain === undefined || rest === undefined) return [body];
  const after = rest.replace(/^\*+/, '');
  if (after === '') return [`${plain}*`, `${plain}*/**`];
  const inner = after.replace(/^\\?\//, '');
  const joined = /^\*\*+(\\?\/|$)/.test(inner) ? spellings(plain + inner, false) : [plain + inner];
  const none = after.startsWith('/') ? joined : [];
  return [...none, `${plain}*/**/${inner}`];
}

/** Patterns are written as text, names are bytes: brings the first into the form of the second. */
function toBytes(pattern: string, fold: boolean): string {
  return Buffer.from(fold ? pattern.normalize('NFC') : pattern, 'utf8').toString('latin1');
}

/**
 * Brings a name or path into the form that folded patterns are compared with: lower case, NFC.
 * @param path Latin-1 text of raw bytes
 */
export function foldPath(path: string): string {
  if (/^[\0-\x7f]*$/.test(path)) return /[A-Z]/.test(path) ? path.toLowerCase() : path;
  const text = Buffer.from(path, 'latin1').toString('utf8');
  if (text.includes('\ufffd')) return lowerAscii(path);
  return Buffer.from(text.normalize('NFC').toLowerCase(), 'utf8').toString('latin1');
}

const lowerAscii = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

function parse(body: string, fold: boolean, nameOnly: boolean): Segment[] | undefined {
  const segments: Segment[] = [];
  let pieces: Piece[] = [];
  let literal = '';
  const flush = () => {
    for (const byte of fold ? foldPath(literal) : literal) pieces.push(byte.charCodeAt(0));
    literal = '';
  };
  for (let at = 0; at < body.length; at++) {
    let char = body[at] as string;
    const escaped = char === '\\';
    if (escaped) {
      char = body[++at] ?? '';
      if (char === '') return undefined;
      if (char !== '/') {
        literal += char;
        continue;
      }
    }
    if (char === '/') {
      flush();
      // An escaped slash after `**` is one more that must be there: git lets such stars stand for no folder only before a bare one.
      if (isGlobstar(pieces)) segments.push(...(escaped ? [ANY_NAME, 'globstar' as const] : ['globstar' as const]));
      else segments.push(pieces);
      pieces = [];
    } else if (char === '*') {
      flush();
      pieces.push('star');
    } else if (char === '?') {
      flush();
      pieces.push('any');
    } else if (char === '[') {
      flush();
      const set = parseSet(body, at, fold);
      if (set === undefined) return undefined;
      pieces.push(set.members);
      at = set.end;
    } else literal += char;
  }
  flush();
  segments.push(!nameOnly && isGlobstar(pieces) ? 'globstar' : pieces);
  return segments;
}

const ANY_NAME: readonly Piece[] = ['star'];

const isGlobstar = (pieces: readonly Piece[]) => pieces.length >= 2 && pieces.every((piece) => piece === 'star');

/** Does the glob match this path (folded when the glob is)? */
export function matchesGlob(glob: Glob, path: string, isFolder: boolean): boolean {
  if (glob.foldersOnly && !isFolder) return false;
  if (glob.nameOnly) return matchesName(glob.segments[0] as Segment, path.slice(path.lastIndexOf('/') + 1));
  return matchesSegments(glob.segments, namesOf(path));
}

/** One path is compared with many patterns in a row. */
function namesOf(path: string): readonly string[] {
  if (path !== lastPath) {
    lastPath = path;
    lastNames = path.split('/');
  }
  return lastNames;
}

let lastPath = '';
let lastNames: readonly string[] = [''];

/** The same greedy walk as {@link matchesName}, one level up: names instead of bytes, `**` instead of `*`. */
function matchesSegments(pattern: readonly Segment[], names: readonly string[]): boolean {
  // A `**` at the end stands for what is inside, so it needs one name at least; elsewhere it may stand for none.
  if (pattern.at(-1) === 'globstar') return matchesInside(pattern, names);
  let at = 0;
  let name = 0;
  let back = -1;
  let backName = 0;
  while (name < names.length) {
    const segment = pattern[at];
    if (segment === 'globstar') {
      back = at++;
      backName = name;
    } else if (segment !== undefined && matchesName(segment, names[name] as string)) {
      at++;
      name++;
    } else if (back >= 0) {
      at = back + 1;
      name = ++backName;
    } else return false;
  }
  return at === pattern.length;
}

function matchesInside(pattern: readonly Segment[], names: readonly string[]): boolean {
  let end = pattern.length;
  while (end > 0 && pattern[end - 1] === 'globstar') end--;
  if (end === 0) return names.length > 0;
  for (let taken = 1; taken < names.length; taken++) {
    if (matchesSegments(pattern.slice(0, end), names.slice(0, taken))) return true;
  }
  return false;
}

function matchesName(segment: Segment, name: string): boolean {
  if (segment === 'globstar') return true;
  let at = 0;
  let char = 0;
  let back = -1;
  let backChar = 0;
  while (char < name.length) {
    const piece = segment[at];
    if (piece === 'star') {
      back = at++;
      backChar = char;
    } else if (piece !== undefined && matchesPiece(piece, name.charCodeAt(char))) {
      at++;
      char++;
    } else if (back >= 0) {
      at = back + 1;
      char = ++backChar;
    } else return false;
  }
  while (segment[at] === 'star') at++;
  return at === segment.length;
}

function matchesPiece(piece: Piece, byte: number): boolean {
  if (piece === 'any') return true;
  return typeof piece === 'number' ? piece === byte : isSetMember(piece as Uint8Array, byte);
}
