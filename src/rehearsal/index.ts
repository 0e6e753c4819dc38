export { type AttemptResult, type Rehearsal, rehearse } from './rehearse.ts';
export type { Wire, WireRow } from './wire.ts';
