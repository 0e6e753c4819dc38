import { describe, expect, it } from 'vitest';
import { translateRe2 } from '../../../src/scan/foreign/re2.ts';

const CASES = [
  { description: 'a flag for all', go: '(?i)acme_[a-f]{2}', yes: ['ACME_aB', 'acme_ff'], no: ['acm_ff'] },
  { description: 'a flag for one group', go: 'x(?i:ab)c', yes: ['xABc', 'xabc'], no: ['XABC', 'xABC'] },
  {
    description: 'a flag from the middle to the end of its group',
    go: '(?:a(?i)b)c',
    yes: ['aBc'],
    no: ['ABc', 'aBC'],
  },
  { description: 'a flag taken back', go: '(?i)a(?-i)b', yes: ['Ab'], no: ['AB'] },
  { description: 'ends of the text', go: '\\Aab\\z', yes: ['ab'], no: ['xab', 'ab\n'] },
  { description: 'ends of lines', go: '(?m)^ab$', yes: ['x\nab\ny'], no: ['xab', 'ab\r'] },
  { description: 'named classes', go: '^[[:alnum:]_]+[[:^digit:]]$', yes: ['a1_x'], no: ['a-x', 'a11'] },
  { description: 'classes that begin with a bracket', go: '^[]a]+[^]b]$', yes: [']ac'], no: ['a]]', 'ab'] },
  { description: 'a bracket inside a class', go: '^[[x]$', yes: ['[', 'x'], no: ['y'] },
  { description: 'blanks', go: '^a\\sb$', yes: ['a\tb', 'a b'], no: ['a\vb', 'a\u00a0b'] },
  { description: 'what is no blank, in a class', go: '^[\\S]$', yes: ['a', '\v'], no: ['\n', ' '] },
  { description: 'any character but a line break', go: '^a.b$', yes: ['a\rb'], no: ['a\nb'] },
  { description: 'any character', go: '(?s)^a.b$', yes: ['a\nb'], no: ['ab'] },
  { description: 'quoted text', go: '^\\Qa.b\\E+$', yes: ['a.bb'], no: ['axb'] },
  { description: 'characters by number', go: '^\\x60\\x{41}\\n\\/$', yes: ['`A\n/'], no: ['A'] },
  { description: 'a brace that repeats nothing', go: '^a{b{,2}$', yes: ['a{b{,2}'], no: ['abb'] },
  { description: 'named groups', go: '^(?P<a>x)(?<b>y)$', yes: ['xy'], no: ['x'] },
  { description: 'a range in both cases', go: '(?i)^[a-cX]+$', yes: ['ABcx'], no: ['d'] },
];

describe('translateRe2', () => {
  it.each(CASES)('reads $description', ({ go, yes, no }) => {
    const translated = translateRe2(go);
    if ('problem' in translated) throw new Error(translated.problem);
    const expression = new RegExp(translated.source);
    expect(yes.filter((text) => !expression.test(text))).toEqual([]);
    expect(no.filter((text) => expression.test(text))).toEqual([]);
  });

  it('takes the shortest match where Go would', () => {
    const { source } = translateRe2('(?U)a+') as { source: string };
    expect(new RegExp(source).exec('aaa')?.[0]).toBe('a');
  });

  it('names the group that is asked for, or all of them', () => {
    expect(translateRe2('(a)(b)(?:c)', 2)).toEqual({ source: '(?:a)(?<secret>b)(?:c)', groups: 2 });
    expect(translateRe2('(a)(b)', 0)).toEqual({ source: '(?<secret>a)(?<secret2>b)', groups: 2 });
  });

  it.each([
    '\\pL',
    '\\p{Greek}',
    '[é]',
    '(?=a)',
    '(a',
    'a)',
    '[a',
    'a\\',
    '[[:what:]]',
    '\\C',
  ])('says why %s cannot be run', (source) => {
    expect(translateRe2(source)).toEqual({ problem: expect.stringMatching(/\w/) });
  });
});
