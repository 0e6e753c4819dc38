// How many labelled secrets the scanner finds, by kind, and how many other lines it marks. The labels are plain JSON lines
// (docs/quality.md); the files lie beside them. Prints counts and paths only, never a value.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createScanner, type Finding, prepareScanner } from '../src/scan/index.ts';

/** One labelled place. Offsets are UTF-8 bytes in the file, end exclusive; without them the whole lines count. */
export interface Label {
  file: string;
  kind: string;
  /** False for a place where nothing may be found. */
  positive: boolean;
  line: number;
  endLine: number;
  start: number | undefined;
  end: number | undefined;
}

export interface Quality {
  kinds: { kind: string; labels: number; found: number }[];
  labels: number;
  found: number;
  lines: number;
  /** Lines that hold a finding and no labelled secret, as `file:line rule`. */
  falseLines: string[];
}

/** Share of a secret's bytes that findings must cover. */
const COVERED = 0.8;

/** Arguments: the label file, and the folder of the files (default: the label file's own); `--misses`, `--false` print places. */
export async function bench(args: readonly string[]): Promise<number> {
  const [labelFile, folder = dirname(labelFile ?? '.')] = args.filter((argument) => !argument.startsWith('--'));
  if (labelFile === undefined) {
    process.stderr.write('usage: npm run bench:quality -- labels.jsonl [folder] [--misses] [--false]\n');
    return 2;
  }
  const labels = readLabels(readFileSync(labelFile, 'utf8'));
  const misses: string[] = [];
  const quality = await measure(labels, folder, (label) => misses.push(`${label.file}:${label.line} ${label.kind}`));
  print(quality);
  if (args.includes('--misses')) process.stdout.write(`${misses.join('\n')}\n`);
  if (args.includes('--false')) process.stdout.write(`${quality.falseLines.join('\n')}\n`);
  return 0;
}

/** Reads labels; rows of a `tier` other than `primary` are left out, `corpus` is a folder before `file`. */
export function readLabels(text: string): Label[] {
  const rows = text.split('\n').filter((line) => line.trim() !== '');
  return rows
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => row.tier === undefined || row.tier === 'primary')
    .map((row) => ({
      file: row.corpus === undefined ? String(row.file) : `${row.corpus}/${row.file}`,
      kind: String(row.kind ?? 'secret'),
      positive: row.positive !== false,
      line: Number(row.line ?? 0),
      endLine: Number(row.end_line ?? row.line ?? 0),
      start: typeof row.start === 'number' && row.span !== 'line' ? row.start : undefined,
      end: typeof row.end === 'number' && row.span !== 'line' ? row.end : undefined,
    }));
}

/** Scans every file under `folder` and compares. */
export async function measure(
  labels: readonly Label[],
  folder: string,
  missed: (label: Label) => void = () => {},
): Promise<Quality> {
  const scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
  const kinds = new Map<string, { labels: number; found: number }>();
  const quality: Quality = { kinds: [], labels: 0, found: 0, lines: 0, falseLines: [] };
  for (const file of filesUnder(folder)) {
    const bytes = readFileSync(join(folder, file));
    const { kind: content, findings } = scanner.scanBytes(bytes, { path: file.replace(/^[^/]+\//, '') });
    if (content !== 'text') continue;
    const starts = lineStarts(bytes);
    quality.lines += starts.length;
    const here = labels.filter((label) => label.file === file);
    for (const label of here.filter((one) => one.positive)) {
      const count = kinds.get(label.kind) ?? { labels: 0, found: 0 };
      const found = isFound(label, findings, starts);
      if (!found) missed(label);
      kinds.set(label.kind, { labels: count.labels + 1, found: count.found + Number(found) });
    }
    quality.falseLines.push(...falseLines(file, findings, here, starts));
  }
  quality.kinds = [...kinds]
    .map(([kind, count]) => ({ kind, ...count }))
    .sort((a, b) => a.found / a.labels - b.found / b.labels);
  quality.labels = quality.kinds.reduce((sum, kind) => sum + kind.labels, 0);
  quality.found = quality.kinds.reduce((sum, kind) => sum + kind.found, 0);
  return quality;
}

function isFound(label: Label, findings: readonly Finding[], starts: readonly number[]): boolean {
  const { start, end } = label;
  if (start === undefined || end === undefined) {
    return findings.some(
      (one) => lineOf(starts, one.start) <= label.endLine && lineOf(starts, one.end - 1) >= label.line,
    );
  }
  const covered = findings.reduce(
    (sum, one) => sum + Math.max(0, Math.min(one.end, end) - Math.max(one.start, start)),
    0,
  );
  return covered >= (end - start) * COVERED;
}

function falseLines(
  file: string,
  findings: readonly Finding[],
  labels: readonly Label[],
  starts: readonly number[],
): string[] {
  const secret = labels.filter((label) => label.positive);
  const lines = new Map<number, string>();
  for (const finding of findings) {
    const first = lineOf(starts, finding.start);
    const last = lineOf(starts, finding.end - 1);
    if (!secret.some((label) => label.line <= last && label.endLine >= first)) lines.set(first, finding.rule);
  }
  return [...lines].map(([line, rule]) => `${file}:${line} ${rule}`);
}

function lineStarts(bytes: Uint8Array): number[] {
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

/** The 1-based line that holds `offset`. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

function print({ kinds, labels, found, lines, falseLines }: Quality): void {
  const percent = (part: number, whole: number) => (whole === 0 ? '-' : ((100 * part) / whole).toFixed(1)).padStart(6);
  for (const kind of kinds) {
    process.stdout.write(`${percent(kind.found, kind.labels)} % of ${String(kind.labels).padStart(5)}  ${kind.kind}\n`);
  }
  process.stdout.write(`${percent(found, labels)} % of ${String(labels).padStart(5)}  all\n`);
  const rate = lines === 0 ? 0 : (falseLines.length / lines) * 1e6;
  process.stdout.write(`${falseLines.length} other lines marked in ${lines}: ${rate.toFixed(1)} per million\n`);
}
