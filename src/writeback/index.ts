export type { WritebackEvent } from './record.ts';
export { startWriteback, type WritebackInput } from './start.ts';
export type { Change, Conflict, Problem, Writeback, WritebackReport } from './writeback.ts';
