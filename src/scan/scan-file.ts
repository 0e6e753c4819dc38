// One file from the disk. Large ones are read in stretches that overlap, so that no file is too large to be scanned and
// no secret is cut: a stretch owns what begins in it, and sees some bytes before and after.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { ContentKind } from './finding.ts';
import { type LocatedFinding, locate } from './locate.ts';
import type { ScanContext, Scanner } from './scanner.ts';

export interface ScannedFile {
  path: string;
  bytes: number;
  kind: ContentKind;
  findings: LocatedFinding[];
  /** The file could not be read: gone, or not allowed. */
  unreadable?: true;
}

/** Bytes that a stretch owns, and what it sees on both sides: even, because UTF-16 has two bytes a unit. */
const STRETCH = 16 << 20;
const OVERLAP = 1 << 16;

/** Scans a regular file of any size. */
export function scanFile(
  scanner: Scanner,
  file: string,
  context: ScanContext & { path: string },
  stretch = STRETCH,
): ScannedFile {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      return size > stretch * 2
        ? scanStretches(scanner, descriptor, size, context, stretch)
        : scanWhole(scanner, descriptor, context);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The file went away or may not be read; who may not read it cannot send it either.
    return { path: context.path, bytes: 0, kind: 'other', findings: [], unreadable: true };
  }
}

function scanWhole(scanner: Scanner, descriptor: number, context: ScanContext & { path: string }): ScannedFile {
  const bytes = readFileSync(descriptor);
  const { kind, findings } = scanner.scanBytes(bytes, context);
  return { path: context.path, bytes: bytes.length, kind, findings: locate(bytes, findings) };
}

function scanStretches(
  scanner: Scanner,
  descriptor: number,
  size: number,
  context: ScanContext & { path: string },
  stretch: number,
): ScannedFile {
  const buffer = Buffer.allocUnsafe(stretch + 2 * OVERLAP);
  const found: LocatedFinding[] = [];
  let kind: ContentKind = 'text';
  let lines = 0;
  let units = 0;
  for (let own = 0; own < size; own += stretch) {
    const from = Math.max(own - OVERLAP, 0);
    const bytes = buffer.subarray(
      0,
      readSync(descriptor, buffer, 0, Math.min(own + stretch + OVERLAP, size) - from, from),
    );
    const seen = scanner.scanBytes(bytes, context);
    if (own === 0) kind = seen.kind;
    const mine = seen.findings.filter(({ start }) => start + from >= own && start + from < own + stretch);
    found.push(...locate(bytes, mine, 1 + lines).map((one) => moved(one, from, units)));
    // At this point `lines` and `units` count what lies before the first byte that the next stretch sees.
    const next = Math.max(own + stretch - OVERLAP, 0) - from;
    lines += count(bytes, next, 10);
    units += next;
  }
  return { path: context.path, bytes: size, kind, findings: found };
}

/** Spans in UTF-16 units are not counted over a file too large to be held: they are bytes there. */
function moved(finding: LocatedFinding, from: number, units: number): LocatedFinding {
  const { start, end } = finding;
  return { ...finding, start: start + from, end: end + from, startUtf16: start + units, endUtf16: end + units };
}

function count(bytes: Buffer, to: number, byte: number): number {
  let total = 0;
  for (let at = bytes.indexOf(byte); at >= 0 && at < to; at = bytes.indexOf(byte, at + 1)) total++;
  return total;
}
