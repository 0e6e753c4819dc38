// `sotto:allow <reason>` in files: which of them hide a finding, for the person who approves them. A comment counts only in a
// content that the person has approved, because whoever writes a file could write the comment.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createPathRules, type Policy } from '../policy/index.ts';
import { createScanner, locate, prepareScanner, type Scanner, walk } from '../scan/index.ts';

/** A file whose comments would hide findings. */
export interface CommentedFile {
  /** Relative to the project. */
  path: string;
  /** SHA-256 (hex) of the file as it was seen. */
  content: string;
  approved: boolean;
  hides: { rule: string; line: number }[];
}

const MARK = Buffer.from('sotto:allow');
/** Larger files are scanned in stretches, where an approval of the whole cannot be told. */
const MAX_BYTES = 16_000_000;

/** Looks at every file that a session would see. */
export async function commentedFiles(policy: Policy): Promise<CommentedFile[]> {
  const scanner = createScanner(await prepareScanner(policy.scan));
  const found: CommentedFile[] = [];
  for await (const { file, path } of walk(policy.root, { want: seen(policy) })) {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) continue;
    const one = commentsIn(scanner, readFileSync(file), path);
    if (one.hides.length > 0) found.push(one);
  }
  return found;
}

function commentsIn(scanner: Scanner, bytes: Buffer, path: string): CommentedFile {
  const content = createHash('sha256').update(bytes).digest('hex');
  if (!bytes.includes(MARK)) return { path, content, approved: false, hides: [] };
  const left = new Set(scanner.scanBytes(bytes, { path, approved: true }).findings.map(({ start }) => start));
  const all = locate(bytes, scanner.scanBytes(bytes, { path, approved: false }).findings);
  const hides = all.filter(({ start }) => !left.has(start)).map(({ rule, line }) => ({ rule, line }));
  return { path, content, approved: scanner.approves(bytes), hides };
}

function seen(policy: Policy): (path: string, isFolder: boolean) => boolean {
  const rules = createPathRules(policy);
  const bulky = new Set([...policy.workspace.overlays, '.git']);
  return (path, isFolder) => {
    if (isFolder && bulky.has(basename(path))) return false;
    const { decision } = rules.decide(Buffer.from(path).toString('latin1'), isFolder);
    return decision !== 'hide' && (isFolder || decision !== 'trust');
  };
}
