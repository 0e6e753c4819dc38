import { describe, expect, it } from 'vitest';
import { createKeyboard } from '../../src/tui/index.ts';

function typed(chunks: string[]): string {
  const keyboard = createKeyboard();
  for (const chunk of chunks) keyboard.feed(Buffer.from(chunk));
  return String(keyboard.stream.read() ?? '');
}

describe('createKeyboard', () => {
  it.each([
    ['keys', ['a', '\x1b[A', 'é'], 'a\x1b[Aé'],
    ['a paste', ['x\x1b[200~y\ry\x1b[201~z'], 'xz'],
    ['a paste in pieces', ['x\x1b[2', '00~y\r', 'y\x1b[20', '1~z'], 'xz'],
    ['a paste that never ends', ['x\x1b[200~y', 'yes\r'], 'x'],
    ['the escape key', ['\x1b'], '\x1b'],
    ['focus, mouse and cursor reports', ['\x1b[Ia\x1b[O\x1b[<35;1;2M\x1b[<0;1;2mb\x1b[12;40Rc'], 'abc'],
    ['answers to queries', ['\x1b[?62;22ca\x1b]11;rgb:0000/0000/0000\x1b\\b\x1bP>|kitty\x1b\\c\x1b[?1u'], 'abc'],
  ])('passes on %s', (_, chunks, expected) => expect(typed(chunks)).toBe(expected));
});
