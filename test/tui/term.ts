// A real pty with a terminal emulator behind it.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { build } from 'esbuild';
import { packageRoot } from '../../src/host/index.ts';

/** Its types declare another name than the one it is installed under. */
const { spawn } = createRequire(import.meta.url)('node-pty') as {
  spawn(
    file: string,
    args: string[],
    options: { cols: number; rows: number; env: Record<string, string> },
  ): {
    onData(listener: (text: string) => void): void;
    onExit(listener: (end: { exitCode: number; signal?: number }) => void): void;
    write(text: string): void;
    resize(columns: number, rows: number): void;
  };
};

export interface Term {
  /** What is on the screen, a line each, without trailing spaces and empty lines at the end. */
  frame(): string[];
  /** Row and column of the cursor. */
  cursor(): [number, number];
  /** Modes as the emulator has them. */
  readonly modes: { bracketedPaste: boolean; focus: boolean; alternate: boolean };
  /** Everything the program wrote. */
  readonly raw: string;
  write(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen satisfies a condition; fails with the screen when the program ends or 10 s pass. */
  until(condition: (frame: string[]) => boolean): Promise<string[]>;
  /** Waits for the program's end; what it answered. */
  end(): Promise<{ status: number; answer: unknown }>;
}

/** Bundles a fixture once, beside the build, where its packages are found. */
export async function bundleFixture(name: string): Promise<{ file: string; dispose(): void }> {
  const folder = join(packageRoot(), 'dist', `test-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  const entry = join(import.meta.dirname, 'fixtures', `${name}.ts`);
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return { file, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a program in a pty of its own. */
export function openTerm(
  args: readonly string[],
  { columns = 80, rows = 24, env = {} }: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): Term {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let answer: unknown;
  emulator.parser.registerOscHandler(9, (text) => {
    answer = JSON.parse(text);
    return true;
  });
  const child = spawn(process.execPath, [...args], {
    cols: columns,
    rows,
    env: { PATH: '/usr/bin:/bin', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  });
  let raw = '';
  let changed = () => {};
  child.onData((text) => {
    raw += text;
    emulator.write(text, () => changed());
  });
  emulator.onData((reply) => child.write(reply));
  const ended = new Promise<number>((done) =>
    child.onExit(({ exitCode, signal }) => done(signal ? 128 + signal : exitCode)),
  );
  return {
    frame,
    cursor: () => [emulator.buffer.active.cursorY, emulator.buffer.active.cursorX],
    get modes() {
      const { bracketedPasteMode: bracketedPaste, sendFocusMode: focus } = emulator.modes;
      return { bracketedPaste, focus, alternate: emulator.buffer.active.type === 'alternate' };
    },
    get raw() {
      return raw;
    },
    write: (keys) => child.write(keys),
    resize(wide, high) {
      emulator.resize(wide, high);
      child.resize(wide, high);
    },
    until: (condition) =>
      new Promise((done, fail) => {
        const stop = setTimeout(() => fail(new Error(`not seen:\n${frame().join('\n')}`)), 10_000);
        changed = () => {
          if (!condition(frame())) return;
          clearTimeout(stop);
          changed = () => {};
          done(frame());
        };
        changed();
      }),
    async end() {
      const status = await ended;
      await new Promise<void>((flushed) => emulator.write('', flushed));
      return { status, answer };
    },
  };

  function frame(): string[] {
    const { active } = emulator.buffer;
    const lines = Array.from({ length: emulator.rows }, (_, at) =>
      (active.getLine(active.viewportY + at)?.translateToString(true) ?? '').trimEnd(),
    );
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }
}
