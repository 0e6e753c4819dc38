// What is known of a content: what the scanner finds, unless it proved clean in an earlier session, and which secrets of this
// session stand in it.
import type { ContentKind, Finding, Scanner } from '../scan/index.ts';
import type { Clean } from './clean/table.ts';
import { textOf } from './raw-path.ts';
import { type StandingSearch, withStanding } from './standing.ts';

export interface Lookers {
  scanner: Scanner;
  /** What proved clean before; everything is scanned when absent. */
  clean?: Clean;
  /** `sotto:allow` counts: the text comes from a file that the user approved. */
  approved?: boolean;
  /** Secrets that are looked for wherever they stand. */
  standing?: StandingSearch;
}

/**
 * Looks for secrets in a content.
 * @param path raw, relative to the root; '' where a text belongs to no file
 * @param identity what stands for the content, see {@link Clean}; absent for one that is not worth remembering
 */
export function look(
  bytes: Uint8Array,
  path: string,
  { scanner, clean, standing, approved }: Lookers,
  identity?: string,
): { kind: ContentKind; findings: Finding[] } {
  const mark = identity === undefined ? undefined : clean?.markOf(path, identity);
  const known = mark && clean?.kindOf(mark);
  const { kind, findings } =
    known === undefined
      ? scanner.scanBytes(bytes, {
          ...(path === '' ? {} : { path: textOf(path) }),
          ...(approved === true ? { approved } : {}),
        })
      : { kind: known, findings: [] };
  if (known === undefined && mark !== undefined && findings.length === 0) clean?.learn(mark, kind);
  return { kind, findings: standing === undefined ? findings : withStanding(bytes, findings, standing) };
}
