export type {
  AnswerSeen,
  Changed,
  Conflicted,
  Decided,
  EscapeDropped,
  Problematic,
  Refused,
  RequestSeen,
  SessionEnd,
  SessionEvent,
  SessionStart,
  WorkspaceMade,
} from './events.ts';
export { ledgerFolder, listSessions, pruneSessions, type RecordedSession, stateFolder } from './folder.ts';
export { installationKey } from './key.ts';
export type { Ledger, LedgerEntry, LedgerEvent, LedgerValue } from './ledger.ts';
export { type OpenLedgerInput, openLedger } from './open.ts';
export { findSession, readLedger } from './read.ts';
export { type LedgerProblem, type Verification, verifyLedger } from './verify.ts';
