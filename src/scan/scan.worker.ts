// A thread that scans files: gets the prepared scanner once and batches of files after it, answers each with what it found.
import { parentPort, workerData } from 'node:worker_threads';
import { createScanner } from './create.ts';
import { scanFile } from './scan-file.ts';
import type { PreparedScanner } from './scanner.ts';
import type { TreeFile } from './walk.ts';

const scanner = createScanner(workerData as PreparedScanner);

parentPort?.on('message', (batch: readonly TreeFile[]) => {
  parentPort?.postMessage(batch.map(({ file, path }) => scanFile(scanner, file, { path })));
});
