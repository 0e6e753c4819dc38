// Claude Code itself: in a pseudo-terminal when the person sits at one, else on plain pipes. Signals to us go to it, so
// that it can end well; its status is ours.
import type { Profile, Sandbox } from '../sandbox/index.ts';
import { createEscapeGuard } from './escapes/guard.ts';
import { openPipes } from './pipes.ts';
import { openPty } from './pty.ts';
import { relay } from './relay.ts';
import type { StageDoor } from './stage.ts';
import { openTerminal } from './terminal.ts';
import { innermost } from './tree.ts';

export interface RunSessionInput {
  profile: Profile;
  sandbox: Sandbox;
  argv: readonly string[];
  term: string | undefined;
  /** Where questions are asked over the session's screen. */
  stage: StageDoor;
  /** Hears of a kind of escape sequence that was kept from the person's terminal. */
  onDropped: (sequence: string) => void;
}

/** How long the program gets after a signal before it is killed, in ms. */
const GRACE_MS = 5000;

/** Runs the program to its end; gives its exit status, 128 + n when a signal ended it or us. */
export async function runSession(input: RunSessionInput): Promise<number> {
  const { profile, sandbox, argv, term, stage, onDropped } = input;
  const terminal = openTerminal(process.stdin, process.stdout);
  const signals = passSignals();
  try {
    if (terminal === undefined) {
      const piped = openPipes(sandbox.wrap({ ...profile, newSession: true }, argv));
      signals.to(piped.pid);
      return signals.status(await piped.ended);
    }
    const command = sandbox.wrap(profile, argv);
    const status = await relay(terminal, stage, createEscapeGuard(onDropped), (onData) => {
      const pty = openPty(command, terminal.size(), term ?? 'xterm-256color', onData);
      signals.to(pty.pid);
      return pty;
    });
    return signals.status(status);
  } finally {
    signals.stop();
  }
}

/** The conventional numbers of the signals that end a session. */
const ENDING = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Passes ending signals on to the innermost program and kills the whole chain when it does not go. */
function passSignals() {
  let target = -1;
  let received = 0;
  let timer: NodeJS.Timeout | undefined;
  const listeners = Object.entries(ENDING).map(([signal, number]) => {
    const listener = () => {
      received = number;
      const pid = target > 0 ? (innermost(target) ?? target) : undefined;
      if (pid !== undefined) kill(pid, signal as NodeJS.Signals);
      timer ??= setTimeout(() => kill(target, 'SIGKILL'), GRACE_MS);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return {
    to(pid: number) {
      target = pid;
      if (received !== 0) kill(pid, 'SIGKILL');
    },
    status: (status: number) => (received === 0 || status === 0 ? status : 128 + received),
    stop() {
      clearTimeout(timer);
      for (const { signal, listener } of listeners) process.off(signal, listener);
    },
  };
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, signal);
  } catch {
    // ESRCH: it ended by itself meanwhile
  }
}
