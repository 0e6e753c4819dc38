import { detectEncoding } from './encoding.ts';
import type { Finding } from './finding.ts';

/** A finding with its place for people and editors; both count from 1, columns in UTF-16 units. */
export type LocatedFinding = Finding & { line: number; column: number; endLine: number; endColumn: number };

/** Adds lines and columns to the findings of a file's bytes, in one pass. */
export function locate(bytes: Uint8Array, findings: readonly Finding[], firstLine = 1): LocatedFinding[] {
  if (findings.length === 0) return [];
  const wide = detectEncoding(bytes).encoding.startsWith('utf-16');
  const places = placesOf(bytes, wide, [...new Set(findings.flatMap(({ start, end }) => [start, end]))], firstLine);
  return findings.map((finding) => {
    const [line, lineStart] = places.get(finding.start)!;
    const [endLine, endLineStart] = places.get(finding.end)!;
    const column = 1 + unitsBetween(bytes, lineStart, finding.start, wide);
    const endColumn = 1 + unitsBetween(bytes, endLineStart, finding.end, wide);
    return { ...finding, line, column, endLine, endColumn };
  });
}

/** Line and start of line of each offset. */
function placesOf(
  bytes: Uint8Array,
  wide: boolean,
  offsets: number[],
  firstLine: number,
): Map<number, [number, number]> {
  const places = new Map<number, [number, number]>();
  let line = firstLine;
  let lineStart = 0;
  let at = 0;
  for (const offset of offsets.sort((a, b) => a - b)) {
    for (; at < offset; at++) {
      if (bytes[at] !== 10) continue;
      line++;
      lineStart = at + (wide && bytes[at + 1] === 0 ? 2 : 1);
    }
    places.set(offset, [line, lineStart]);
  }
  return places;
}

function unitsBetween(bytes: Uint8Array, from: number, to: number, wide: boolean): number {
  if (wide) return (to - from) >> 1;
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(to - from, 0)).toString('utf8').length;
}
