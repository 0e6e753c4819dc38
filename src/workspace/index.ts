export { type CreateWorkspaceInput, createWorkspace } from './create.ts';
export type { GitReport } from './git/rebuild.ts';
export {
  type Refreshed,
  type Snapshot,
  type SnapshotEntry,
  TEMP_PREFIX,
  type WithheldWhy,
  type Workspace,
  type WorkspaceReport,
} from './workspace.ts';
