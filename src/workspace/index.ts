export {
  type Refreshed,
  type Snapshot,
  type SnapshotEntry,
  TEMP_PREFIX,
  type WithheldWhy,
  type Workspace,
  type WorkspaceReport,
} from './workspace.ts';
// createWorkspace(input: { root, target, policy, prepared: PreparedScanner, vault, onProgress? }): Promise<Workspace>
//   target: an empty folder (tmpfs or disk) reachable by the wrapper; the copy is made there
