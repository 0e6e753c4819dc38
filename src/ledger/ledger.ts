/** One event of a session. Codes, counts, hashes, paths and hosts; never a value from a scanned file. */
export interface LedgerEvent {
  /** `session.start`, `session.end`, `request`, `refused`, `decision`, `change`, `conflict`, ... */
  kind: string;
  /** Any name but those of {@link LedgerEntry}. */
  [field: string]: LedgerValue;
}

export type LedgerValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly LedgerValue[]
  | { readonly [field: string]: LedgerValue };

/** An event as it stands on its line. */
export interface LedgerEntry extends LedgerEvent {
  /** Counts up from 0. */
  seq: number;
  /** ISO 8601, UTC. */
  time: string;
  /** SHA-256 (hex) of the line before, its signature included; zeros on the first. */
  prev: string;
  /** Ed25519 signature (base64) over the line without this field. */
  sig: string;
}

/** The append-only, hash-chained, signed record of one session. */
export interface Ledger {
  readonly path: string;
  /**
   * Appends one line; with the kernel when it returns, so it outlives a kill of sotto (not a power cut: see `close`).
   * Throws a refusal `ledger.write` when it cannot: nothing is sent unrecorded.
   */
  append(event: LedgerEvent): void;
  /** Writes the closing line, waits for the disk, closes. A second call does nothing. */
  close(): void;
}
