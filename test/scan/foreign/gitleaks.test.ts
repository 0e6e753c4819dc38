import { describe, expect, it } from 'vitest';
import { scannerOf } from '../../../src/scan/check.ts';
import { readGitleaks } from '../../../src/scan/foreign/gitleaks.ts';

const VALUE = '0a1b2c3d4e5f';

/** What the rules of a file find in a text. */
function found(toml: string, text: string, path?: string): string[] {
  const { findings } = scannerOf(readGitleaks(toml, 'x.toml').rules).scanBytes(
    Buffer.from(text),
    path === undefined ? {} : { path },
  );
  return findings.map(({ rule, start, end }) => `${rule} ${text.slice(start, end)}`);
}

const rule = (more = '', regex = '(?i)acme_key\\s*=\\s*[\'"]?([[:alnum:]]{12})\\b') =>
  `title = "ours"\n[[rules]]\nid = "Acme Key"\ndescription = "key of a vendor"\nregex = '''${regex}'''\n${more}`;

const LINE = `ACME_KEY = "${VALUE}"\n`;

describe('readGitleaks', () => {
  it('finds what the one group of a rule holds', () => {
    expect(found(rule(), `a\n${LINE}b`)).toEqual([`gitleaks.acme-key ${VALUE}`]);
  });

  it('finds what the named group holds, or the whole match where there is none', () => {
    expect(found(rule('secretGroup = 2', '(acme)_([a-f0-9]{12})'), `acme_${VALUE}`)).toEqual([
      `gitleaks.acme-key ${VALUE}`,
    ]);
    expect(found(rule('', 'acme_[a-f0-9]{12}'), `acme_${VALUE}`)).toEqual([`gitleaks.acme-key acme_${VALUE}`]);
  });

  it('asks for a keyword anywhere in the file', () => {
    const toml = rule('keywords = ["AcmeCorp"]', '\\b[a-f0-9]{12}\\b');
    expect(found(toml, `${VALUE}\n`)).toEqual([]);
    expect(found(toml, `${VALUE}\n${'line\n'.repeat(2000)}# acmecorp`)).toEqual([`gitleaks.acme-key ${VALUE}`]);
  });

  it('asks for the path and the entropy', () => {
    expect(found(rule("path = '''\\.env$'''"), LINE, 'a/b.txt')).toEqual([]);
    expect(found(rule("path = '''\\.env$'''"), LINE, 'a/.env')).toHaveLength(1);
    expect(found(rule('entropy = 3.7'), LINE)).toEqual([]);
    expect(found(rule('entropy = 3.5'), LINE)).toHaveLength(1);
  });

  it('finds what stands on the next line', () => {
    expect(found(rule(), `acme_key =\n  "${VALUE}"\n`)).toHaveLength(1);
  });

  it.each([
    ['of words', '[[rules.allowlists]]\nstopwords = ["B2C3"]', ''],
    ['of the older form', '[rules.allowlist]\nregexes = ["^0a1b"]', ''],
    ['on the line', '[[rules.allowlists]]\nregexTarget = "line"\nregexes = ["key = .*# fine"]', '# fine'],
    ['on the match', '[[rules.allowlists]]\nregexTarget = "match"\nregexes = ["(?i)^acme_key"]', ''],
    ['on the path', "[[rules.allowlists]]\npaths = ['''^test/''']", ''],
    ['for the whole file', '[allowlist]\nstopwords = ["b2c3"]', ''],
    ['for named rules', '[[allowlists]]\ntargetRules = ["Acme Key"]\nstopwords = ["b2c3"]', ''],
    [
      'of two conditions',
      "[[rules.allowlists]]\ncondition = \"AND\"\npaths = ['''^test/''']\nstopwords = [\"b2c3\"]",
      '',
    ],
  ])('has exceptions %s', (_, toml, comment) => {
    expect(found(rule(toml), `acme_key = "${VALUE}" ${comment}\n`, 'test/a.txt')).toEqual([]);
  });

  it.each([
    ['a word that is not in it', '[[rules.allowlists]]\nstopwords = ["zzz"]'],
    ['a word in the match only', '[[rules.allowlists]]\nstopwords = ["acme"]'],
    ['another path', "[[rules.allowlists]]\npaths = ['''^src/''']"],
    [
      'one of two conditions',
      "[[rules.allowlists]]\ncondition = \"AND\"\npaths = ['''^src/''']\nstopwords = [\"b2c3\"]",
    ],
    ['an empty exception', '[[rules.allowlists]]\ndescription = "none"'],
    ['another rule', '[[allowlists]]\ntargetRules = ["other"]\nstopwords = ["b2c3"]'],
  ])('makes no exception of %s', (_, toml) => {
    expect(found(rule(toml), LINE, 'test/a.txt')).toHaveLength(1);
  });

  it('leaves out a rule of its own that it disables', () => {
    expect(readGitleaks(`${rule()}\n[extend]\nuseDefault = true\ndisabledRules = ["Acme Key"]`, 'x').rules).toEqual([]);
  });

  it.each([
    ['no TOML', 'a = [', 1, 'not TOML'],
    ['an expression over letters', rule('', '\\pL{3}acme'), 5, 'rules.0.regex'],
    ['an expression that could run away', rule('', '(acme(?:a+)+b)'), 5, 'rules.0.regex'],
    ['an exception that could run away', rule('[[rules.allowlists]]\nregexes = ["(?:a+)+b"]'), 7, 'rules.0.regexes'],
    ['a rule on paths alone', '[[rules]]\nid = "a"\npath = "b"', 1, 'rules.0.regex'],
    ['a group that is not there', rule('secretGroup = 3'), 6, 'rules.0.secretGroup'],
    ['a key that we do not know', rule('skipReport = true'), 2, 'skipReport'],
    ['an exception by commit', rule('[[rules.allowlists]]\ncommits = ["a"]'), 7, 'by commit'],
    ['another rule of this name', `${rule()}\n${rule().slice(15)}`, 8, 'another rule'],
    ['a built-in rule switched off', '[extend]\nuseDefault = true\ndisabledRules = ["aws"]', 3, 'scan.allow'],
    ['a file to extend', '[extend]\npath = "b.toml"', 1, 'path'],
  ])('refuses %s, with file and line', (_, toml, line, reason) => {
    expect(() => readGitleaks(toml, 'x.toml')).toThrowError(
      expect.objectContaining({
        code: 'scan.bad-pack',
        args: { file: 'x.toml', line, reason: expect.stringContaining(reason) },
      }),
    );
  });
});
