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
  const byName = new Map<string, T[]>();
  const byExtension = new Map<string, T[]>();
  const others: { test: (name: string) => boolean; pattern: T }[] = [];
  for (const pattern of patterns) {
    const last = pattern.glob.segments.at(-1) as Segment;
    const name = literalOf(last, 0);
    const extension = extensionOf(last);
    if (name !== undefined) put(byName, name, pattern);
    else if (extension !== undefined) put(byExtension, extension, pattern);
    else others.push({ test: nameTest(last), pattern });
  }
  return (path, isFolder) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const found: T[] = [];
    const tryOn = (pattern: T) => {
      if (matchesUnder(pattern, path, isFolder)) found.push(pattern);
    };
    byName.get(name)?.forEach(tryOn);
    const dot = name.lastIndexOf('.');
    if (dot >= 0) byExtension.get(name.slice(dot))?.forEach(tryOn);
    for (const { test, pattern } of others) if (test(name)) tryOn(pattern);
    return found;
  };
}

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

/** The text of a segment from a piece on, when it is nothing but bytes. */
function literalOf(segment: Segment, from: number): string | undefined {
  if (segment === 'globstar') return undefined;
  const bytes = segment.slice(from);
  return bytes.every((piece) => typeof piece === 'number') ? String.fromCharCode(...(bytes as number[])) : undefined;
}

/** `.pem` for `*.pem`; undefined for anything that is not a star and one extension. */
function extensionOf(segment: Segment): string | undefined {
  if (segment[0] !== 'star') return undefined;
  const rest = literalOf(segment, 1);
  return rest !== undefined && rest.lastIndexOf('.') === 0 ? rest : undefined;
}

/** A cheap test that is true at least for every name the segment matches. */
function nameTest(segment: Segment): (name: string) => boolean {
  if (segment === 'globstar') return () => true;
  const firstOpen = segment.findIndex((piece) => typeof piece !== 'number');
  const lastOpen = segment.findLastIndex((piece) => typeof piece !== 'number');
  const head = String.fromCharCode(...(segment.slice(0, firstOpen) as number[]));
  const tail = String.fromCharCode(...(segment.slice(lastOpen + 1) as number[]));
  return (name) => name.startsWith(head) && name.endsWith(tail);
}
