export { packageRoot, patternsFolder, workerFile } from './entry.ts';
export { type HostEnvironment, readEnvironment } from './environment.ts';
export { locate, toolPath } from './locate.ts';
export { type RunOptions, type RunResult, run } from './process.ts';
export { createPaint, escapeForTerminal, type Paint } from './terminal.ts';
