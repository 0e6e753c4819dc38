// Findings that a team has looked at and lives with, so that a check in CI speaks of new ones only. A file to commit: it holds no
// secret and no hash of one, but hashes of the line round it. So another secret put in the very place of a known one is known, too.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Refusal } from '../errors/index.ts';
import type { LocatedFinding, TreeReport } from '../scan/index.ts';

const schema = z.strictObject({ version: z.literal(1), findings: z.record(z.string(), z.array(z.string())) });

/** Reads a file's bytes as they were scanned; undefined when they are gone. */
export type ReadScanned = (path: string) => Uint8Array | undefined;

/** The report without what the baseline knows. @throws Refusal `scan.bad-baseline` */
export function withoutKnown(report: TreeReport, file: string, read: ReadScanned): TreeReport {
  const known = readBaseline(file);
  const files = report.files.map((one) => {
    const left = [...(known[one.path] ?? [])];
    const bytes = left.length === 0 ? undefined : read(one.path);
    if (bytes === undefined) return one;
    // Each entry stands for one finding: a second secret on a line like a known one is new.
    const findings = one.findings.filter((finding) => {
      const at = left.indexOf(markOf(bytes, finding, one.findings));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    return { ...one, findings };
  });
  return { ...report, files: files.filter(({ findings, unreadable }) => findings.length > 0 || unreadable === true) };
}

/** Writes down every finding of the report as known. */
export function writeBaseline(report: TreeReport, file: string, read: ReadScanned): void {
  const findings: Record<string, string[]> = {};
  for (const one of [...report.files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const bytes = one.findings.length === 0 ? undefined : read(one.path);
    if (bytes !== undefined) findings[one.path] = one.findings.map((found) => markOf(bytes, found, one.findings));
  }
  writeFileSync(file, `${JSON.stringify({ version: 1, findings }, null, 1)}\n`);
}

function readBaseline(file: string): Readonly<Record<string, readonly string[]>> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).findings;
  } catch (cause) {
    throw new Refusal('scan.bad-baseline', { file }, { cause });
  }
}

const LONGEST_LINE = 2000;

/** Rule and line, without any of the secrets on it: moving the line keeps the mark. */
function markOf(bytes: Uint8Array, finding: LocatedFinding, all: readonly LocatedFinding[]): string {
  const from = Math.max(lineStart(bytes, finding.start), finding.start - LONGEST_LINE);
  const to = Math.min(lineEnd(bytes, finding.end), finding.end + LONGEST_LINE);
  const hash = createHash('sha256').update(`${finding.rule}\0`);
  let at = from;
  for (const { start, end } of all.filter((one) => one.end > from && one.start < to)) {
    hash.update(bytes.subarray(at, Math.max(start, at))).update('\0');
    at = Math.max(end, at);
  }
  return hash
    .update(bytes.subarray(at, Math.max(to, at)))
    .digest('hex')
    .slice(0, 32);
}

function lineStart(bytes: Uint8Array, at: number): number {
  return at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1;
}

function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end;
}
