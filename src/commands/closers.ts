/** What must be ended, in the reverse of the order in which it was begun. */
export interface Closers {
  /** Adds a step; the returned function does it at once, and then `close` does not do it again. */
  add<T>(step: () => Promise<T>): () => Promise<T>;
  /** Does all that is left, each even when another fails; throws the first failure at the end. */
  close(): Promise<void>;
}

/** Starts with one step that comes last of all. */
export function createClosers(last: () => void): Closers {
  const steps: (() => Promise<unknown>)[] = [async () => last()];
  return {
    add<T>(step: () => Promise<T>) {
      let done: Promise<T> | undefined;
      const once = () => {
        done ??= step();
        return done;
      };
      steps.push(once);
      return once;
    },
    async close() {
      const failures: unknown[] = [];
      for (const step of steps.reverse()) await step().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
}
