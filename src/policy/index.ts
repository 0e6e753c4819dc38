export { type LoadInput, loadPolicy, PROJECT_FILE } from './load.ts';
export { createPathRules, type PathRules } from './paths.ts';
export { createPatternList, type PatternList } from './pattern-list.ts';
export type {
  AllowlistEntry,
  Decision,
  NetworkAllow,
  PathRule,
  PathVerdict,
  PendingChange,
  Policy,
} from './policy.ts';
export { DECISIONS } from './policy.ts';
