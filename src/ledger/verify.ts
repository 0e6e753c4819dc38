// What verification can tell: that each line was written in this order by a holder of the key, and that none is missing at the
// end as far as the head knows. Who holds the key and all files can write another truth; send the lines elsewhere against that.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Head, headFile, openHead } from './head.ts';
import { keyFile, publicKeyOf, trustedKey } from './key.ts';
import type { LedgerEntry } from './ledger.ts';
import { hashLine, type LineProblem, NO_LINE, openLine, parseLine } from './line.ts';

export type LedgerProblem =
  | LineProblem
  /** No line, or the first line does not open a ledger. */
  | 'no-start'
  /** The key in the first line is not the key of this installation. */
  | 'other-key'
  /** A line was removed, added or moved. */
  | 'broken-chain'
  /** The last line has no end: written when the power went, or cut. */
  | 'torn'
  /** The head is missing, broken or not signed by the ledger's key. */
  | 'no-head'
  /** The head knows of lines that are not there. */
  | 'cut-short';

export interface Verification {
  /** Lines that hold, from the first on. */
  entries: number;
  /** The closing line is there; without it the session was killed, or is running. */
  closed: boolean;
  problem?: { line: number; code: LedgerProblem };
}

/**
 * Checks a ledger: every line's spelling, signature and place in the chain, then the head.
 * @param key public key (SubjectPublicKeyInfo, base64) that the ledger must carry; this installation's when absent
 */
export function verifyLedger(path: string, key?: string): Verification {
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const rest = lines.pop();
  const first = parseLine(lines[0] ?? '');
  const publicKey = first?.kind === 'ledger.open' ? publicKeyOf(String(first.key)) : undefined;
  if (publicKey === undefined) return problem(0, 'no-start');
  const expected = key ?? trustedKey(keyFile(dirname(path)));
  if (expected !== first?.key) return problem(0, 'other-key');

  const hashes: string[] = [];
  let last: LedgerEntry | undefined;
  for (const line of lines) {
    const entry = openLine(line, publicKey);
    if (typeof entry === 'string') return problem(hashes.length, entry);
    const follows = entry.seq === hashes.length && entry.prev === (hashes.at(-1) ?? NO_LINE);
    if (!follows || last?.kind === 'ledger.close') return problem(hashes.length, 'broken-chain');
    hashes.push(hashLine(line));
    last = entry;
  }
  if (rest !== '') return problem(hashes.length, 'torn');
  const head = readHead(path, publicKey);
  if (head === undefined) return problem(hashes.length, 'no-head');
  // A head behind the last line is what a kill between the two writes leaves; a head that names another line is not.
  if (hashes[head.seq] !== head.hash) return problem(hashes.length, 'cut-short');
  return { entries: hashes.length, closed: last?.kind === 'ledger.close' };
}

function problem(entries: number, code: LedgerProblem): Verification {
  return { entries, closed: false, problem: { line: entries + 1, code } };
}

function readHead(path: string, key: Parameters<typeof openHead>[1]): Head | undefined {
  try {
    return openHead(readFileSync(headFile(path), 'utf8'), key);
  } catch {
    // Not there or not readable: the same finding for who asks.
    return undefined;
  }
}
