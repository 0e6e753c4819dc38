// Who copies: the main thread alone for a small tree; as soon as it proves to be larger, threads, and the main thread lends
// a hand when the walk is done. On a machine with two cores one thread beside the main one is enough.
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Refusal } from '../errors/index.ts';
import { workerFile } from '../host/index.ts';
import { type Answer, type AnswerInput, createAnswer, type Question } from './answer.ts';
import { unpackBatch } from './batch.ts';
import { hasMarks } from './clean/table.ts';
import type { Copied, CopyJob } from './copy.ts';
import { textOf } from './raw-path.ts';
import type { StandingSecret } from './standing.ts';

export interface Crew {
  add(job: CopyJob): void;
  /** Waits until every file that was added is copied; throws the refusal of the first that could not be. */
  copied(): Promise<void>;
  /** The copied files among these that hold one of the secrets. */
  search(paths: readonly string[], secrets: readonly StandingSecret[]): Promise<string[]>;
  /** Marks of what was scanned and proved clean. */
  readonly learnt: readonly Int32Array[];
  /** Sends the threads home. */
  stop(): Promise<void>;
}

/** Up to this many files the main thread copies alone: starting threads would take longer. */
const ALONE = 400;
const BATCH = 64;
/** Batches that a thread holds at a time, so that none waits for the walk and none gets all the work. */
const HELD = 4;
/**
 * So many files that must be scanned the main thread leaves to the others, where most are known to be clean: a scanner takes
 * longer to get under way in one more thread than to scan a few hundred files.
 */
const MOST_LEFT = 256;

interface Task {
  question: Question;
  done(answer: Answer): void;
}

interface Thread {
  worker: Worker;
  held: Task[];
  /** Secrets it has been told of. */
  told: number;
}

/** Starts with the main thread only; `onCopied` is called for each file, in any order. */
export function createCrew(
  input: AnswerInput,
  threadCount: number | undefined,
  onCopied: (copied: Copied) => void,
): Crew {
  const leaves = hasMarks(input.known) && (() => threads.length > 0 && leftCount < MOST_LEFT);
  const here = createAnswer(input, leaves || undefined);
  const queue: Task[] = [];
  /** For the threads only. */
  const left: Task[] = [];
  let leftCount = 0;
  const threads: Thread[] = [];
  const learnt: Int32Array[] = [];
  let batch: CopyJob[] = [];
  let count = 0;
  let failure: unknown;
  let onIdle: (() => void) | undefined;

  return {
    learnt,
    add(job) {
      if (batch.push(job) === BATCH) flush();
      if (++count === ALONE) for (let n = 0; n < (threadCount ?? threadsHere()); n++) threads.push(startThread());
    },
    async copied() {
      flush();
      await finish();
    },
    async search(paths, secrets) {
      const holding: string[] = [];
      for (let from = 0; from < paths.length; from += 4 * BATCH) {
        const question = { search: paths.slice(from, from + 4 * BATCH), add: secrets };
        queue.push({ question, done: (answer) => 'holding' in answer && holding.push(...answer.holding) });
      }
      feed();
      await finish();
      return holding;
    },
    stop: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };

  function startThread(): Thread {
    const worker = new Worker(workerFile('copy'), { workerData: input, env: {}, execArgv: [] });
    const thread: Thread = { worker, held: [], told: 0 };
    worker.on('message', (answer: Answer) => {
      settle(thread.held.shift() as Task, answer);
      feed();
      tellIdle();
    });
    worker.on('error', fail);
    return thread;
  }

  function settle(task: Task, answer: Answer): void {
    if ('failed' in answer) fail(new Refusal('workspace.write', { path: textOf(answer.path), code: answer.failed }));
    else task.done(answer);
  }

  function fail(error: unknown): void {
    failure ??= error;
    queue.length = 0;
    left.length = 0;
    tellIdle();
  }

  function flush(): void {
    const jobs = batch;
    batch = [];
    if (jobs.length === 0) return;
    queue.push(taskOf(jobs));
    feed();
  }

  function taskOf(jobs: CopyJob[]): Task {
    const done = (answer: Answer) => {
      if (!('batch' in answer)) return;
      learnt.push(answer.batch.learnt);
      const again: CopyJob[] = [];
      unpackBatch(answer.batch, jobs, (copied) => {
        if ('undone' in copied && copied.undone === 'left') again.push({ path: copied.path, trust: false });
        else onCopied(copied);
      });
      if (again.length > 0) leave(again);
    };
    return { question: { copy: jobs }, done };
  }

  function leave(jobs: CopyJob[]): void {
    leftCount += jobs.length;
    left.push(taskOf(jobs));
    feed();
  }

  function feed(): void {
    while (queue.length + left.length > 0 && threads.length > 0) {
      const thread = threads.reduce((least, one) => (one.held.length < least.held.length ? one : least));
      if (thread.held.length >= HELD) return;
      const task = (left.shift() ?? queue.shift()) as Task;
      thread.held.push(task);
      thread.worker.postMessage(newsOnly(task.question, thread));
    }
  }

  /** Done when nothing is queued and nothing is held. The main thread takes answers in between its own batches. */
  async function finish(): Promise<void> {
    for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
      settle(task, here(task.question));
      if (threads.length > 0) await setImmediate();
    }
    await new Promise<void>((resolve) => {
      onIdle = resolve;
      tellIdle();
    });
    if (failure !== undefined) throw failure;
  }

  function tellIdle(): void {
    if (failure !== undefined || (queue.length + left.length === 0 && threads.every(({ held }) => held.length === 0)))
      onIdle?.();
  }
}

/** A thread is told each secret once. */
function newsOnly(question: Question, thread: Thread): Question {
  if (!('search' in question)) return question;
  const add = question.add.slice(thread.told);
  thread.told = question.add.length;
  return { ...question, add };
}

/** The main thread copies too, so one core is its own; more than four only fight over the file system. */
function threadsHere(): number {
  return Math.min(4, Math.max(1, availableParallelism() - 1));
}
