// `sotto scan [paths]`: which secrets stand in these files. Path rules do not hide anything here: who scans wants to see.
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { createPaint, type HostEnvironment, type Paint, packageVersion } from '../host/index.ts';
import { createPathRules, loadPolicy, type Policy } from '../policy/index.ts';
import { sarif, scanForTerminal, scanJson } from '../report/index.ts';
import { prepareScanner, scanTree, type TreeReport } from '../scan/index.ts';
import { type Io, processIo } from './io.ts';
import { scanStaged } from './scan-staged.ts';

export interface ScanOptions {
  format: 'human' | 'json' | 'sarif';
  staged?: boolean;
}

export function scanCommand(host: HostEnvironment): Command {
  return new Command('scan')
    .description('find secrets in files and folders; exit status 0: none, 1: some, 2: bad usage')
    .argument('[paths...]', 'files and folders; this folder when absent')
    .addOption(new Option('--format <format>', 'how to print').choices(['human', 'json', 'sarif']).default('human'))
    .option('--staged', 'what git has staged for the next commit, for a pre-commit hook')
    .action(async (paths: string[], options: ScanOptions) => {
      process.exitCode = await scan(host, paths, options, processIo, createPaint(process.stdout, host.variables));
    });
}

/** Runs the verb; gives its exit status. @throws Refusal `policy.*`, `scan.*` */
export async function scan(
  host: Pick<HostEnvironment, 'cwd' | 'home' | 'variables'>,
  paths: readonly string[],
  options: ScanOptions,
  io: Io,
  paint: Paint,
): Promise<number> {
  const policy = await loadPolicy({ root: host.cwd, home: host.home, env: host.variables });
  const prepared = await prepareScanner(policy.scan);
  const report =
    options.staged === true
      ? await scanStaged(host, prepared)
      : await scanTree({
          prepared,
          roots: rootsOf(host.cwd, paths),
          base: policy.root,
          want: wants(policy),
          ...progress(io),
        });
  if (options.staged !== true) io.err(clearLine(io));
  io.out(print(report, options.format, paint));
  return report.files.some(({ findings }) => findings.length > 0) ? 1 : 0;
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

function print(report: TreeReport, format: ScanOptions['format'], paint: Paint): string {
  if (format === 'json') return scanJson(report);
  return format === 'sarif' ? sarif(report, packageVersion()) : scanForTerminal(report, paint);
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
