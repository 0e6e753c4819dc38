import { describe, expect, it } from 'vitest';
import { roundTrip } from '../../src/redact/index.ts';
import { checkRules } from '../../src/scan/index.ts';
import { parsePack } from '../../src/scan/pack.ts';

const pack = (rule: string) =>
  parsePack(`vendor: acme\nrules:\n  - ${rule.trim().replace(/\n/g, '\n    ')}\n`, 'acme.yaml');

const GOOD = `
id: acme.key
description: key of a vendor that does not exist
regex: '\\b(?<secret>acme-[a-z0-9]{12})\\b'
keywords: [acme-]
confidence: certain
examples:
  - { text: 'key: <secret>', secret: [acme-, 0a1b2c3d4e5f] }
  - { text: '<secret> <secret>', secret: [acme-, f5e4d3c2b1a0] }
nearMisses: [acme-short, [acme-, 0A1B2C3D4E5F]]`;

describe('checkRules', () => {
  it('has nothing to say of a rule that finds its examples and no near miss', () => {
    expect(checkRules(pack(GOOD).rules, roundTrip)).toEqual([]);
  });

  it.each([
    ['a secret cut short', '{12})\\b', '{8})', 'example 1', 'is found at bytes 5 to 18, the secret stands at 5 to 22'],
    ['an example that is not found', '{12})', '{13})', 'example 1', 'is not found'],
    ['a near miss that is found', 'acme-short', '[acme-, aaaabbbbcccc]', 'near miss 1', 'is found'],
    ['a span that is too wide', '(?<secret>acme-', '(?<secret>(?:key: )?acme-', 'example 1', undefined],
  ] as const)('tells of %s', (_, from, to, where, reason) => {
    const problems = checkRules(pack(GOOD.replace(from, to)).rules, roundTrip);
    expect(problems[0]).toMatchObject({ rule: 'acme.key', where });
    if (reason !== undefined) expect(problems[0]?.reason).toBe(reason);
  });

  it('tells of two rules with one id', () => {
    const rules = pack(GOOD).rules;
    expect(checkRules([...rules, ...rules], roundTrip).map((one) => one.reason)).toEqual(['another rule has this id']);
  });
});
