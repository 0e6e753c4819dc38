export { type AppliedHeld, applyHeld, type HeldPreview, previewHeld } from './apply-held.ts';
export type { BroughtBranch, BroughtCommits } from './commits/bring.ts';
export { type HeldFile, readHeld, writeHeld } from './held-file.ts';
export { type DiffLine, diffLines } from './lines.ts';
export type { WritebackEvent } from './record.ts';
export { type Recovered, recover } from './recover.ts';
export { startWriteback, type WritebackInput } from './start.ts';
export { tellProblem } from './tell.ts';
export type { Change, Conflict, Problem, Writeback, WritebackReport } from './writeback.ts';
