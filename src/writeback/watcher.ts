import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { workerFile } from '../host/index.ts';
import type { Side } from './observed.ts';
import type { Scope } from './scope.ts';

/** What the watching thread starts with. */
export interface WatchInput {
  /** Folder of each side, as the thread reaches it. */
  bases: Record<Side, string>;
  scope: Scope;
  /** Folders of the real tree that are withheld; nobody needs to know what changes there. */
  skip: readonly string[];
  /** A path is told when nothing happened to it for so long, */
  quietMs: number;
  /** but at the latest after so long. */
  capMs: number;
  /** How many events the kernel queues; what it says itself when absent. */
  queue?: number;
}

export type FromWatcher =
  | { say: 'ready'; folders: number }
  | { say: 'paths'; paths: string[] }
  /** Events may have been lost. */
  | { say: 'suspect' }
  /** Some folders cannot be watched. */
  | { say: 'blind'; code: string }
  | { say: 'flushed'; id: number };

export type ToWatcher = { say: 'flush'; id: number } | { say: 'stop' };

export interface Watcher {
  /** Waits until everything that happened until now was told. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatcherCallbacks {
  onPaths(paths: readonly string[]): void;
  onSuspect(): void;
  onBlind(code: string): void;
}

/** Starts watching; everything that happens after it has resolved is told. */
export async function startWatcher(input: WatchInput, on: WatcherCallbacks): Promise<Watcher> {
  const worker = new Worker(workerFile('watch'), { workerData: input, env: {}, stdout: false, stderr: false });
  const waiting = new Map<number, () => void>();
  let next = 0;
  let ended = false;
  let stopping = false;
  let settleReady: { resolve: () => void; reject: (error: Error) => void } | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    settleReady = { resolve, reject };
  });
  worker.on('message', (message: FromWatcher) => {
    if (message.say === 'ready') settleReady?.resolve();
    else if (message.say === 'paths') on.onPaths(message.paths);
    else if (message.say === 'suspect') on.onSuspect();
    else if (message.say === 'blind') on.onBlind(message.code);
    else waiting.get(message.id)?.();
  });
  worker.on('error', (error: Error) => {
    settleReady?.reject(error);
    on.onBlind('thread');
  });
  worker.on('exit', () => {
    if (!stopping) on.onBlind('thread');
    ended = true;
    for (const resolve of waiting.values()) resolve();
  });
  await ready;
  return {
    flush: () =>
      new Promise((resolve) => {
        if (ended) return resolve();
        const id = next++;
        waiting.set(id, () => {
          waiting.delete(id);
          resolve();
        });
        worker.postMessage({ say: 'flush', id } satisfies ToWatcher);
      }),
    async stop() {
      if (ended) return;
      stopping = true;
      const exited = once(worker, 'exit');
      worker.postMessage({ say: 'stop' } satisfies ToWatcher);
      await exited;
    },
  };
}
