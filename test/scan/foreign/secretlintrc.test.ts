import { describe, expect, it } from 'vitest';
import { scannerOf } from '../../../src/scan/check.ts';
import { readSecretlintrc } from '../../../src/scan/foreign/secretlintrc.ts';

const PATTERN = {
  id: '@secretlint/secretlint-rule-pattern',
  options: {
    allows: ['/0000$/'],
    patterns: [{ name: 'Acme key', pattern: '/ACME-[0-9]{8}/i', filePathGlobs: ['**/*.ini'] }],
  },
};

const read = (...rules: unknown[]) => readSecretlintrc(JSON.stringify({ rules }, undefined, 1), '.secretlintrc.json');

describe('readSecretlintrc', () => {
  it('makes rules of patterns, with their files and exceptions', () => {
    const scanner = scannerOf(read(PATTERN).rules);
    const rulesIn = (text: string, path: string) =>
      scanner.scanText(text, { path }).map(({ rule, start, end }) => [rule, start, end]);
    expect(rulesIn('key acme-12345678', 'a/b.ini')).toEqual([['secretlint-pattern.acme-key', 4, 17]]);
    expect(rulesIn('key acme-12345678', 'a/b.txt')).toEqual([]);
    expect(rulesIn('key acme-12340000', 'a/b.ini')).toEqual([]);
  });

  it('reads YAML, and text that is no expression as it stands', () => {
    const yaml = 'rules:\n  - id: "@secretlint/pattern"\n    options: { patterns: [{ name: a, pattern: "x.y(z" }] }\n';
    const scanner = scannerOf(readSecretlintrc(yaml, '.secretlintrc.yaml').rules);
    expect(scanner.scanText('x.y(z')).toHaveLength(1);
    expect(scanner.scanText('xay(z')).toHaveLength(0);
  });

  it('makes exceptions of what it says of the rules of the preset', () => {
    const { exceptions } = read({
      id: '@secretlint/secretlint-rule-preset-recommend',
      rules: [
        { id: '@secretlint/secretlint-rule-npm', disabled: true },
        { id: '@secretlint/secretlint-rule-slack', allowMessageIds: ['SLACK_TOKEN'] },
        { id: '@secretlint/secretlint-rule-basicauth', options: { allows: ['/localhost/'] } },
      ],
    });
    expect(exceptions).toMatchObject([
      { rules: ['secretlint.npm'] },
      { rules: ['secretlint.slack'], messages: ['SLACK_TOKEN'] },
      { rules: ['secretlint.basicauth'], regexes: [{ source: 'localhost', flags: '' }] },
    ]);
    expect(read({ id: '@secretlint/secretlint-rule-preset-recommend', disabled: true }).exceptions).toMatchObject([
      { rules: ['secretlint.*'] },
    ]);
  });

  it.each([
    ['no YAML', '{"rules": [', 1, ''],
    [
      'a rule from a package of other people',
      '{"rules": [\n{"id": "secretlint-rule-acme"}]}',
      2,
      'no code of a pack runs',
    ],
    [
      'comments that switch rules off',
      '{"rules": [\n{"id": "@secretlint/secretlint-rule-filter-comments"}]}',
      2,
      'comment',
    ],
    ['an option that we do not know', '{"rules": [\n{"id": "aws",\n"options": {"deep": true}}]}', 3, 'deep'],
    [
      'an expression that could run away',
      '{"rules": [{"id": "pattern", "options": {"patterns": [\n{"name": "a", "pattern": "/(a+)+b/"}]}}]}',
      2,
      'repetition',
    ],
  ])('refuses %s, with file and line', (_, text, line, reason) => {
    expect(() => readSecretlintrc(text, 'rc')).toThrowError(
      expect.objectContaining({
        code: 'scan.bad-pack',
        args: { file: 'rc', line, reason: expect.stringContaining(reason) },
      }),
    );
  });
});
