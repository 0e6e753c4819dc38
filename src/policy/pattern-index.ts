// Finds the few patterns of many that match a path. A walk asks this for every file, so patterns are sorted by their last
// name once: whole names and extensions go into maps, and only the rest is tried one by one.
import { type Glob, matchesGlob, type Segment } from './glob.ts';

/** A compiled pattern and the folder it is relative to ('' for the root). */
export interface IndexedPattern {
  readonly glob: Glob;
  readonly base: string;
}

/** @returns the patterns that match, in no order; paths must be folded when the globs are */
export type PatternIndex<T extends IndexedPattern> = (path: string, isFolder: boolean) => T[];

/** Makes the index; the list is copied. */
export function createPatternIndex<T extends IndexedPattern>(patterns: Iterable<T>): PatternIndex<T> {
  const buckets = new Map<string, T[]>();
  const anyName: T[] = [];
  for (const pattern of patterns) {
    const key = keyOf(pattern.glob.segments.at(-1) as Segment);
    if (key === undefined) anyName.push(pattern);
    else put(buckets, key, pattern);
  }
  return (path, isFolder) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const found: T[] = [];
    const tryOn = (pattern: T) => {
      if (matchesUnder(pattern, path, isFolder)) found.push(pattern);
    };
    const dot = name.lastIndexOf('.');
    buckets.get(`=${name}`)?.forEach(tryOn);
    if (dot >= 0) buckets.get(`.${name.slice(dot)}`)?.forEach(tryOn);
    buckets.get(`^${name[0]}`)?.forEach(tryOn);
    buckets.get(`$${name.at(-1)}`)?.forEach(tryOn);
    anyName.forEach(tryOn);
    return found;
  };
}

/** The bucket for a last name: by whole name, by extension, by first or by last character; undefined when any name may match. */
function keyOf(segment: Segment): string | undefined {
  if (segment === 'globstar') return undefined;
  const isByte = (piece: unknown) => typeof piece === 'number';
  if (segment.every(isByte)) return `=${textOf(segment)}`;
  const head = textOf(
    segment.slice(
      0,
      segment.findIndex((piece) => !isByte(piece)),
    ),
  );
  const tail = textOf(segment.slice(segment.findLastIndex((piece) => !isByte(piece)) + 1));
  if (tail.includes('.')) return `.${tail.slice(tail.lastIndexOf('.'))}`;
  if (head !== '') return `^${head[0]}`;
  return tail === '' ? undefined : `$${tail.at(-1)}`;
}

const textOf = (bytes: readonly unknown[]) => String.fromCharCode(...(bytes as number[]));

function matchesUnder(pattern: IndexedPattern, path: string, isFolder: boolean): boolean {
  if (pattern.base === '') return matchesGlob(pattern.glob, path, isFolder);
  return (
    path.startsWith(`${pattern.base}/`) && matchesGlob(pattern.glob, path.slice(pattern.base.length + 1), isFolder)
  );
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
