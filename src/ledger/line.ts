// A line is sealed and opened here, the one beside the other, so that both agree on what is signed and what is hashed.
import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import type { LedgerEntry, LedgerEvent } from './ledger.ts';

/** `prev` of the first line. */
export const NO_LINE = '0'.repeat(64);

const OWN_FIELDS = ['seq', 'time', 'prev', 'sig'];

/** Makes the line of an event, without the line feed. */
export function sealLine(
  event: LedgerEvent,
  place: { seq: number; time: string; prev: string },
  key: KeyObject,
): string {
  for (const name of OWN_FIELDS) {
    if (event[name] !== undefined) throw new Error(`internal error: a ledger event may not have a field ${name}`);
  }
  const unsigned = { ...event, ...place };
  const sig = sign(null, Buffer.from(canonicalJson(unsigned)), key).toString('base64');
  return canonicalJson({ ...unsigned, sig });
}

/** What is wrong with a line by itself; where it stands in the chain is looked at by {@link verifyLedger}. */
export type LineProblem = 'not-json' | 'not-canonical' | 'bad-signature';

/** Reads a line back; the entry, or what is wrong with it. */
export function openLine(line: string, key: KeyObject): LedgerEntry | LineProblem {
  const entry = parseLine(line);
  if (entry === undefined) return 'not-json';
  // At this point the bytes must be the only spelling of the value: two lines that look the same cannot differ.
  if (canonicalJson(entry) !== line) return 'not-canonical';
  const { sig, ...unsigned } = entry;
  const signed = verify(null, Buffer.from(canonicalJson(unsigned)), key, Buffer.from(String(sig), 'base64'));
  return signed ? entry : 'bad-signature';
}

/** The entry of a line, its signature not looked at; undefined when it is none. */
export function parseLine(line: string): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    const entry = value as LedgerEntry;
    return typeof entry.seq === 'number' && typeof entry.kind === 'string' ? entry : undefined;
  } catch {
    // Not JSON: the caller says so with the line's number.
    return undefined;
  }
}

export function hashLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
