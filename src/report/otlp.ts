// A session's ledger as OpenTelemetry logs, so that a copy stands where the person's own machine cannot change it.
// The JSON form of OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): 64-bit numbers are text.
import type { LedgerEntry, LedgerValue, Verification } from '../ledger/index.ts';

/** Records of one request body; collectors limit the size of a body, 4 MB by default. */
const BATCH = 500;

/** The bodies for `POST <endpoint>/v1/logs`, in order. Each record is one line: its kind, its fields, its place in the chain. */
export function otlpBodies(session: string, entries: readonly LedgerEntry[], verification: Verification): object[] {
  const resource = {
    attributes: attributes({
      'service.name': 'sotto',
      'session.id': session,
      'sotto.ledger.whole': verification.problem === undefined,
      'sotto.ledger.closed': verification.closed,
    }),
  };
  const batches = Array.from({ length: Math.ceil(entries.length / BATCH) }, (_, at) =>
    entries.slice(at * BATCH, (at + 1) * BATCH),
  );
  return batches.map((batch) => ({
    resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'sotto.ledger' }, logRecords: batch.map(recordOf) }] }],
  }));
}

/** `SEVERITY_NUMBER_INFO` and `_WARN` of the logs data model; what was refused or could not be done is a warning. */
const INFO = 9;
const WARN = 13;
const WARNINGS = new Set(['refused', 'refusal', 'conflict', 'problem', 'held']);

function recordOf({ time, kind, ...fields }: LedgerEntry): object {
  return {
    timeUnixNano: `${Date.parse(time) || 0}000000`,
    severityNumber: WARNINGS.has(kind) ? WARN : INFO,
    body: { stringValue: kind },
    attributes: attributes(Object.fromEntries(Object.entries(fields).map(([name, value]) => [`sotto.${name}`, value]))),
  };
}

function attributes(fields: Readonly<Record<string, LedgerValue>>): object[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: typedValue(value) }],
  );
}

function typedValue(value: LedgerValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(typedValue) } };
  return { kvlistValue: { values: attributes((value ?? {}) as Record<string, LedgerValue>) } };
}
