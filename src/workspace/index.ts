export type { Snapshot, SnapshotEntry, Workspace, WorkspaceReport } from './workspace.ts';
// createWorkspace(input: { root, target, policy, prepared: PreparedScanner, vault, onProgress? }): Promise<Workspace>
//   target: an empty folder (tmpfs or disk) reachable by the wrapper; the copy is made there
