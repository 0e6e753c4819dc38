import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundValue } from '../../src/ledger/bound.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import type { LedgerValue } from '../../src/ledger/ledger.ts';

const anyValue = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }) as fc.Arbitrary<LedgerValue>;

describe('canonicalJson', () => {
  it('has one spelling for a value: what is read back is written the same', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('does not depend on the order in which fields were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (fields) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(fields).reverse()))).toBe(canonicalJson(fields));
      }),
    );
  });

  it('stays one line of characters that a terminal shows as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(canonicalJson({ text })).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u,
        );
      }),
    );
  });

  it('refuses a number that JSON would turn into nothing', () => {
    expect(() => canonicalJson({ bytes: Number.NaN })).toThrow('internal error');
  });
});

describe('boundValue', () => {
  it('leaves what is short as it is', () => {
    const value = { a: ['x', 1, null, { b: true }] };
    expect(boundValue(value, (text) => text)).toEqual(value);
  });

  it('ends at any depth and any width', () => {
    let deep: LedgerValue = 'end';
    for (let i = 0; i < 10_000; i++) deep = [deep];
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]));
    expect(canonicalJson(boundValue(deep, (text) => text)).length).toBeLessThan(100);
    expect(Object.keys(boundValue(wide, (text) => text) as object)).toHaveLength(501);
  });
});
