// What a copying thread does with one message; the main thread does the same with a share of them.
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import type { Policy } from '../policy/index.ts';
import { placeholderOf } from '../redact/index.ts';
import { createScanner, type PreparedScanner } from '../scan/index.ts';
import { type Batch, packBatch } from './batch.ts';
import { type CleanTable, createClean } from './clean/table.ts';
import { type Copied, type CopyContext, type CopyJob, copyFile } from './copy.ts';
import type { ObjectFormat } from './git/objects.ts';
import { fsPath, join } from './raw-path.ts';
import { createStandingSearch, type StandingSecret } from './standing.ts';

/** What a thread is started with. */
export interface AnswerInput {
  /** Raw paths. */
  root: string;
  target: string;
  device: bigint;
  key: Uint8Array;
  prepared: PreparedScanner;
  binaries: Policy['scan']['binaries'];
  gitFormat?: ObjectFormat;
  /** What proved clean in earlier sessions. */
  known?: CleanTable;
}

/** Copy these files; or: look which of these copied files hold one of the secrets, those of `add` besides. */
export type Question = { copy: CopyJob[] } | { search: string[]; add: readonly StandingSecret[] };

/** `failed` when the copy could not be written, with the system's code. */
export type Answer = { batch: Batch } | { holding: string[] } | { failed: string; path: string };

/**
 * Makes the function that answers. Secrets go back to the vault; placeholders are derived from its key meanwhile.
 * @param leaves whether files that would have to be scanned are left to others just now
 */
export function createAnswer(
  { key, prepared, known, ...given }: AnswerInput,
  leaves: () => boolean = () => false,
): (question: Question) => Answer {
  const place = (rule: string, secret: string) => placeholderOf(key, rule, Buffer.from(secret, 'latin1'));
  const clean = known && createClean(known);
  const isForOthers = (path: string, real: string) => leaves() && clean?.kindOf(clean.markOf(path, real)) === undefined;
  const context: CopyContext = {
    ...given,
    place,
    scanner: createScanner(prepared),
    isForOthers,
    ...(clean && { clean }),
  };
  const search = createStandingSearch();
  return (question) => {
    if ('copy' in question) return copyBatch(question.copy, context);
    search.add(question.add);
    return { holding: question.search.filter((path) => search.stands(readCopy(join(context.target, path)))) };
  };
}

function copyBatch(jobs: readonly CopyJob[], context: CopyContext): Answer {
  const copied: Copied[] = [];
  for (const job of jobs) {
    try {
      copied.push(copyFile(job, context));
    } catch (error) {
      return { failed: (error as NodeJS.ErrnoException).code ?? 'unknown', path: job.path };
    }
  }
  return { batch: packBatch(copied, context.gitFormat !== undefined, context.clean?.takeLearnt()) };
}

const shared = Buffer.allocUnsafe(1 << 20);

/** Valid until the next call: small files share one buffer. */
function readCopy(path: string): Buffer {
  const fd = openSync(fsPath(path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const length = readSync(fd, shared, 0, shared.length, 0);
    return length < shared.length ? shared.subarray(0, length) : readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
