// What it takes to bring one path in again, or to take it out.
import type { Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import type { CopyContext } from './copy.ts';
import type { Tree } from './decide.ts';
import type { Hold } from './hold.ts';
import type { StandingSearch } from './standing.ts';
import type { Snapshot } from './workspace.ts';

export interface RefreshInput {
  context: CopyContext;
  tree: Tree;
  snapshot: Snapshot;
  vault: Vault;
  origins: Policy['origins'];
  /** Secrets that are looked for everywhere; grows with the vault. */
  standing: StandingSearch;
}

/** With the way into the copy. */
export interface Work extends RefreshInput {
  hold: Hold;
}

/** How a file at this path is copied now, with every secret that came up since. */
export function contextFor(path: string, { context, vault, standing }: RefreshInput): CopyContext {
  standing.add(vault.entries());
  return { ...context, place: (rule, secret) => vault.place(rule, secret, path) };
}
