import { describe, expect, it } from 'vitest';
import { loadBuiltIn } from '../../src/scan/index.ts';
import { parsePack } from '../../src/scan/pack.ts';
import { runawayReason } from '../../src/scan/runaway.ts';

const RUNAWAY = [
  '(a+)+$',
  '(?:a|a)*b',
  '(?:x?){30}y',
  '(a*)*',
  '(\\s*\\w+\\s*)*=',
  '([a-z]+)*\\d',
  '(x+x+)+y',
  '(?:a{1,30}){1,30}b',
  'a*a*a*b',
  '(?<secret>[\\w.]*[\\w-]*\\w*)@',
  '(?<!z)(a+)+$',
  '(?=(a+)+$)x',
];

const HARMLESS = [
  '(?:[a-z]+\\.)+com',
  '(?:[A-Za-z0-9+/]{4})*=',
  '\\s*=\\s*',
  '(?<secret>ghp_[A-Za-z0-9]{36})',
  '[\\w.-]{0,50}?(?:key|token)[\\s\\w.-]{0,20}[\\s\'"]{0,3}=(?<secret>[a-z0-9]{32})',
  'https?://(?:[\\w-]{1,40}/){0,4}hook',
];

describe('runawayReason', () => {
  it.each(RUNAWAY)('refuses %s', (source) => {
    expect(runawayReason(source, '')).toMatch(/repetition/);
  });

  it.each(HARMLESS)('has nothing against %s', (source) => {
    expect(runawayReason(source, '')).toBeUndefined();
  });

  it('has nothing against any rule that comes with sotto', async () => {
    const refused = (await loadBuiltIn()).filter(({ regex, flags }) => runawayReason(regex, flags) !== undefined);
    expect(refused.map(({ id }) => id)).toEqual([]);
  });

  it('stops a pack with file and line', () => {
    const pack = `vendor: acme
rules:
  - id: acme.key
    description: a key of a vendor that does not exist
    regex: '(?<secret>(a+)+)$'
    keywords: [acme]
    confidence: likely
`;
    expect(() => parsePack(pack, 'team.yaml')).toThrowError(
      /^rule pack team\.yaml:5 is not valid: acme\.key: a repetition inside a repetition/,
    );
  });
});
