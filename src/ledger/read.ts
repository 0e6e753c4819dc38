import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { listSessions, type RecordedSession } from './folder.ts';
import type { LedgerEntry } from './ledger.ts';
import { parseLine } from './line.ts';

/** The entries of a ledger as they stand there, unverified; lines that are none are left out. See {@link verifyLedger}. */
export function readLedger(path: string): LedgerEntry[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => parseLine(line) ?? []);
}

/** The recorded session of a name or of the beginning of one; the newest without a name. Throws a refusal `ledger.not-found`. */
export function findSession(folder: string, session?: string): RecordedSession {
  const sessions = existsSync(folder) ? listSessions(folder) : [];
  const found = session === undefined ? sessions[0] : pick(sessions, session);
  if (found === undefined) throw new Refusal('ledger.not-found', { session: session ?? '(any)', folder: join(folder) });
  return found;
}

function pick(sessions: readonly RecordedSession[], name: string): RecordedSession | undefined {
  const exact = sessions.find((one) => one.session === name);
  const begin = sessions.filter((one) => one.session.startsWith(name));
  return exact ?? (begin.length === 1 ? begin[0] : undefined);
}
