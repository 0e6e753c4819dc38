import { expect, it } from 'vitest';
import { fillExample, scannerOf } from '../../../src/scan/check.ts';
import { loadBuiltIn } from '../../../src/scan/index.ts';

const rules = (await loadBuiltIn()).filter(({ checksum }) => checksum?.endsWith('crc32') === true);

it('knows the formats that carry check digits', () => {
  expect(rules.length).toBeGreaterThan(4);
});

it.each(
  rules.map((rule) => [rule.id, rule] as const),
)('%s finds no text of its form with other check digits', (_, rule) => {
  const scanner = scannerOf([rule]);
  for (const example of rule.examples) {
    const { text, spans } = fillExample(example);
    const end = spans[0]!.end;
    expect(scanner.scanText(text)).toHaveLength(1);
    for (const place of [1, 2, 5, 9]) {
      const at = end - place;
      const other = text[at] === 'a' ? 'b' : 'a';
      expect(scanner.scanText(text.slice(0, at) + other + text.slice(at + 1))).toEqual([]);
    }
  }
});
