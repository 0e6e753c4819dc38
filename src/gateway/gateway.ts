import type { Server } from 'node:net';
import type { CredentialSource } from '../account/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import type { Scanner } from '../scan/index.ts';

export interface GatewayOptions {
  /** Listeners that hand out connections: made inside the sandbox's network namespace, or on loopback in tests. Both faces answer on each. */
  listeners: readonly Server[];
  scanner: Scanner;
  vault: Vault;
  policy: Policy;
  credential: CredentialSource;
  /** Base URL of the provider or of an enterprise gateway; a path prefix is kept. */
  upstream: URL;
  ledger: Ledger;
  onEvent?: (event: GatewayEvent) => void;
}

/** What happened to one request, for the status line, the report and the rehearsal's table. */
export interface GatewayEvent {
  host: string;
  method: string;
  path: string;
  verdict: 'forward' | 'redact' | 'answer' | 'refuse';
  /** Code of the refusal. */
  code?: string;
  bytes: number;
  /** Findings by rule id. */
  findings: Readonly<Record<string, number>>;
}

export interface Gateway {
  /** PEM of the session's certificate authority; its key never leaves memory. */
  readonly authority: string;
  close(): Promise<void>;
}
