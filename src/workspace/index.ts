export { type CreateWorkspaceInput, createWorkspace } from './create.ts';
export { EMPTY_TREE, type PathChange, readChanges } from './git/history.ts';
export { quote } from './git/import.ts';
export { type Parsed, parseObject, withoutSignature } from './git/messages.ts';
export { type ObjectFormat, readObjects } from './git/objects.ts';
export { nameAndEmail } from './git/people.ts';
export type { GitReport, RebuiltGit } from './git/rebuild.ts';
export { type Git, openGit } from './git/run.ts';
export { makeScratch, removeScratch } from './git/scratch.ts';
export { staysInside } from './links.ts';
export { fitsInMemory, makeDiskTarget, reapDiskTargets } from './place.ts';
export { isStub, STUB_SENTENCE } from './stub.ts';
export {
  type Considered,
  type Refreshed,
  type Snapshot,
  type SnapshotEntry,
  TEMP_PREFIX,
  type WithheldWhy,
  type Workspace,
  type WorkspaceReport,
} from './workspace.ts';
