export { furnishHome } from './home.ts';
export { type Lent, lendEnvironment } from './lent.ts';
export { sessionProfile } from './profile.ts';
export { findProgram, type Program } from './program.ts';
export { findRoot } from './root.ts';
export { runSession } from './run.ts';
export { createStage, type ScreenModes, type Stage } from './stage.ts';
export { keepStatus, statusText } from './status-line.ts';
