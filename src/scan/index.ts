export { checkRules, type RoundTrip, type RuleProblem } from './check.ts';
export { createScanner } from './create.ts';
export { type Detected, detectEncoding, type Encoding, isValidUtf8, narrow, widen } from './encoding.ts';
export type { Confidence, ContentKind, Finding } from './finding.ts';
export { createKnownSecrets, type KnownSecrets } from './known.ts';
export { loadBuiltIn, loadPacks, packCacheFile, prepareScanner } from './prepare.ts';
export type { PreparedScanner, ScanContext, Scanner, ScannerOptions } from './scanner.ts';
export { type TreeFile, type WalkOptions, walk } from './walk.ts';
