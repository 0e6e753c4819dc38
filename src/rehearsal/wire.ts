// What the sessions put on the wire, from two sides that do not know each other: the ledger that sotto wrote, and the
// bytes that the stand-in received.
import { ledgerFolder, listSessions, readLedger, verifyLedger } from '../ledger/index.ts';
import { leakedBytes } from './leak.ts';
import type { Planted } from './secrets.ts';
import type { Received } from './stand-in.ts';

/** Requests of one kind, by what became of them. */
export interface WireRow {
  host: string;
  method: string;
  path: string;
  verdict: string;
  count: number;
}

export interface Wire {
  /** Requests and bytes as the upstream counted them. */
  requests: number;
  bytes: number;
  /** Bytes of any planted secret that reached the upstream outside its credential header; must be 0. */
  secretBytes: number;
  rows: readonly WireRow[];
  /** The sessions' ledgers are whole and their signatures hold. */
  ledger: boolean;
  /** Sessions that did not end well, in words without values. */
  failures: readonly string[];
}

/** Compares both sides after the sessions. */
export function readWire(home: string, received: readonly Received[], secrets: readonly Planted[]): Wire {
  const ledgers = listSessions(ledgerFolder({ env: {}, home }));
  return {
    requests: received.length,
    bytes: received.reduce((sum, request) => sum + request.body.length, 0),
    secretBytes: received.reduce((sum, request) => sum + secretBytes(request, secrets), 0),
    rows: count(
      ledgers
        .flatMap(({ path }) => readLedger(path))
        .filter((entry) => entry.kind === 'request' || entry.kind === 'refused'),
    ),
    ledger: ledgers.length > 0 && ledgers.every(({ path }) => verifyLedger(path).problem === undefined),
    failures: [],
  };
}

/** The person's own credential may stand in its header, and nowhere else. */
const CREDENTIAL_HEADERS = new Set(['x-api-key', 'authorization']);

function secretBytes(request: Received, secrets: readonly Planted[]): number {
  const headers = request.headers.filter(
    (_, index) => !CREDENTIAL_HEADERS.has((request.headers[index - (index % 2)] ?? '').toLowerCase()),
  );
  const sent = Buffer.concat([Buffer.from(`${request.url}\n${headers.join('\n')}\n`), request.body]);
  return secrets.reduce((sum, secret) => sum + leakedBytes(sent, secret), 0);
}

function count(entries: readonly object[]): WireRow[] {
  const rows = new Map<string, WireRow>();
  for (const entry of entries as readonly Record<string, unknown>[]) {
    const [named, method, path, verdict] = ['host', 'method', 'path', 'verdict'].map((name) =>
      String(entry[name] ?? ''),
    );
    // A target that is no name of a host (an address, a malformed line) is recorded by the reason alone.
    const host = named || `(${entry.code})`;
    const key = [host, method, path, verdict].join(' ');
    const row = rows.get(key) ?? { host, method: method!, path: path!, verdict: verdict!, count: 0 };
    row.count += 1;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => a.verdict.localeCompare(b.verdict) || b.count - a.count);
}
