/** Content that both sides last had in common, as it stands in the real tree: what a merge starts from. In memory only. */
export interface Bases {
  remember(path: string, bytes: Buffer): void;
  recall(path: string): Buffer | undefined;
  forget(path: string): void;
}

const FILE_LIMIT = 1024 * 1024;
const TOTAL_LIMIT = 64 * 1024 * 1024;

/** Keeps what was touched last, up to 64 MiB. */
export function createBases(): Bases {
  const kept = new Map<string, Buffer>();
  let total = 0;

  function forget(path: string): void {
    total -= kept.get(path)?.length ?? 0;
    kept.delete(path);
  }

  return {
    remember(path, bytes) {
      forget(path);
      if (bytes.length > FILE_LIMIT) return;
      kept.set(path, bytes);
      total += bytes.length;
      for (const oldest of kept.keys()) {
        if (total <= TOTAL_LIMIT) break;
        forget(oldest);
      }
    },
    recall: (path) => kept.get(path),
    forget,
  };
}
