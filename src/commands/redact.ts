// `sotto redact SRC DST`: a redacted copy of a tree on disk, as a session would see it. Made for measurements and for handing
// a tree to somebody else; a session has its own copy in memory (workspace/). The vault dies with the command: this copy
// cannot be restored.
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { escapeForTerminal, type HostEnvironment } from '../host/index.ts';
import { createPathRules, type Decision, loadPolicy, type Policy } from '../policy/index.ts';
import { createVault, redactSettled, type Vault } from '../redact/index.ts';
import { type ContentKind, createScanner, prepareScanner, type Scanner, walk } from '../scan/index.ts';
import { type Io, processIo } from './io.ts';

export interface RedactOptions {
  /** Redact every text file; no path rules, nothing left out. */
  allText?: boolean;
  personalData?: boolean;
}

export function redactCommand(host: HostEnvironment): Command {
  return new Command('redact')
    .description('make a redacted copy of a tree; hidden files are left out')
    .argument('<source>', 'folder to copy')
    .argument('<target>', 'folder to make')
    .option('--all-text', 'redact every text file, without path rules')
    .option('--personal-data', 'look for personal data as well')
    .action(async (source: string, target: string, options: RedactOptions) => {
      process.exitCode = await redact(host, source, target, options, processIo);
    });
}

type Host = Pick<HostEnvironment, 'cwd' | 'home' | 'variables'>;

/** Runs the verb; gives its exit status. @throws Refusal `policy.*`, `scan.*` */
export async function redact(
  host: Host,
  source: string,
  target: string,
  options: RedactOptions,
  io: Io,
): Promise<number> {
  const root = resolve(host.cwd, source);
  const policy = options.allText === true ? undefined : await policyOf(host, root);
  const scan = policy?.scan ?? { packs: [], allow: [], personalData: false };
  const personalData = scan.personalData || options.personalData === true;
  const copy: Copy = {
    scanner: createScanner(await prepareScanner({ packs: scan.packs, allow: scan.allow, personalData })),
    vault: createVault(),
    binaries: policy?.scan.binaries,
    counts: new Map(),
    left: [],
    files: 0,
  };
  for await (const { file, path } of walk(root, { want: wants(policy, copy.left) })) {
    const bytes = await readFile(file);
    const redacted = redactFile(copy, path, bytes);
    if (redacted !== undefined) await write(resolve(host.cwd, target, path), redacted, (await lstat(file)).mode);
  }
  for (const line of summary(copy)) io.out(`${line}\n`);
  return 0;
}

interface Copy {
  scanner: Scanner;
  vault: Vault;
  /** What policy says of content that is no text; all of it is copied when absent. */
  binaries: Policy['scan']['binaries'] | undefined;
  counts: Map<string, number>;
  left: string[];
  files: number;
}

async function policyOf(host: Host, root: string): Promise<Policy> {
  await mustExist(root);
  return loadPolicy({ root, home: host.home, env: host.variables });
}

async function mustExist(root: string): Promise<void> {
  // The walk refuses with the right sentence when there is nothing at `root`.
  for await (const _ of walk(root)) return;
}

/** Hidden and asked-for paths are left out, and with a policy `.git` too: it holds every version of every file. */
function wants(policy: Policy | undefined, left: string[]): (path: string, isFolder: boolean) => boolean {
  if (policy === undefined) return () => true;
  const rules = createPathRules(policy);
  return (path, isFolder) => {
    const { decision } = rules.decide(Buffer.from(path).toString('latin1'), isFolder);
    const out = decision === 'hide' || (decision === 'ask' && !isFolder) || (isFolder && /(?:^|\/)\.git$/.test(path));
    if (out) left.push(path);
    return !out;
  };
}

const KINDS = {
  image: 'images',
  archive: 'archives',
  database: 'databases',
  keystore: 'keystores',
  dump: 'dumps',
  other: 'other',
} as const satisfies Record<Exclude<ContentKind, 'text'>, string>;

/** The bytes for the copy; undefined when policy leaves such content out. Binaries are never changed. */
function redactFile(copy: Copy, path: string, bytes: Buffer): Uint8Array | undefined {
  const { kind, findings } = copy.scanner.scanBytes(bytes, { path });
  if (kind !== 'text') {
    const decision: Decision = copy.binaries?.[KINDS[kind]] ?? 'trust';
    if (decision === 'trust' || decision === 'redact') return bytes;
    copy.left.push(path);
    return undefined;
  }
  copy.files++;
  for (const { rule } of findings) copy.counts.set(rule, (copy.counts.get(rule) ?? 0) + 1);
  const approved = copy.scanner.approves(bytes);
  const look = (now: Uint8Array) =>
    now === bytes ? findings : copy.scanner.scanBytes(now, { path, approved }).findings;
  return redactSettled(bytes, look, (rule, secret) => copy.vault.place(rule, secret, path));
}

async function write(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes, { mode: mode & 0o777 });
}

function summary({ counts, left, files }: Copy): string[] {
  const byRule = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const found = byRule.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...byRule.map(([rule, count]) => `${String(count).padStart(7)}  ${rule}`),
    ...left.map((path) => `left out: ${escapeForTerminal(path)}`),
    `${found} findings in ${files} text files, ${left.length} left out`,
  ];
}
