// Applies what was held, after the session: each change only where the real tree is as it was when the change was held, and
// secrets are taken from the real file itself.
import { type Anchor, openAnchor } from '../host/index.ts';
import { type HeldFile, type HeldSecret, hashOf, type StoredChange } from './held-file.ts';
import { losesSecret } from './restore.ts';
import { folderOf, prefixesOf, textOf } from './scope.ts';
import { swapFile, swapLink } from './swap.ts';

export interface AppliedHeld {
  path: string;
  why: string;
  /** `stale`: the real tree has moved on; `secret`: a placeholder's secret is not in the real file, or a broken one would take a secret's place. */
  outcome: 'applied' | 'stale' | 'secret';
}

/** A change as a person sees it before saying yes; secrets are placeholders on both sides. */
export interface HeldPreview {
  path: string;
  why: string;
  what: StoredChange['what'];
  before: Buffer;
  after: Buffer;
  mode?: number;
  target?: string;
}

/** Applies changes; those that could not be applied stay in the file that is given back. */
export function applyHeld(
  file: HeldFile,
  picks: (path: string) => boolean,
): { applied: AppliedHeld[]; left: HeldFile } {
  const anchor = openAnchor(file.root);
  try {
    const applied: AppliedHeld[] = [];
    const changes = file.changes.filter((change) => {
      const path = textOf(change.path);
      if (!picks(path)) return true;
      const outcome = applyOne(anchor, change);
      applied.push({ path, why: change.why, outcome });
      return outcome !== 'applied';
    });
    return { applied, left: { ...file, changes } };
  } finally {
    anchor.close();
  }
}

/** What {@link applyHeld} would do, without doing it. */
export function previewHeld(file: HeldFile): HeldPreview[] {
  const anchor = openAnchor(file.root);
  try {
    return file.changes.map((change) => preview(anchor, change));
  } finally {
    anchor.close();
  }
}

function applyOne(anchor: Anchor, change: StoredChange): AppliedHeld['outcome'] {
  const real = anchor.read(change.path);
  if (!isBase(anchor, change, real?.bytes)) return 'stale';
  if (change.what === 'remove') anchor.unlink(change.path);
  else if (change.what === 'mode') anchor.chmod(change.path, (change.mode ?? 0o644) & 0o777);
  else return write(anchor, change, real?.bytes);
  return 'applied';
}

function isBase(anchor: Anchor, { path, base, what }: StoredChange, real: Buffer | undefined): boolean {
  // Content has its own way; only the execute bits waited.
  if (what === 'mode') return real !== undefined;
  if (base.kind === 'file') return real !== undefined && hashOf(real) === base.hash;
  const stats = anchor.look(path);
  if (base.kind === 'absent') return stats === undefined;
  return base.kind === 'link' && stats?.isSymbolicLink() === true && anchor.linkTarget(path) === base.target;
}

function write(anchor: Anchor, change: StoredChange, real: Buffer | undefined): AppliedHeld['outcome'] {
  const { path } = change;
  const input = { anchor, path, expected: anchor.look(path), fsync: true };
  const bytes = change.target === undefined ? restored(change, real) : undefined;
  if (change.target === undefined && bytes === undefined) return 'secret';
  for (const folder of folderOf(path) === '' ? [] : prefixesOf(folderOf(path))) {
    if (anchor.look(folder) === undefined) anchor.mkdir(folder, 0o755);
  }
  const swapped =
    bytes === undefined ? swapLink(input, change.target ?? '') : swapFile(input, bytes, (change.mode ?? 0o644) & 0o777);
  return swapped === 'done' ? 'applied' : 'stale';
}

/** The held content with its secrets, taken from where they stand in the real file. */
function restored({ content = '', secrets = [] }: StoredChange, real: Buffer | undefined): Buffer | undefined {
  let text = Buffer.from(content, 'base64').toString('latin1');
  for (const { placeholder, start, end } of longestFirst(secrets)) {
    if (!text.includes(placeholder)) continue;
    if (start < 0 || real === undefined) return undefined;
    text = text.replaceAll(placeholder, () => real.subarray(start, end).toString('latin1'));
  }
  const bytes = Buffer.from(text, 'latin1');
  return real !== undefined &&
    losesSecret(
      real,
      bytes,
      secrets.flatMap((one) => secretAt(real, one)),
    )
    ? undefined
    : bytes;
}

function secretAt(real: Buffer, { start, end }: HeldSecret): string[] {
  return start < 0 ? [] : [real.subarray(start, end).toString('latin1')];
}

/** A placeholder of 16 digits begins like one of 8. */
function longestFirst(secrets: readonly HeldSecret[]): HeldSecret[] {
  return [...secrets].sort((a, b) => b.placeholder.length - a.placeholder.length);
}

function preview(anchor: Anchor, change: StoredChange): HeldPreview {
  const { path, why, what, mode, target } = change;
  const real = anchor.read(path)?.bytes;
  const known = real !== undefined && isBase(anchor, change, real);
  return {
    path: textOf(path),
    why,
    what,
    // Of a real file that has moved on nothing is shown: where its secrets stand is not known.
    before: known ? masked(real, change.secrets ?? []) : Buffer.alloc(0),
    after: Buffer.from(change.content ?? '', 'base64'),
    ...(mode === undefined ? {} : { mode }),
    ...(target === undefined ? {} : { target }),
  };
}

/** The real content with a placeholder wherever one of the known secrets stands. */
function masked(real: Buffer, secrets: readonly HeldSecret[]): Buffer {
  let text = real.toString('latin1');
  for (const { placeholder, start, end } of secrets) {
    if (start >= 0) text = text.replaceAll(real.subarray(start, end).toString('latin1'), () => placeholder);
  }
  return Buffer.from(text, 'latin1');
}
