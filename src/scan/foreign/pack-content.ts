import type { Exception } from '../exceptions.ts';
import type { Rule } from '../pack.ts';

/** What a pack says. */
export interface PackContent {
  rules: readonly Rule[];
  /** For rules that are not the pack's own; they count only where policy allows the pack to make exceptions. */
  exceptions: readonly Exception[];
}
