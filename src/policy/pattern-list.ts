import { compileGlob, foldPath } from './glob.ts';
import { createPatternIndex } from './pattern-index.ts';

/** A list of gitignore patterns, compiled; the last pattern that matches wins, a hidden folder takes its content along. */
export interface PatternList {
  /** The pattern that put the path on the list, as written; undefined when it is not on it. */
  match(relativePath: string, isFolder: boolean): string | undefined;
}

/**
 * Compiles a list of gitignore patterns, for guards and path conditions. Time is bounded whatever the patterns are.
 * For the four decisions on a path use {@link createPathRules} instead.
 * @param options.fold ignore case (the default): right wherever a match is the strict side
 */
export function createPatternList(patterns: readonly string[], options: { fold?: boolean } = {}): PatternList {
  const fold = options.fold ?? true;
  const compiled = patterns.flatMap((pattern, order) =>
    compileGlob(pattern, fold).map((glob) => ({ glob, base: '', order, pattern })),
  );
  const find = createPatternIndex(compiled);
  return {
    match(relativePath, isFolder) {
      const path = fold ? foldPath(relativePath) : relativePath;
      for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        const parent = lastOf(find(path.slice(0, slash), true));
        if (parent !== undefined && !parent.glob.negated) return parent.pattern;
      }
      const own = lastOf(find(path, isFolder));
      return own === undefined || own.glob.negated ? undefined : own.pattern;
    },
  };
}

function lastOf<T extends { order: number }>(found: readonly T[]): T | undefined {
  return found.reduce<T | undefined>(
    (last, one) => (last === undefined || one.order > last.order ? one : last),
    undefined,
  );
}
