export type { Ledger, LedgerEvent, LedgerValue } from './ledger.ts';
// openLedger(input: { folder: string; session: string; now?: () => Date }): Ledger
// verifyLedger(path: string): { entries: number; problem?: { line: number; code: string } }
