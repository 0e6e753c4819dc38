import { Refusal } from '../errors/index.ts';
import { type HostEnvironment, runBytes, toolPath } from '../host/index.ts';
import { createScanner, locate, type PreparedScanner, type TreeReport } from '../scan/index.ts';

/**
 * Scans what git has staged, as it is staged: the index, not the work tree.
 * @throws Refusal `scan.no-repository`
 */
export async function scanStaged(
  host: Pick<HostEnvironment, 'cwd' | 'home' | 'variables'>,
  prepared: PreparedScanner,
  { approved }: { approved: boolean },
): Promise<{ report: TreeReport; read: (path: string) => Uint8Array | undefined }> {
  const git = async (...args: string[]) => {
    const env = { PATH: toolPath(host.variables.PATH), HOME: host.home, ...gitVariables(host.variables) };
    const { exitCode, stdout } = await runBytes('git', args, { cwd: host.cwd, env });
    if (exitCode !== 0) throw new Refusal('scan.no-repository', { reason: `git ${args[0]} ended with ${exitCode}` });
    return stdout;
  };
  const scanner = createScanner(prepared);
  const report: TreeReport = { files: [], scanned: 0, bytes: 0 };
  const contents = new Map<string, Uint8Array>();
  const names = await git('diff', '--cached', '--name-only', '--no-renames', '--diff-filter=ACMT', '-z');
  for (const path of names.toString().split('\0').filter(Boolean)) {
    const bytes = await git('cat-file', 'blob', `:${path}`);
    const { kind, findings } = scanner.scanBytes(bytes, { path, ...(approved ? { approved } : {}) });
    report.scanned++;
    report.bytes += bytes.length;
    if (findings.length > 0) contents.set(path, bytes);
    if (findings.length > 0) report.files.push({ path, bytes: bytes.length, kind, findings: locate(bytes, findings) });
  }
  return { report, read: (path) => contents.get(path) };
}

/** A hook runs with the index that is being committed, which need not be the usual one. */
function gitVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => /^GIT_(DIR|WORK_TREE|INDEX_FILE)$/.test(name)),
  );
}
