export type { Confidence, ContentKind, Finding } from './finding.ts';
export type { PreparedScanner, ScanContext, Scanner, ScannerOptions } from './scanner.ts';
// prepareScanner(options: ScannerOptions): Promise<PreparedScanner>     loads and compiles the packs
// createScanner(prepared: PreparedScanner): Scanner                     cheap; in any thread
