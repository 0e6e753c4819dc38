import type { Key } from 'ink';

/** A key by name: `up`, `enter`, `escape`, `ctrl-c`, or the letter itself. Undefined for anything longer, such as a paste. */
export function nameOfKey(input: string, key: Key): string | undefined {
  if (key.ctrl) return input.length === 1 ? `ctrl-${input}` : undefined;
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'page-up';
  if (key.pageDown) return 'page-down';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.backspace || key.delete) return 'backspace';
  return [...input].length === 1 ? input : undefined;
}
