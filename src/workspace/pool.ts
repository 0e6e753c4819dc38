// The threads that copy, and the main thread that lends a hand when the walk is done: on a machine with two cores one thread
// beside it is enough. Each thread holds a few batches at a time, so that none waits for the walk and none gets all the work.
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Refusal } from '../errors/index.ts';
import { workerFile } from '../host/index.ts';
import { unpackBatch } from './batch.ts';
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

export interface CopyPoolInput {
  shared: CopyWorkerInput;
  threads: number;
  /** Copies one file in the main thread. */
  copyHere(job: CopyJob): void;
  onCopied(copied: Copied): void;
}

interface Thread {
  worker: Worker;
  held: CopyJob[][];
}

/** Starts threads; results come in any order. */
export function createCopyPool({ shared, threads: count, copyHere, onCopied }: CopyPoolInput): CopyPool {
  const queue: CopyJob[][] = [];
  let batch: CopyJob[] = [];
  let failure: unknown;
  let onIdle: (() => void) | undefined;
  const threads = Array.from({ length: count }, startThread);

  return {
    add(job) {
      if (batch.push(job) === BATCH) flush();
    },
    async finish() {
      flush();
      await help();
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
    const worker = new Worker(workerFile('copy'), { workerData: shared, env: {}, execArgv: [] });
    const thread: Thread = { worker, held: [] };
    worker.on('message', (output: CopyWorkerOutput) => take(thread, output));
    worker.on('error', (error) => fail(error));
    return thread;
  }

  function take(thread: Thread, output: CopyWorkerOutput): void {
    const jobs = thread.held.shift() ?? [];
    if ('failed' in output) fail(new Refusal('workspace.write', { path: textOf(output.path), code: output.failed }));
    else unpackBatch(output.batch, jobs, onCopied);
    feed();
    tellIdle();
  }

  function fail(error: unknown): void {
    failure ??= error;
    queue.length = 0;
    tellIdle();
  }

  function flush(): void {
    if (batch.length > 0) queue.push(batch);
    batch = [];
    feed();
  }

  function feed(): void {
    for (;;) {
      const thread = threads.reduce((least, one) => (one.held.length < least.held.length ? one : least));
      const jobs = thread.held.length < HELD ? queue.shift() : undefined;
      if (jobs === undefined) return;
      thread.held.push(jobs);
      thread.worker.postMessage(jobs);
    }
  }

  /** After each batch of its own the main thread takes in what the threads have done and feeds them. */
  async function help(): Promise<void> {
    for (let jobs = queue.pop(); jobs !== undefined; jobs = queue.pop()) {
      for (const job of jobs) copyHere(job);
      await setImmediate();
    }
  }

  function tellIdle(): void {
    if (failure !== undefined || (queue.length === 0 && threads.every(({ held }) => held.length === 0))) onIdle?.();
  }

  async function stop(): Promise<void> {
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}
