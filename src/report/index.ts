export { annotations } from './annotations.ts';
export { otlpBodies } from './otlp.ts';
export { reportPage } from './page.ts';
export { rehearsalTable } from './rehearsal.ts';
export { sarif } from './sarif.ts';
export { scanForTerminal, scanJson } from './scan.ts';
export { type Counts, type SessionReport, summarize } from './summarize.ts';
export { reportForTerminal } from './terminal.ts';
export { sizeText, termsText, timeText, verificationText } from './words.ts';
