/** An array in shared memory, so that worker threads use the same pages. */
export function shared<T>(Kind: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number }, length: number): T {
  return new Kind(new SharedArrayBuffer(Math.max(length, 1) * Kind.BYTES_PER_ELEMENT));
}
