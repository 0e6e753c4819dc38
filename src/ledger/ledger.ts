/** One event of a session. Codes, counts, hashes, paths and hosts; never a value from a scanned file. */
export interface LedgerEvent {
  /** `session.start`, `session.end`, `request`, `refused`, `decision`, `change`, `conflict`, ... */
  kind: string;
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

/** The append-only, hash-chained, signed record of one session. */
export interface Ledger {
  readonly path: string;
  /** Appends one line; on disk when it returns. Throws a refusal `ledger.write` when it cannot: nothing is sent unrecorded. */
  append(event: LedgerEvent): void;
  close(): void;
}
