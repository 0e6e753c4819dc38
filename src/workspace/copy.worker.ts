// A thread that copies batches of files: each is read, scanned, redacted and written in one pass while the main thread
// goes on walking. Secrets go back to the main thread's vault; the thread derives the same placeholders from the key.
import { parentPort, workerData } from 'node:worker_threads';
import type { Policy } from '../policy/index.ts';
import { placeholderOf } from '../redact/index.ts';
import { createScanner, type PreparedScanner } from '../scan/index.ts';
import { type Batch, packBatch } from './batch.ts';
import { type Copied, type CopyContext, type CopyJob, copyFile } from './copy.ts';
import type { ObjectFormat } from './git/objects.ts';

/** What a thread is started with. */
export interface CopyWorkerInput {
  /** Raw paths. */
  root: string;
  target: string;
  device: bigint;
  key: Uint8Array;
  prepared: PreparedScanner;
  binaries: Policy['scan']['binaries'];
  gitFormat?: ObjectFormat;
}

/** The answer to one batch; `failed` when the copy could not be written, with the system's code. */
export type CopyWorkerOutput = { batch: Batch } | { failed: string; path: string };

const { key, prepared, ...given } = workerData as CopyWorkerInput;
const place = (rule: string, secret: string) => placeholderOf(key, rule, Buffer.from(secret, 'latin1'));
const context: CopyContext = { ...given, place, scanner: createScanner(prepared) };

parentPort?.on('message', (jobs: CopyJob[]) => parentPort?.postMessage(copyBatch(jobs)));

function copyBatch(jobs: CopyJob[]): CopyWorkerOutput {
  const copied: Copied[] = [];
  for (const job of jobs) {
    try {
      copied.push(copyFile(job, context));
    } catch (error) {
      return { failed: (error as NodeJS.ErrnoException).code ?? 'unknown', path: job.path };
    }
  }
  return { batch: packBatch(copied, context.gitFormat !== undefined) };
}
