/** Where a command prints; a command never touches the streams itself, so that tests read what it says. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Standard error is a terminal: progress may be shown on it. */
  terminal: boolean;
}

export const processIo: Io = {
  out: (text) => {
    endWithReader();
    process.stdout.write(text);
  },
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
};

let listening = false;

/** `sotto report | head`: when the reader has seen enough, so have we. 141 is what a shell says of SIGPIPE. */
function endWithReader(): void {
  if (listening) return;
  listening = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(141);
  });
}
