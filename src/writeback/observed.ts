/** What stands at a path on one side, as looked at just now. */
export type Observed =
  | { kind: 'absent' }
  | { kind: 'folder'; mode: number }
  | { kind: 'link'; target: string }
  | ObservedFile
  /** A pipe, socket or device, or a file that cannot be read. */
  | { kind: 'special' };

export interface ObservedFile {
  kind: 'file';
  /** Permission bits. */
  mode: number;
  /** SHA-256 (hex) of the bytes. */
  hash: string;
}

/** Which tree: the copy, or the real one. */
export type Side = 'inside' | 'outside';
