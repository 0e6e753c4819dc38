// What teams already wrote for other tools is read as hide: ignore files, also in folders below, and the
// `permissions.deny` rules of Claude Code's settings.
import { type Dirent, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { readClaudeDenyRules } from './claude-settings.ts';
import type { PolicyValues } from './defaults.ts';
import { readFileText } from './file-text.ts';
import type { PathRule } from './policy.ts';

/** Of all ignore files together; every path is compared with them. */
const MAX_PATTERNS = 20_000;

export interface ForeignInput {
  /** Real path of the project. */
  root: string;
  home: string;
  systemFolder?: string;
  read: PolicyValues['read'];
  /** Do the project's own files count? */
  project: boolean;
  /** Names of folders that are not searched for ignore files. */
  overlays: readonly string[];
}

/** Reads the rules of other tools. @throws Refusal `policy.unreadable`, `policy.too-big` */
export async function readForeignRules(input: ForeignInput): Promise<PathRule[]> {
  const denied = input.read.permissions ? await readClaudeDenyRules(input) : [];
  const names = new Set(
    Object.entries(input.read)
      .filter(([key, on]) => on && key !== 'permissions')
      .map(([key]) => `.${key}`),
  );
  if (!input.project || names.size === 0) return denied;
  const files = findFiles(input.root, names, new Set([...input.overlays, '.git']));
  const rules: PathRule[] = [];
  for (const file of files) {
    rules.push(...(await readIgnoreFile(input.root, file)));
    if (rules.length > MAX_PATTERNS) throw new Refusal('policy.too-many', { file, limit: MAX_PATTERNS });
  }
  return [...rules, ...denied];
}

/** Files of these names in a tree, folders before what is in them; Latin-1 paths relative to the root. */
function findFiles(root: string, names: ReadonlySet<string>, skipped: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const waiting = [''];
  for (const folder of waiting) {
    for (const entry of entriesOf(root, folder)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) waiting.push(path);
      } else if (names.has(entry.name)) found.push(path);
    }
  }
  return found;
}

function entriesOf(root: string, folder: string): Dirent[] {
  try {
    return readdirSync(toPath(root, folder), { withFileTypes: true, encoding: 'latin1' });
  } catch {
    // A folder that cannot be listed cannot be copied either: the workspace reports it.
    return [];
  }
}

/** The real path behind a Latin-1 path. */
const toPath = (root: string, path: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);

async function readIgnoreFile(root: string, path: string): Promise<PathRule[]> {
  const shown = Buffer.from(path, 'latin1').toString();
  const text = await readFileText(toPath(root, path), shown, { within: root });
  const base = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return parseIgnoreFile(text ?? '').map(({ pattern, line }) => ({
    pattern,
    decision: 'hide',
    source: `${shown}:${line}`,
    base,
    // Files of one kind are one list, as with .gitignore: a deeper one may take back what one above it says.
    list: basename(path),
  }));
}

/** The patterns of a file in .gitignore format, with their lines. */
export function parseIgnoreFile(text: string): { pattern: string; line: number }[] {
  return text
    .split('\n')
    .map((written, at) => ({ pattern: trimLine(written), line: at + 1 }))
    .filter(({ pattern }) => pattern !== '' && !pattern.startsWith('#'));
}

/** Trailing spaces do not count unless quoted by a backslash. */
function trimLine(written: string): string {
  const line = written.endsWith('\r') ? written.slice(0, -1) : written;
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ' && !isQuoted(line, end - 1)) end--;
  return line.slice(0, end);
}

function isQuoted(line: string, at: number): boolean {
  let backslashes = 0;
  while (line[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
