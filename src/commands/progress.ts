// How far the copy is, for a person who waits: from 300 ms on, on one line of standard error that goes away again.
import type { HostEnvironment } from '../host/index.ts';

export interface Progress {
  onProgress(done: { files: number; bytes: number }): void;
  end(): void;
}

/** Before this nobody wonders, in ms. */
const PATIENCE_MS = 300;

/** Redrawn at most this often, in ms. */
const REDRAW_MS = 100;

/** Starts the clock. Without a terminal nothing is ever written. */
export function startProgress(host: Pick<HostEnvironment, 'terminal'>, now: () => number = Date.now): Progress {
  let drawn = now() + PATIENCE_MS - REDRAW_MS;
  let shown = false;
  return {
    onProgress({ files, bytes }) {
      if (!host.terminal || now() - drawn < REDRAW_MS) return;
      drawn = now();
      shown = true;
      process.stderr.write(`\rsotto: ${files} files, ${Math.round(bytes / 1e6)} MB\x1b[K`);
    },
    end() {
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
