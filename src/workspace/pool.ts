// The threads that copy. Each holds a few batches at a time, so that none waits for the walk and none gets all the work.
import { Worker } from 'node:worker_threads';
import { Refusal } from '../errors/index.ts';
import { workerFile } from '../host/index.ts';
import type { Copied, CopyJob } from './copy.ts';
import type { CopyWorkerInput, CopyWorkerOutput } from './copy.worker.ts';
import { textOf } from './raw-path.ts';

const BATCH = 64;
const HELD = 4;

export interface CopyPool {
  add(job: CopyJob): void;
  /** Waits until all jobs are done and stops the threads; throws the refusal of the first that failed. */
  finish(): Promise<void>;
  /** Stops the threads at once. */
  stop(): Promise<void>;
}

interface Thread {
  worker: Worker;
  held: number;
}

/** Starts threads and gives each result to `onCopied`, in any order. */
export function createCopyPool(input: CopyWorkerInput, count: number, onCopied: (copied: Copied) => void): CopyPool {
  const queue: CopyJob[][] = [];
  let batch: CopyJob[] = [];
  let failure: unknown;
  let onIdle: (() => void) | undefined;
  const threads = Array.from({ length: count }, () => startThread());

  return {
    add(job) {
      if (batch.push(job) === BATCH) flush();
    },
    async finish() {
      flush();
      await new Promise<void>((resolve) => {
        onIdle = resolve;
        tellIdle();
      });
      await stop();
      if (failure !== undefined) throw failure;
    },
    stop,
  };

  function startThread(): Thread {
    const worker = new Worker(workerFile('copy'), { workerData: input, env: {}, execArgv: [] });
    const thread: Thread = { worker, held: 0 };
    worker.on('message', (output: CopyWorkerOutput) => take(thread, output));
    worker.on('error', (error) => fail(error));
    return thread;
  }

  function take(thread: Thread, output: CopyWorkerOutput): void {
    thread.held--;
    if ('failed' in output) fail(new Refusal('workspace.write', { path: textOf(output.path), code: output.failed }));
    else for (const copied of output.copied) onCopied(copied);
    feed();
    tellIdle();
  }

  function fail(error: unknown): void {
    failure ??= error;
    tellIdle();
  }

  function flush(): void {
    if (batch.length > 0) queue.push(batch);
    batch = [];
    feed();
  }

  function feed(): void {
    for (;;) {
      const thread = threads.reduce((least, one) => (one.held < least.held ? one : least));
      const jobs = thread.held < HELD ? queue.shift() : undefined;
      if (jobs === undefined) return;
      thread.held++;
      thread.worker.postMessage(jobs);
    }
  }

  function tellIdle(): void {
    if (failure !== undefined || (queue.length === 0 && threads.every((thread) => thread.held === 0))) onIdle?.();
  }

  async function stop(): Promise<void> {
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}
