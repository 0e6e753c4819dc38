// `sotto scan [paths]`: which secrets stand in these files. Path rules do not hide anything here: who scans wants to see.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { createPaint, type HostEnvironment, type Paint, packageVersion } from '../host/index.ts';
import { createPathRules, loadPolicy, type Policy } from '../policy/index.ts';
import { annotations, sarif, scanForTerminal, scanJson } from '../report/index.ts';
import {
  describeRules,
  isAllowedInline,
  type LocatedFinding,
  prepareScanner,
  scanTree,
  type TreeReport,
} from '../scan/index.ts';
import { type ReadScanned, withoutKnown, writeBaseline } from './baseline.ts';
import { type Io, processIo } from './io.ts';
import { scanStaged } from './scan-staged.ts';

const FORMATS = ['human', 'json', 'sarif', 'github'] as const;

export interface ScanOptions {
  format: (typeof FORMATS)[number];
  staged?: boolean;
  /** `sotto:allow` in any file counts. */
  allowComments?: boolean;
  /** Findings that this file knows do not count. */
  baseline?: string;
  /** Where to write all findings down as known. */
  writeBaseline?: string;
}

export function scanCommand(host: HostEnvironment): Command {
  return new Command('scan')
    .description('find secrets in files and folders; exit status 0: none, 1: some, 2: could not look')
    .argument('[paths...]', 'files and folders; this folder when absent')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('human'))
    .option('--staged', 'what git has staged for the next commit, for a pre-commit hook')
    .option('--allow-comments', 'let sotto:allow in any file count, not only where it was approved with sotto trust')
    .option('--baseline <file>', 'leave out the findings that this file knows')
    .option('--write-baseline <file>', 'write the findings down as known; exit status 0')
    .action(async (paths: string[], options: ScanOptions) => {
      process.exitCode = await scan(host, paths, options, processIo, createPaint(process.stdout, host.variables));
    });
}

type Host = Pick<HostEnvironment, 'cwd' | 'home' | 'variables'>;

/** Runs the verb; gives its exit status. @throws Refusal `policy.*`, `scan.*` */
export async function scan(
  host: Host,
  paths: readonly string[],
  options: ScanOptions,
  io: Io,
  paint: Paint,
): Promise<number> {
  const policy = await loadPolicy({ root: host.cwd, home: host.home, env: host.variables });
  const { report, read } = await look(host, policy, paths, options, io);
  if (options.writeBaseline !== undefined) {
    writeBaseline(report, resolve(host.cwd, options.writeBaseline), read);
    io.err(`${count(report)} findings written down as known\n`);
    return 0;
  }
  const left =
    options.baseline === undefined ? report : withoutKnown(report, resolve(host.cwd, options.baseline), read);
  io.out(await print(left, options.format, policy, paint));
  if (options.format === 'human')
    for (const line of hints(left, count(report) - count(left), read)) io.err(`${line}\n`);
  if (count(left) > 0) return 1;
  // What could not be read was not looked at: no check may pass on it.
  return left.files.some(({ unreadable }) => unreadable === true) ? 2 : 0;
}

interface Looked {
  report: TreeReport;
  read: ReadScanned;
}

async function look(
  host: Host,
  policy: Policy,
  paths: readonly string[],
  options: ScanOptions,
  io: Io,
): Promise<Looked> {
  const prepared = await prepareScanner(policy.scan);
  if (options.staged === true) return scanStaged(host, prepared, { approved: options.allowComments === true });
  const want = wants(policy);
  const roots = rootsOf(host.cwd, paths);
  const report = await scanTree({ prepared, roots, base: policy.root, want, ...progress(io) });
  io.err(clearLine(io));
  const read: ReadScanned = (path) => bytesOf(join(policy.root, path));
  return { report: options.allowComments === true ? withoutAllowed(report, read) : report, read };
}

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // gone since it was scanned: nothing is known of it
    return undefined;
  }
}

function withoutAllowed(report: TreeReport, read: ReadScanned): TreeReport {
  const files = report.files.map((one) => ({ ...one, findings: one.findings.filter(isNotAllowed(read(one.path))) }));
  return { ...report, files: files.filter(({ findings, unreadable }) => findings.length > 0 || unreadable === true) };
}

function isNotAllowed(bytes: Uint8Array | undefined): (finding: LocatedFinding) => boolean {
  const text = Buffer.from(bytes ?? []).toString('latin1');
  return text.includes('sotto:allow') ? ({ start }) => !isAllowedInline(text, start) : () => true;
}

/** What else a person may want to know, on standard error. */
function hints(report: TreeReport, known: number, read: ReadScanned): string[] {
  const waiting = count(report) - count(withoutAllowed(report, read));
  return [
    ...(known > 0 ? [`${known} more are in the baseline`] : []),
    ...(waiting > 0
      ? [`hint: ${waiting} stand beside sotto:allow, which counts after \`sotto trust\`, or with --allow-comments`]
      : []),
  ];
}

function count(report: TreeReport): number {
  return report.files.reduce((sum, { findings }) => sum + findings.length, 0);
}

function rootsOf(cwd: string, paths: readonly string[]): string[] {
  return (paths.length === 0 ? ['.'] : paths).map((path) => resolve(cwd, path));
}

/** Git's own folders, bulky folders and what policy trusts are not looked at. */
function wants(policy: Policy): (path: string, isFolder: boolean) => boolean {
  const rules = createPathRules(policy);
  const bulky = new Set(policy.workspace.overlays);
  return (path, isFolder) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (isFolder && (name === '.git' || bulky.has(name))) return false;
    return path.startsWith('..') || rules.decide(Buffer.from(path).toString('latin1'), isFolder).decision !== 'trust';
  };
}

async function print(report: TreeReport, format: ScanOptions['format'], policy: Policy, paint: Paint): Promise<string> {
  if (format === 'json') return scanJson(report);
  if (format === 'github') return annotations(report);
  if (format === 'sarif') return sarif(report, packageVersion(), await describeRules(policy.scan.packs));
  return scanForTerminal(report, paint);
}

/** Progress on a terminal, a few times a second. */
function progress(io: Io): { onProgress?: (done: { files: number; findings: number }) => void } {
  if (!io.terminal) return {};
  let last = 0;
  return {
    onProgress({ files, findings }) {
      const now = Date.now();
      if (now - last < 200) return;
      last = now;
      io.err(`\r${files} files, ${findings} findings`);
    },
  };
}

function clearLine(io: Io): string {
  return io.terminal ? '\r\x1b[K' : '';
}
