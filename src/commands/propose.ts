// From what a project holds to a policy file with reasons. Proposes only what the built-in patterns do not say already, and
// only what tightens: such a file counts at once, for everyone, without an approval.
import { basename } from 'node:path';
import type { Survey } from './survey.ts';

export interface Proposal {
  text: string;
}

/** Folders whose names say that what is in them is about people or production. */
const FOLDERS: readonly { names: RegExp; decision: 'hide' | 'ask'; reason: string }[] = [
  { names: /^(backups?|dumps?|db[-_]?dumps?)$/i, decision: 'hide', reason: 'copies of production data' },
  { names: /^(customers?|clients?|patients?|payroll|contracts?)$/i, decision: 'ask', reason: 'may be about people' },
  { names: /^(private|confidential|internal[-_]only)$/i, decision: 'hide', reason: 'named so' },
  { names: /^(exports?|reports?|invoices?)$/i, decision: 'ask', reason: 'may hold business data' },
];

const TABLES = /\.(csv|tsv|xlsx?|parquet|avro|ndjson|jsonl)$/i;
const LARGE_TABLE = 1_000_000;
const DUMP = /\.sql(\.gz)?$/i;
const LARGE_DUMP = 200_000;
const PACKS = /^\.?gitleaks\.toml$|^\.secretlintrc(\.json|\.ya?ml)?$/;

interface Entry {
  decision: 'hide' | 'ask';
  pattern: string;
  reason: string;
}

/** A rule file of the project, and why it cannot be read. */
export interface ProposedPack {
  path: string;
  problem?: string;
}

/** Rule files of other tools at the top of the project. */
export function rulePaths({ paths }: Survey): string[] {
  return paths.map(({ path }) => path).filter((path) => PACKS.test(path));
}

/** Proposes a policy file for a project. */
export function proposePolicy(seen: Survey, packs: readonly ProposedPack[]): Proposal {
  const entries = [...folderEntries(seen), ...tableEntries(seen)];
  return { text: [...HEAD, ...pathLines(entries), ...packLines(packs)].join('\n') };
}

const HEAD = [
  '# yaml-language-server: $schema=./node_modules/sotto/patterns/policy.schema.json',
  '# What of this project may leave when Claude Code runs under sotto. Built-in patterns count as well: sotto policy show --all',
  'version: 1',
  '',
];

function folderEntries({ folders }: Survey): Entry[] {
  return folders.flatMap((path) => {
    const known = FOLDERS.find(({ names }) => names.test(basename(path)));
    // Code has folders of such names, too: only those that hold no code further up its path are meant.
    return known === undefined || /(^|\/)(src|lib|app|test|tests|spec)\//.test(`${path}/`)
      ? []
      : [{ decision: known.decision, pattern: `/${quoteGlob(path)}/`, reason: known.reason }];
  });
}

function tableEntries({ paths }: Survey): Entry[] {
  return paths.flatMap(({ path, bytes }): Entry[] => {
    const pattern = `/${quoteGlob(path)}`;
    if (TABLES.test(path) && bytes > LARGE_TABLE)
      return [{ decision: 'ask', pattern, reason: 'a large table of records' }];
    if (DUMP.test(path) && bytes > LARGE_DUMP)
      return [{ decision: 'hide', pattern, reason: 'looks like a database dump' }];
    return [];
  });
}

const quoteGlob = (path: string) => path.replace(/[\\*?[]/g, '\\$&');

function pathLines(entries: readonly Entry[]): string[] {
  return (['hide', 'ask'] as const).flatMap((decision) => {
    const own = entries.filter((entry) => entry.decision === decision);
    const lines = own.map(({ pattern, reason }) => `  - { pattern: ${quote(pattern)}, reason: ${quote(reason)} }`);
    return own.length === 0 ? [`# ${decision}:`, `#   - ${EXAMPLES[decision]}`, ''] : [`${decision}:`, ...lines, ''];
  });
}

const EXAMPLES = { hide: '/config/production/', ask: "'*.csv'" };

function packLines(packs: readonly ProposedPack[]): string[] {
  if (packs.length === 0) return [];
  const good = packs.filter(({ problem }) => problem === undefined);
  const bad = packs.flatMap(({ path, problem }) =>
    problem === undefined ? [] : [`# not proposed, ${oneLine(path)}: ${oneLine(problem)}`],
  );
  const lines = ['scan:', '  # rules that this project already has', '  packs:'];
  return [...bad, ...(good.length === 0 ? [] : [...lines, ...good.map(({ path }) => `    - ${quote(path)}`)]), ''];
}

/** A comment ends with its line. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ');

/** Any text as a double-quoted YAML scalar, which JSON is. */
const quote = (text: string) => JSON.stringify(text);
