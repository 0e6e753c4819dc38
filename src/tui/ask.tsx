// One question at a time: a screen is shown, it answers, the terminal is as it was before.
import { render } from 'ink';
import type { ReactNode } from 'react';
import type { Terminal } from './terminal.ts';
import { type Theme, themeOf } from './theme.ts';

/** What every screen gets besides its own properties. */
export interface ScreenProps<A> {
  theme: Theme;
  /** Ends the screen; later calls do nothing. */
  answer(answer: A): void;
}

const queues = new WeakMap<Terminal, Promise<unknown>>();

/** Shows a screen over what stands on the terminal and waits for its answer; questions to one terminal queue up. */
export function ask<P extends object, A>(
  Screen: (props: P & ScreenProps<A>) => ReactNode,
  props: P,
  terminal: Terminal,
): Promise<A> {
  const before = queues.get(terminal) ?? Promise.resolve();
  const asked = before.then(() => show(Screen, props, terminal));
  queues.set(
    terminal,
    asked.catch(() => {}),
  );
  return asked;
}

async function show<P extends object, A>(
  Screen: (props: P & ScreenProps<A>) => ReactNode,
  props: P,
  terminal: Terminal,
): Promise<A> {
  const { screen, keyboard, modes } = terminal;
  screen.write(modes.suspend());
  let unmount = () => {};
  try {
    return await new Promise<A>((answer, fail) => {
      const app = render(<Screen {...props} theme={themeOf(terminal.colour)} answer={answer} />, {
        stdin: keyboard.stream,
        stdout: screen,
        stderr: screen,
        exitOnCtrlC: false,
        patchConsole: false,
      });
      unmount = app.unmount;
      app.waitUntilExit().catch(fail);
    });
  } finally {
    unmount();
    screen.write(modes.resume());
  }
}
