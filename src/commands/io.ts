/** Where a command prints; a command never touches the streams itself, so that tests read what it says. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Standard error is a terminal: progress may be shown on it. */
  terminal: boolean;
}

export const processIo: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
};
