// Who the person is, in what the client writes about its surroundings: user name, host name, home folder, name and
// address of git, kernel version. Replaced by the same plain words for everybody, not by placeholders: these words stand
// in paths too, and a placeholder in the vault would be found again in paths that tools must be able to open.
import type { Policy } from '../policy/index.ts';
import type { TextEdit } from './splice.ts';

/** One thing that names the person or the machine. */
export interface IdentityTerm {
  kind: 'user' | 'host' | 'home' | 'name' | 'email';
  value: string;
}

export interface IdentityText {
  /**
   * Replacements in a text, sorted and apart.
   * @param about the text is the client's own, about its surroundings; elsewhere only addresses are replaced
   */
  edits(text: string, about: boolean): TextEdit[];
}

const WORDS: Record<IdentityTerm['kind'], string> = {
  user: 'user',
  host: 'host',
  home: '/home/user',
  name: 'A. User',
  email: 'user@example.com',
};

/** Names that many machines have tell nobody apart, and stand everywhere. */
const COMMON = new Set([
  'root',
  'user',
  'admin',
  'ubuntu',
  'debian',
  'node',
  'test',
  'dev',
  'home',
  'localhost',
  'runner',
]);
const LEAST = 3;
const KERNEL = /(?<=^ *-? ?OS Version: \w+) [^\n]+/gm;

/** @param root real path of the project: every path in it must stay true, tools are called with it */
export function createIdentityText(
  mode: Policy['identity'],
  terms: readonly IdentityTerm[],
  root: string,
): IdentityText {
  if (mode === 'keep') return { edits: () => [] };
  const used = terms
    .filter(({ value }) => value.length >= LEAST && !COMMON.has(value.toLowerCase()))
    // A longer one first: a name may be part of an address, a user name part of the home folder.
    .toSorted((a, b) => b.value.length - a.value.length);
  return {
    edits(text, about) {
      const edits: TextEdit[] = [];
      for (const { kind, value } of used) {
        if (!about && kind !== 'email') continue;
        for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
          if (stands(kind, text, at, at + value.length, root))
            add(edits, { start: at, end: at + value.length, text: WORDS[kind] });
        }
      }
      if (about) {
        for (const match of text.matchAll(KERNEL))
          add(edits, { start: match.index, end: match.index + match[0].length, text: '' });
      }
      return edits.sort((a, b) => a.start - b.start);
    },
  };
}

function add(edits: TextEdit[], edit: TextEdit): void {
  if (!edits.some((other) => edit.start < other.end && other.start < edit.end)) edits.push(edit);
}

/** A word of its own; a name inside a path, and the home folder at the start of the project's own path, stay. */
function stands(kind: IdentityTerm['kind'], text: string, start: number, end: number, root: string): boolean {
  if (/[\p{L}\p{N}_]/u.test(text[start - 1] ?? '') || /[\p{L}\p{N}_]/u.test(text[end] ?? '')) return false;
  if (kind === 'home') return !isBelow(text, start, root);
  if (kind === 'email') return true;
  return text[start - 1] !== '/' && text[end] !== '/';
}

function isBelow(text: string, start: number, root: string): boolean {
  return text.startsWith(root, start) && !/[\p{L}\p{N}_.-]/u.test(text[start + root.length] ?? '');
}
