// A tree in threads. The main thread walks and hands out batches, a thread asks for the next one by answering the last;
// small trees are scanned where they are, because a thread costs more than a hundred files.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Refusal } from '../errors/index.ts';
import { workerFile } from '../host/index.ts';
import { createScanner } from './create.ts';
import { type ScannedFile, scanFile } from './scan-file.ts';
import type { PreparedScanner } from './scanner.ts';
import { type TreeFile, type WalkOptions, walk } from './walk.ts';

export interface TreeOptions extends WalkOptions {
  prepared: PreparedScanner;
  /** Absolute paths of files and folders. */
  roots: readonly string[];
  /** Threads besides this one; at most four when absent. 0: scan here. */
  threads?: number;
  onProgress?: (done: { files: number; bytes: number; findings: number }) => void;
}

/** What a scan of a tree found; `files` holds only those with findings or problems. */
export interface TreeReport {
  files: ScannedFile[];
  scanned: number;
  bytes: number;
}

/** Fewer files than this are scanned in the calling thread. */
const FEW = 150;
const BATCH = 64;

/** Scans files and folders. @throws Refusal `scan.not-found`, `scan.worker` */
export async function scanTree(options: TreeOptions): Promise<TreeReport> {
  const files: TreeFile[] = [];
  for (const root of options.roots) for await (const file of walk(root, options)) files.push(file);
  const threads = options.threads ?? Math.min(availableParallelism(), 4);
  const report = createReport(options.onProgress);
  if (threads === 0 || files.length < FEW) scanHere(files, options.prepared, report.add);
  else await scanInThreads(files, options.prepared, threads, report.add);
  return report.done();
}

function createReport(onProgress: TreeOptions['onProgress']) {
  const total: TreeReport = { files: [], scanned: 0, bytes: 0 };
  let findings = 0;
  return {
    add(batch: readonly ScannedFile[]): void {
      for (const file of batch) {
        total.scanned++;
        total.bytes += file.bytes;
        findings += file.findings.length;
        if (file.findings.length > 0 || file.unreadable === true) total.files.push(file);
      }
      onProgress?.({ files: total.scanned, bytes: total.bytes, findings });
    },
    done(): TreeReport {
      total.files.sort((a, b) => (a.path < b.path ? -1 : 1));
      return total;
    },
  };
}

type Add = (batch: readonly ScannedFile[]) => void;

function scanHere(files: readonly TreeFile[], prepared: PreparedScanner, add: Add): void {
  const scanner = createScanner(prepared);
  for (const { file, path } of files) add([scanFile(scanner, file, { path })]);
}

async function scanInThreads(files: TreeFile[], prepared: PreparedScanner, threads: number, add: Add): Promise<void> {
  const batches: TreeFile[][] = [];
  for (let at = 0; at < files.length; at += BATCH) batches.push(files.slice(at, at + BATCH));
  batches.reverse();
  await Promise.all(Array.from({ length: Math.min(threads, batches.length) }, () => work(batches, prepared, add)));
}

/** One thread from its start to its end. */
function work(batches: TreeFile[][], prepared: PreparedScanner, add: Add): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile('scan'), { workerData: prepared });
    const next = () => {
      const batch = batches.pop();
      if (batch === undefined) void worker.terminate();
      else worker.postMessage(batch);
    };
    let waiting = true;
    worker.on('message', (scanned: ScannedFile[]) => {
      add(scanned);
      waiting = batches.length > 0;
      next();
    });
    worker.on('error', (cause) => reject(new Refusal('scan.worker', { reason: cause.name }, { cause })));
    worker.on('exit', () => {
      if (waiting) reject(new Refusal('scan.worker', { reason: 'it exited' }));
      else resolve();
    });
    next();
    if (batches.length === 0 && !waiting) void worker.terminate();
  });
}
