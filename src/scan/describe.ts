import { UNSCANNABLE } from './budget.ts';
import { UNREADABLE } from './deep/deep.ts';
import { DETECTORS } from './detectors/index.ts';
import { loadBuiltIn } from './pack-cache.ts';
import { loadPacks } from './packs.ts';

/** What findings say that no rule found. */
const OWN: Readonly<Record<string, string>> = {
  [UNSCANNABLE]:
    'text that would take more work than any that people or programs write; it was not looked at, so it does not leave',
  [UNREADABLE]:
    'text packed or encoded more often than is looked into; what stands inside is not known, so it does not leave',
};

/**
 * What every rule finds and what that opens, by rule id: of the built-in packs, of these packs, of the detectors.
 * @throws Refusal `scan.bad-pack`, `scan.pack-missing`
 */
export async function describeRules(packs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rules = [...(await loadBuiltIn()), ...(await loadPacks(packs))];
  return new Map([
    ...rules.map(({ id, description }) => [id, description] as const),
    ...DETECTORS.flatMap((detector) => Object.entries(detector.rules)),
    ...Object.entries(OWN),
  ]);
}
