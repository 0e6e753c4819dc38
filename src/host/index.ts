export {
  type Anchor,
  type AnchorOptions,
  type AnchorStep,
  type NewFile,
  openAnchor,
} from './anchor.ts';
export { askHidden, readAll } from './ask-hidden.ts';
export { collectYoung } from './collect-young.ts';
export { countOf } from './count-of.ts';
export { packageRoot, packageVersion, patternsFolder, workerFile } from './entry.ts';
export { type HostEnvironment, hostName, readEnvironment } from './environment.ts';
export { type HeldFolder, holdFolder } from './held-folder.ts';
export { isAlive } from './is-alive.ts';
export { locate, toolPath } from './locate.ts';
export { type Piped, pipe, type RunOptions, type RunResult, run, runAttached, runBytes } from './process.ts';
export { createPaint, escapeForTerminal, type Paint } from './terminal.ts';
