// A guard may let through what does not match, and never rejects what does: else a secret would be missed in silence.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { unpack } from '../../src/scan/byte-set.ts';
import { compileRule, type Part } from '../../src/scan/compile.ts';
import { type Check, checksOf } from '../../src/scan/guard.ts';
import { loadBuiltIn } from '../../src/scan/index.ts';
import type { Rule } from '../../src/scan/pack.ts';

let rules: Rule[];

beforeAll(async () => {
  rules = await loadBuiltIn();
});

const sets = new Map<string, Uint8Array>();

function allows(checks: readonly Check[], text: string, from: number): boolean {
  return checks.every(({ offset, bytes }) => {
    const at = from + offset;
    const set = sets.get(bytes) ?? unpack(bytes);
    sets.set(bytes, set);
    return at < 0 || set[text.charCodeAt(at)] === 1;
  });
}

/** Where the expression matches at a keyword, whatever the guard says: how often, and how often the guard agrees. */
function compare({ rule: compiled, keywords }: Part, text: string): { matched: number; allowed: number } {
  const expression = new RegExp(compiled.regex, `${compiled.flags}y`);
  const lower = text.toLowerCase();
  const seen = { matched: 0, allowed: 0 };
  for (const [keyword, back, checks] of compiled.anchored ? keywords : []) {
    for (let at = lower.indexOf(keyword); at >= 0; at = lower.indexOf(keyword, at + 1)) {
      const from = at + keyword.length - back;
      expression.lastIndex = from;
      if (from < 0 || !expression.test(text)) continue;
      seen.matched++;
      if (allows(checks, text, from)) seen.allowed++;
    }
  }
  return seen;
}

describe('the guard of a built-in rule', () => {
  it('lets every match in an example through', () => {
    let matched = 0;
    for (const rule of rules) {
      const part = compileRule(rule);
      for (const example of rule.examples) {
        const text = example.text
          .replace('<secret>', example.secret.join(''))
          .replace('<secret2>', (example.secret2 ?? []).join(''))
          .replace('<secret3>', (example.secret3 ?? []).join(''));
        for (const form of [text, ` ${text} `, text.slice(text.search(/\S/)), `\\n${text}`]) {
          const seen = compare(part, Buffer.from(form).toString('latin1'));
          expect(seen.allowed, `${rule.id}: ${seen.matched} matches`).toBe(seen.matched);
          matched += seen.matched;
        }
      }
    }
    expect(matched).toBeGreaterThan(rules.length);
  });
});

const PATTERNS = [
  'key(?<secret>[a-z]{2,4}\\d+)',
  '(?:a|bc|key){1,3}(?<secret>x?y*z)',
  '(?<![A-Z])key=?(?<secret>\\w{3,}?)(?=z)',
  '(?:\\b|(?<=\\\\[nr]))key(?:(?<secret>\\d)|[ab]{0,2}c)?',
  '(?<=^|ab|c?)key(?<secret>(?:(?:a|b)c?){0,9}\\d)',
  '(?<q>[\'"])key\\k<q>(?<secret>a)',
];

describe('the guard of any expression', () => {
  it.each(PATTERNS)('%s lets every match through', (pattern) => {
    const text = fc.array(fc.constantFrom('key', 'a', 'b', 'c', 'x', 'y', 'z', '1', '=', '\\', 'n', '"', 'K', ' '), {
      maxLength: 24,
    });
    const flags = fc.constantFrom('', 'i');
    fc.assert(
      fc.property(text, flags, fc.nat(4), (pieces, flag, start) => {
        const all = pieces.join('');
        const checksAt = checksOf(pattern, flag);
        const expression = new RegExp(pattern, `${flag}y`);
        for (let at = all.indexOf('key'); at >= 0; at = all.indexOf('key', at + 1)) {
          const from = at - start;
          expression.lastIndex = from;
          if (from < 0 || !expression.test(all)) continue;
          expect(allows(checksAt('key', start + 3), all, from)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('looks at the bytes behind a keyword, and at the one before it', () => {
    const [first] = checksOf('(?<![a-z])key_[0-9]{8}', '')('key_', 4);
    expect(first?.offset).toBe(11);
    expect(checksOf('(?<![a-z])key_[0-9]{8}', '')('key_', 4).some(({ offset }) => offset === -1)).toBe(true);
  });
});
