export type { Change, Conflict, Problem, Writeback, WritebackReport } from './writeback.ts';
// startWriteback(input: { workspace, policy, vault, scanner, journal: string, onChange? }): Promise<Writeback>
