import { describe, expect, it } from 'vitest';
import { createPaint, escapeForTerminal } from '../../src/host/index.ts';

describe('escapeForTerminal', () => {
  it.each([
    { description: 'an escape sequence', text: 'a\x1b[2Jb', shown: 'a\\u{1b}[2Jb' },
    { description: 'a clipboard write', text: '\x1b]52;c;eA==\x07', shown: '\\u{1b}]52;c;eA==\\u{7}' },
    { description: 'an eight-bit control', text: '\x9b31m', shown: '\\u{9b}31m' },
    { description: 'a line feed and a tab', text: 'a\n\tb', shown: 'a\\u{a}\\u{9}b' },
    { description: 'a carriage return that would hide the beginning', text: 'evil\rgood', shown: 'evil\\u{d}good' },
    { description: 'a turn to the left', text: 'a\u202etxt.exe', shown: 'a\\u{202e}txt.exe' },
    { description: 'isolates', text: '\u2066a\u2069', shown: '\\u{2066}a\\u{2069}' },
    { description: 'letters without width', text: 'a\u200b\u200d\ufeffb', shown: 'a\\u{200b}\\u{200d}\\u{feff}b' },
    { description: 'tags', text: '\u{e0041}', shown: '\\u{e0041}' },
    { description: 'blank letters', text: '\u3164\u2800', shown: '\\u{3164}\\u{2800}' },
    { description: 'line and paragraph separators', text: '\u2028\u2029', shown: '\\u{2028}\\u{2029}' },
    { description: 'half a character', text: '\ud800', shown: '\\u{d800}' },
  ])('makes $description visible', ({ text, shown }) => expect(escapeForTerminal(text)).toBe(shown));

  it('leaves ordinary text of any script alone', () => {
    const text = 'src/naïve résumé.ts — 日本語 العربية 🔑 ~!@#$%^&*()';
    expect(escapeForTerminal(text)).toBe(text);
  });
});

describe('createPaint', () => {
  const red = (isTTY: boolean, env: Record<string, string>) => createPaint({ isTTY }, env).red('x') !== 'x';

  it.each([
    { description: 'a terminal', isTTY: true, env: {}, painted: true },
    { description: 'a pipe', isTTY: false, env: {}, painted: false },
    {
      description: 'a terminal of a person who wants no colour',
      isTTY: true,
      env: { NO_COLOR: '1', FORCE_COLOR: '1' },
      painted: false,
    },
    { description: 'an empty NO_COLOR', isTTY: true, env: { NO_COLOR: '' }, painted: true },
    { description: 'a dumb terminal', isTTY: true, env: { TERM: 'dumb' }, painted: false },
    { description: 'a pipe that asks for it', isTTY: false, env: { FORCE_COLOR: '1' }, painted: true },
    { description: 'a terminal that forbids it', isTTY: true, env: { FORCE_COLOR: '0' }, painted: false },
  ])('with $description: painted is $painted', ({ isTTY, env, painted }) => expect(red(isTTY, env)).toBe(painted));

  it('leaves no colour on after the text', () => {
    expect(createPaint({ isTTY: true }, {}).bold('x')).toBe('\x1b[1mx\x1b[22m');
  });
});
