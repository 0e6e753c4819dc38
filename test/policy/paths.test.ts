import { describe, expect, it } from 'vitest';
import { createPathRules, createPatternList, type PathRule } from '../../src/policy/index.ts';

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

const rule = (pattern: string, decision: PathRule['decision'], more: Partial<PathRule> = {}): PathRule => ({
  pattern,
  decision,
  source: 'x:1',
  base: '',
  list: 'x',
  ...more,
});

const decide = (paths: PathRule[], path: string, isFolder = false) =>
  createPathRules({ paths }).decide(path, isFolder).decision;

describe('decide', () => {
  it.each<[string, PathRule[], string, string]>([
    ['no rule', [], 'a', 'redact'],
    ['the strictest decision wins', [rule('a', 'trust'), rule('a', 'ask'), rule('a', 'hide')], 'a', 'hide'],
    ['redact beats trust', [rule('docs/', 'trust'), rule('*.key.md', 'redact')], 'docs/a.key.md', 'redact'],
    ['trust where nothing else is said', [rule('docs/', 'trust')], 'docs/a/b', 'trust'],
    ['a hidden folder hides what is in it', [rule('a/', 'hide'), rule('!a/b', 'hide')], 'a/b', 'hide'],
    ['a trusted file in a hidden folder', [rule('a/', 'hide'), rule('a/b', 'trust')], 'a/b', 'hide'],
    ['the last match of a list wins', [rule('*.log', 'hide'), rule('!a.log', 'hide')], 'a.log', 'redact'],
    ['taken back, then said again', [rule('*', 'hide'), rule('!a', 'hide'), rule('a', 'hide')], 'a', 'hide'],
    ['a list takes nothing back of another', [rule('a', 'hide'), rule('!a', 'hide', { list: 'y' })], 'a', 'hide'],
    [
      'unless its author may loosen',
      [rule('a', 'hide'), rule('!a', 'hide', { list: 'y', reach: 'all' })],
      'a',
      'redact',
    ],
    [
      'but never a locked rule',
      [rule('a', 'hide', { locked: true }), rule('!a', 'hide', { list: 'y', reach: 'all' })],
      'a',
      'hide',
    ],
    [
      'taken back of one decision, not of another',
      [rule('a', 'ask'), rule('!a', 'hide', { reach: 'all' })],
      'a',
      'ask',
    ],
    ['a folder pattern and a file', [rule('a/', 'hide')], 'a', 'redact'],
    ['relative to a folder', [rule('/x', 'hide', { base: 'a/b' })], 'a/b/x', 'hide'],
    ['relative to a folder, elsewhere', [rule('/x', 'hide', { base: 'a/b' })], 'a/bx/x', 'redact'],
    ['relative to a folder above', [rule('/w/p/x', 'hide', { above: 'w/p' })], 'x', 'hide'],
    ['a folder above the project', [rule('/w', 'hide', { above: 'w/p' })], 'x/y', 'hide'],
    ['a name in a folder above the project', [rule('p/', 'ask', { above: 'w/p' })], 'x', 'ask'],
  ])('%s', (_, paths, path, decision) => expect(decide(paths, path)).toBe(decision));

  it.each([
    ['.ENV', '.env'],
    ['Id_RSA', 'id_rsa'],
    ['a/.Ssh/x', '**/.ssh/**'],
    [latin1('\u00c9tats.txt'), '\u00e9tats.txt'],
    [latin1('e\u0301tats.txt'), '\u00e9tats.txt'],
    [latin1('\u00e9tats.txt'), 'e\u0301tats.txt'],
    ['SERVER.KEY', '*.key'],
    ['b1.Pem', '[A-C][0-9].pem'],
  ])('hides %j by %j, whatever the case and the normalisation', (path, pattern) => {
    expect(decide([rule(pattern, 'hide')], path)).toBe('hide');
  });

  it.each([
    '.env~',
    '.env.~2~',
    '#.env#',
    '.#.env',
    '.env.swp',
    '.ENV.bak',
    'id_rsa.old',
    '.id_rsa.swo',
    'a/id_rsa.orig',
  ])('hides %s, which holds what a hidden file holds', (path) =>
    expect(decide([rule('.env', 'hide'), rule('id_rsa', 'hide')], path)).toBe('hide'));

  it('leaves backups alone that a rule speaks about, and those of other files', () => {
    const rules = [rule('.env', 'hide'), rule('!.env.bak', 'hide'), rule('a.md', 'redact'), rule('docs/', 'trust')];
    expect(['.env.bak', 'main.ts~', 'docs/a.md~', '~', 'a.bak.md'].map((path) => decide(rules, path))).toEqual([
      'redact',
      'redact',
      'trust',
      'redact',
      'redact',
    ]);
  });

  it('takes trust patterns at their word', () => {
    expect(decide([rule('docs/', 'trust')], 'Docs/a')).toBe('redact');
  });

  it('decides on names that are no UTF-8', () => {
    expect(decide([rule('*.key', 'hide')], 'caf\xe9.KEY')).toBe('hide');
  });

  it('gives the pattern as written and its place', () => {
    const verdict = createPathRules({ paths: [rule('Secret/', 'hide')] }).decide('secret/a/b', false);
    expect(verdict).toEqual({ decision: 'hide', pattern: 'Secret/', source: 'x:1' });
  });

  it('comes to an end with patterns made to run away', () => {
    const hostile = [
      `${'*a'.repeat(60)}*b`,
      `${'**/a/'.repeat(60)}b`,
      `${'a*/**/'.repeat(60)}b/**`,
      `${'?*'.repeat(100)}b`,
    ];
    const rules = createPathRules({ paths: hostile.map((pattern) => rule(pattern, 'hide')) });
    expect(rules.decide('a'.repeat(250), false).decision).toBe('redact');
    expect(rules.decide(Array(120).fill('a').join('/'), false).decision).toBe('redact');
  });

  it('traces every rule that matches, and marks the one that counts', () => {
    const paths = [rule('*.log', 'hide'), rule('!a.log', 'hide'), rule('logs/', 'ask')];
    const trace = createPathRules({ paths }).trace('logs/a.log', false);
    expect(trace.map(({ path, rule, counts }) => [path, rule.pattern, counts])).toEqual([
      ['logs/a.log', '*.log', false],
      ['logs/a.log', '!a.log', false],
      ['logs', 'logs/', true],
    ]);
  });
});

describe('createPatternList', () => {
  it('names the pattern that matched, through folders and exceptions', () => {
    const list = createPatternList(['.github/workflows/', '*.sh', '!ok.sh', 'Makefile']);
    expect(list.match('.github/workflows/ci.yml', false)).toBe('.github/workflows/');
    expect(list.match('a/MAKEFILE', false)).toBe('Makefile');
    expect(list.match('a/ok.sh', false)).toBeUndefined();
    expect(list.match('src/a.ts', false)).toBeUndefined();
  });
});
