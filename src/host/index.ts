export { packageRoot, patternsFolder, workerFile } from './entry.ts';
export { type RunOptions, type RunResult, run } from './process.ts';
