import { describe, expect, it } from 'vitest';
import { literalsOf, spansLines } from '../../../src/scan/foreign/literals.ts';

describe('literalsOf', () => {
  it.each([
    ['ACME_[a-z]{4}', ['acme_']],
    ['[aA][cC][mM][eE]\\w+', ['acme']],
    ['(?:one|three)\\w', ['one', 'three']],
    ['\\w+(?:abc)+x', ['abc']],
    ['ab\\w*longer', ['longer']],
    ['(?:abc)?\\d', undefined],
    ['(?:abc|\\d)', undefined],
    ['[a-f0-9]{32}', undefined],
    ['(?!abc)\\d', undefined],
  ])('of %s', (regex, literals) => {
    expect(literalsOf(regex)).toEqual(literals);
  });
});

describe('spansLines', () => {
  it.each([
    ['a[^"]b', true],
    ['a\\s+b', true],
    ['a[^\\n]b', false],
    ['a(?:b|\\n)', true],
    ['a(?=\\n)', false],
  ])('of %s', (regex, spans) => {
    expect(spansLines(regex)).toBe(spans);
  });
});
