import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { createModeTracker } from '../../src/tui/index.ts';

async function emulator(text: string) {
  const term = new xterm.Terminal({ cols: 20, rows: 5, allowProposedApi: true });
  const write = (more: string) => new Promise<void>((done) => term.write(more, done));
  await write(text);
  const state = () => ({
    modes: { ...term.modes },
    lines: Array.from({ length: 5 }, (_, at) => term.buffer.active.getLine(at)?.translateToString(true)),
    cursor: [term.buffer.active.cursorX, term.buffer.active.cursorY],
    screen: term.buffer.active.type,
  });
  return { write, state };
}

describe('createModeTracker', () => {
  it.each([
    ['nothing', 'hello'],
    ['what Claude Code switches on', '\x1b[?25l\x1b[?2004h\x1b[?1004h\x1b[>1u\x1b[?2026h text \x1b[?2026l'],
    ['mouse and application keys', '\x1b[?1000;1002;1006h\x1b[?1hhi'],
    ['on and off again', '\x1b[?2004h\x1b[?1003h\x1b[?1003l\x1b[?25l\x1b[?25h'],
    ['a reset', '\x1b[?2004h\x1b[?1000h\x1bcagain'],
    ['sequences in pieces', '\x1b[?20\u000004h'],
  ])('gives the terminal back as it was: %s', async (_, output) => {
    const tracker = createModeTracker();
    const chunks = output.split('\u0000');
    for (const chunk of chunks) tracker.feed(Buffer.from(chunk));
    const { write, state } = await emulator(chunks.join(''));
    const before = state();
    await write(tracker.suspend());
    const during = state();
    expect([during.screen, during.modes.mouseTrackingMode, during.modes.sendFocusMode]).toEqual([
      'alternate',
      'none',
      false,
    ]);
    await write('\x1b[?25la question\r\nover all of it');
    await write(tracker.resume());
    expect(state()).toEqual(before);
  });

  it('says when the program draws on the alternate screen, so that it must repaint', () => {
    const tracker = createModeTracker();
    tracker.feed('\x1b[?1049h');
    expect(tracker.alternate).toBe(true);
    expect(tracker.suspend()).not.toContain('1049');
    tracker.feed('\x1b[?1049l');
    expect(tracker.alternate).toBe(false);
  });

  it('turns the kitty keyboard off for a question only where the program turned it on', () => {
    const tracker = createModeTracker();
    expect(tracker.suspend()).not.toContain('\x1b[>0u');
    tracker.feed('\x1b[>5u');
    expect([tracker.suspend().includes('\x1b[>0u'), tracker.resume().includes('\x1b[<u')]).toEqual([true, true]);
    tracker.feed('\x1b[<u');
    expect(tracker.suspend()).not.toContain('\x1b[>0u');
  });

  it('gives back how keys with modifiers are reported', () => {
    const tracker = createModeTracker();
    tracker.feed('\x1b[1;31m\x1b[>4;2m');
    expect([tracker.suspend().includes('\x1b[>4;0m'), tracker.resume().includes('\x1b[>4;2m')]).toEqual([true, true]);
    tracker.feed('\x1b[>4;0m');
    expect(tracker.suspend()).not.toContain('\x1b[>4');
  });
});
