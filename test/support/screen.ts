// A terminal emulator around a real pseudo-terminal: what a person would see, and keys as a person would press them.
import xterm from '@xterm/headless';
import { spawn } from 'node-pty';

export interface Screen {
  readonly pid: number;
  /** The visible rows, right-trimmed. */
  rows(): string[];
  text(): string;
  /** Everything that the program printed, raw. */
  raw(): string;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves when the screen satisfies the condition; throws with the screen when it does not in time. */
  until(holds: (text: string) => boolean, what: string, ms?: number): Promise<void>;
  readonly ended: Promise<{ exitCode: number; signal?: number }>;
  kill(signal?: string): void;
}

export function openScreen(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; columns?: number; rows?: number },
): Screen {
  const size = { cols: options.columns ?? 100, rows: options.rows ?? 30 };
  const emulator = new xterm.Terminal({ ...size, allowProposedApi: true, scrollback: 2000 });
  const pty = spawn(file, [...args], {
    name: 'xterm-256color',
    ...size,
    cwd: options.cwd,
    env: options.env,
    encoding: null,
  });
  let raw = '';
  pty.onData((data) => {
    raw += (data as Buffer).toString('latin1');
    emulator.write(data as Buffer);
  });
  // Answers of the emulator (cursor position, device attributes) go back as a terminal's would.
  emulator.onData((data) => pty.write(data));
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => pty.onExit(resolve));
  const rows = () => {
    const { active } = emulator.buffer;
    return Array.from(
      { length: emulator.rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
    );
  };
  const text = () => rows().join('\n');
  return {
    pid: pty.pid,
    rows,
    text,
    raw: () => raw,
    type: (keys) => pty.write(keys),
    resize(columns, height) {
      pty.resize(columns, height);
      emulator.resize(columns, height);
    },
    async until(holds, what, ms = 20_000) {
      for (let waited = 0; waited < ms; waited += 25) {
        if (holds(text())) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`the screen never showed ${what}:\n${text()}`);
    },
    ended,
    kill(signal = 'SIGKILL') {
      try {
        process.kill(pty.pid, signal);
      } catch {
        // it has ended already
      }
    },
  };
}
