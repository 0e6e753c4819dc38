// Bytes between the person's terminal and the session's, both ways: untouched, but for escape sequences that a terminal must
// not be told; and the three things that a terminal does beside bytes: resize, suspend (Ctrl-Z, `fg`) and hang up.

import type { Pty } from './pty.ts';
import { repaint, type StageDoor } from './stage.ts';
import { RESET_MODES, type Terminal } from './terminal.ts';
import { innermost } from './tree.ts';

/** Ctrl-Z as a byte, and as kitty's keyboard protocol writes it. Only alone: inside a paste it is text. */
const SUSPEND = new Set(['\x1a', '\x1b[122;5u', '\x1b[122;5:1u']);

/** How long Claude Code gets to give the terminal back after Ctrl-Z, in ms; on a busy machine a frame may take that long. */
const SUSPEND_MS = 2000;

/** Silence after which it has said all it had to say, in ms. */
const QUIET_MS = 120;

interface ScreenState {
  /** The program is on the alternate screen. */
  alternate: boolean;
  /** When it printed last, in ms. */
  printed: number;
}

/** Connects the two until the session ends; gives the exit status. */
export async function relay(
  terminal: Terminal,
  stage: StageDoor,
  guard: (bytes: Buffer) => Buffer,
  start: (onData: (bytes: Buffer) => void) => Pty,
): Promise<number> {
  const { input, output } = terminal;
  const waiting: Buffer[] = [];
  const screen: ScreenState = { alternate: false, printed: 0 };
  terminal.acquire();
  const pty = start((raw) => {
    const bytes = guard(raw);
    watchScreen(screen, bytes);
    stage.modes.feed(bytes);
    if (stage.held) {
      waiting.push(bytes);
      return;
    }
    // Back-pressure: a terminal slower than the program makes the program wait, not our memory grow.
    if (!output.write(bytes)) pauseUntilDrained(pty, output);
  });
  stage.open(terminal, pty, () => {
    for (const bytes of waiting.splice(0)) output.write(bytes);
  });
  const onKeys = (bytes: Buffer) => {
    if (stage.held) {
      stage.keys(bytes);
      return;
    }
    pty.write(bytes);
    if (SUSPEND.has(bytes.toString('latin1'))) void suspend(terminal, pty, screen);
  };
  const onResize = () => pty.resize(terminal.size().columns, terminal.size().rows);
  const onGone = () => undefined; // the terminal hung up: SIGHUP ends the session, writing to it must not
  input.on('data', onKeys).on('error', onGone).resume();
  output.on('resize', onResize).on('error', onGone);
  try {
    return await pty.ended;
  } finally {
    input.off('data', onKeys).pause();
    output.off('resize', onResize);
    if (screen.alternate) output.write(RESET_MODES);
    terminal.release();
  }
}

function watchScreen(screen: ScreenState, bytes: Buffer): void {
  screen.printed = Date.now();
  const on = bytes.lastIndexOf('\x1b[?1049h');
  const off = bytes.lastIndexOf('\x1b[?1049l');
  if (on !== off) screen.alternate = on > off;
}

function pauseUntilDrained(pty: Pty, output: Terminal['output']): void {
  pty.pause();
  output.once('drain', () => pty.resume());
}

/**
 * Claude Code gives the terminal back on Ctrl-Z and stops itself, which it cannot as the leader of an orphaned group:
 * so we stop in its place, and on `fg` wake it and make it draw. Were we to stop before it left its screen, the rest of
 * its farewell would be printed over the shell after `fg`.
 */
async function suspend(terminal: Terminal, pty: Pty, screen: ScreenState): Promise<void> {
  if (!(await gaveBack(screen))) return; // another program reads the keys, an editor say: to it Ctrl-Z was only a key
  terminal.release();
  process.once('SIGCONT', () => {
    terminal.acquire();
    const pid = innermost(pty.pid);
    if (pid !== undefined) process.kill(pid, 'SIGCONT');
    repaint(pty, terminal);
  });
  process.kill(0, 'SIGTSTP');
}

async function gaveBack(screen: ScreenState): Promise<boolean> {
  const asked = Date.now();
  while (Date.now() - asked < SUSPEND_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const quiet = Date.now() - Math.max(screen.printed, asked) > QUIET_MS;
    if (quiet && !screen.alternate) return true;
  }
  return false;
}
