import type { AllowlistEntry } from '../policy/index.ts';
import type { Exception } from './exceptions.ts';
import type { ContentKind, Finding } from './finding.ts';
import type { KnownSecrets } from './known.ts';

/** What a scanner is made of; plain data, so that it can be sent to a worker thread. */
export interface ScannerOptions {
  /** Rule packs besides the built-in ones: absolute paths of YAML, gitleaks or secretlint files, or of folders of them. */
  packs: readonly string[];
  allow: readonly AllowlistEntry[];
  personalData: boolean;
}

export interface ScanContext {
  /** Path relative to the project root, `/`-separated; path conditions of rules and allowlist entries look at it. */
  path?: string;
  /** Whether `sotto:allow <reason>` counts in this text; absent: when the user approved a file of just these bytes. */
  approved?: boolean;
  /** Secrets of the session: {@link Scanner.scanDeep} finds each of them at every depth, in every form. */
  known?: KnownSecrets;
}

/** Finds secrets. Synchronous and bounded in time; prints nothing; findings are sorted and never overlap. */
export interface Scanner {
  /** Scans a file's bytes; recognises UTF-8, UTF-16 (BOM or heuristics) and Latin-1. Binary content yields `kind` and findings in its text runs. */
  scanBytes(bytes: Uint8Array, context?: ScanContext): { kind: ContentKind; findings: Finding[] };
  /** Scans text, for the gateway; spans in `start`/`end` are bytes of its UTF-8 form. */
  scanText(text: string, context?: ScanContext): Finding[];
  /** Like {@link scanText}, and also looks inside base64, hex, percent-encoding, escapes and gzip, to depth 3: for outgoing bodies. */
  scanDeep(text: string, context?: ScanContext): Finding[];
  /** The user approved a file of these bytes: `sotto:allow <reason>` counts in it, and when it is scanned again after a change of ours. */
  approves(bytes: Uint8Array): boolean;
  readonly ruleCount: number;
  /** SHA-256 over engine version and packs. */
  readonly hash: string;
}

/** Everything of a scanner that can be built once and shared with worker threads by structured clone. */
export interface PreparedScanner {
  readonly options: ScannerOptions;
  readonly hash: string;
  /** What the packs may take out of the findings of any rule. */
  readonly exceptions?: readonly Exception[];
  /** Compiled rules and automaton; opaque outside `scan/`. */
  readonly compiled: unknown;
}
