import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../../src/scan/detectors/index.ts';
import { describeRules, loadBuiltIn } from '../../src/scan/index.ts';

describe('describeRules', () => {
  it('says of every built-in id what it finds', async () => {
    const known = await describeRules([]);
    const ids = [...(await loadBuiltIn()).map(({ id }) => id), ...DETECTORS.flatMap(({ rules }) => Object.keys(rules))];
    expect(ids.filter((id) => (known.get(id) ?? '').length < 10)).toEqual([]);
  });

  it('says it of the ids that stand in the source, too', async () => {
    const known = await describeRules([]);
    const folder = new URL('../../src/scan/', import.meta.url);
    const files = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ts'));
    const ids = files.flatMap((name) => readFileSync(new URL(name, folder), 'utf8').match(/'sotto\.un[a-z]+'/g) ?? []);
    expect(ids.length).toBeGreaterThan(1);
    expect(ids.map((id) => id.slice(1, -1)).filter((id) => !known.has(id))).toEqual([]);
  });
});
