import { expect, it } from 'vitest';
import { wordList } from '../../../src/scan/validators/word-list.ts';

const WORDS =
  'legal winner thank year wave sausage worth useful advice cage absurd amount doctor acoustic avoid letter';
const first = (count: number) => WORDS.split(' ').slice(0, count).join(' ');

it('takes twelve or fifteen words, not thirteen', () => {
  expect([12, 15, 13].map((count) => wordList(first(count)))).toEqual([true, true, false]);
});

it('takes no sentence', () => {
  expect(wordList(first(12).replace('thank', 'the'))).toBe(false);
});

it('takes no word again and again', () => {
  expect(wordList(Array(12).fill('word').join(' '))).toBe(false);
});
