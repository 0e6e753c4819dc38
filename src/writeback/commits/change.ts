// What one changed file of a commit made inside becomes outside. The same rules as for the work tree: secrets come back where
// they stood, what is withheld is not touched, and what would run code on the host later is told.
import { PLACEHOLDER, type Vault } from '../../redact/index.ts';
import { isStub, type PathChange, staysInside } from '../../workspace/index.ts';
import { type Guard, scriptsDiffer } from '../guard.ts';
import { restore } from '../restore.ts';

export interface ChangeRules {
  /** Raw path of the project. */
  root: string;
  vault: Vault;
  foreign: 'leave' | 'restore' | 'ask';
  closed(path: string): boolean;
  guard: Guard;
}

/** A file of the new commit outside: its content, or an id to take over (a submodule), or that it is gone. */
export type Outside = { mode: string; bytes: Buffer } | { mode: string; id: string } | 'remove' | 'leave';

/** Why the commits may not go straight onto the person's branch. */
export interface Doubt {
  path: string;
  code: 'writeback.withheld' | 'writeback.placeholder' | 'writeback.guarded' | 'writeback.outside';
  line?: number;
}

const NOTHING = '000000';
const LINK = '120000';
const SUBMODULE = '160000';

/** Decides on one change; `before` and `after` are the contents inside, where there are any. */
export function outsideOf(
  { path, mode, oldMode, id }: PathChange,
  before: Buffer | undefined,
  after: Buffer | undefined,
  held: ReadonlySet<string>,
  rules: ChangeRules,
): { outside: Outside; doubts: Doubt[] } {
  if (!isSoundPath(path)) return { outside: 'leave', doubts: [{ path, code: 'writeback.outside' }] };
  const withheld = rules.closed(path) || (before !== undefined && isStub(before));
  if (withheld) return { outside: 'leave', doubts: [{ path, code: 'writeback.withheld' }] };
  const guarded: Doubt[] = isGuarded(path, mode, oldMode, before, after, rules.guard)
    ? [{ path, code: 'writeback.guarded' }]
    : [];
  if (mode === NOTHING) return { outside: 'remove', doubts: guarded };
  if (mode === SUBMODULE) return { outside: { mode, id }, doubts: guarded };
  if (after === undefined) return { outside: 'leave', doubts: [{ path, code: 'writeback.outside' }] };
  if (mode === LINK) {
    const stays = staysInside(rules.root, path, after.toString('latin1'));
    if (!stays) return { outside: 'leave', doubts: [{ path, code: 'writeback.outside' }] };
    return { outside: { mode, bytes: after }, doubts: guarded };
  }
  const { bytes, left } = restore(after, { vault: rules.vault, held, path, foreign: rules.foreign });
  const lost = left.map(({ line }): Doubt => ({ path, code: 'writeback.placeholder', line }));
  return { outside: { mode, bytes }, doubts: [...guarded, ...lost] };
}

/** Placeholders that stand in a text. */
export function placeholdersIn(bytes: Buffer | undefined): string[] {
  return bytes === undefined ? [] : [...bytes.toString('latin1').matchAll(PLACEHOLDER)].map(([found]) => found);
}

function isSoundPath(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && name.toLowerCase() !== '.git');
}

function isGuarded(
  path: string,
  mode: string,
  oldMode: string,
  before: Buffer | undefined,
  after: Buffer | undefined,
  guard: Guard,
): boolean {
  if (guard.path(path, false) !== undefined) return true;
  if (mode === LINK && guard.link(path) !== undefined) return true;
  if (mode === '100755' && oldMode !== '100755') return true;
  return /(^|\/)package\.json$/.test(path) && after !== undefined && scriptsDiffer(before, after);
}
