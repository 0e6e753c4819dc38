import { afterEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from '../../src/commands/progress.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What was written to standard error while a copy went on for so many ms, one file a ms. */
function written(terminal: boolean, ms: number): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  let time = 0;
  const progress = startProgress({ terminal }, () => time);
  for (time = 1; time <= ms; time += 1) progress.onProgress({ files: time, bytes: time * 10_000 });
  progress.end();
  return lines;
}

describe('startProgress', () => {
  it('says nothing when the copy is made at once', () => {
    expect(written(true, 299)).toEqual([]);
  });

  it('shows files and size from 300 ms on, ten times a second, and takes the line away', () => {
    expect(written(true, 450)).toEqual([
      '\rsotto: 300 files, 3 MB\x1b[K',
      '\rsotto: 400 files, 4 MB\x1b[K',
      '\r\x1b[K',
    ]);
  });

  it('says nothing without a terminal', () => {
    expect(written(false, 2000)).toEqual([]);
  });
});
