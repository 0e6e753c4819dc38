import type { Turn } from './cycle.ts';

const AGAIN_MS = 10;
const LATER_MS = 500;
/** A path that never comes to rest waits for the look at the end. */
const TRIES = 25;

/** Collects changed paths and settles them in turns, never two turns at once. */
export interface Queue {
  add(paths: Iterable<string>): void;
  /** Resolves when nothing waits but what must be quiet first. */
  drained(): Promise<void>;
  /** Takes nothing more; resolves when the last turn is over. */
  close(): Promise<void>;
}

/** @param settle one turn; an error in it is a bug and stops the queue, `drained` throws it */
export function createQueue(settle: (paths: ReadonlySet<string>) => Promise<Turn>): Queue {
  let waiting = new Set<string>();
  let running: Promise<void> | undefined;
  let soon = 0;
  let closed = false;
  let failure: unknown;
  let restless = new Map<string, number>();

  function add(paths: Iterable<string>): void {
    for (const path of paths) waiting.add(path);
    if (!closed && waiting.size > 0) running ??= run();
  }

  async function run(): Promise<void> {
    try {
      while (waiting.size > 0 && failure === undefined) {
        const paths = waiting;
        waiting = new Set();
        const { again, later } = await settle(paths);
        restless = new Map(again.map((path) => [path, (restless.get(path) ?? 0) + 1]));
        putBack(
          again.filter((path) => (restless.get(path) ?? 0) < TRIES),
          AGAIN_MS,
          true,
        );
        putBack(later, LATER_MS, false);
      }
    } catch (error) {
      failure = error;
    } finally {
      running = undefined;
    }
  }

  /** Paths that moved under our hands are looked at again after a breath. */
  function putBack(paths: readonly string[], ms: number, counts: boolean): void {
    if (paths.length === 0) return;
    if (counts) soon++;
    setTimeout(() => {
      if (counts) soon--;
      add(paths);
    }, ms).unref();
  }

  async function drained(): Promise<void> {
    while (running !== undefined || soon > 0) {
      await (running ?? new Promise((resolve) => setTimeout(resolve, AGAIN_MS)));
    }
    if (failure !== undefined) throw failure;
  }

  return {
    add,
    drained,
    async close() {
      closed = true;
      await running;
    },
  };
}
