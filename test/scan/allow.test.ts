import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AllowlistEntry } from '../../src/policy/index.ts';
import { createScanner, prepareScanner } from '../../src/scan/index.ts';
import { TOKEN } from './token.ts';

async function rulesFound(allow: AllowlistEntry[], path = 'test/keys.txt', text = `key ${TOKEN}`, approved = false) {
  const scanner = createScanner(await prepareScanner({ packs: [], allow, personalData: false }));
  return scanner.scanText(text, { path, approved }).length;
}

const reason = 'a key of our test account that opens nothing';
const sha256 = createHash('sha256').update(TOKEN).digest('hex');
const CASES: [description: string, entry: AllowlistEntry, found: number][] = [
  ['an entry for the very secret', { reason, sha256 }, 0],
  ['an entry for another secret', { reason, sha256: sha256.replace(/^../, '00') }, 1],
  ['an entry for the folder', { reason, path: 'test/' }, 0],
  ['an entry for another folder', { reason, path: 'src/' }, 1],
  ['an entry for what the secret looks like', { reason, matches: '^ghp_a1B2' }, 0],
  ['an entry for what it does not look like', { reason, matches: '^ghp_zzzz' }, 1],
  ['an entry for another rule', { reason, rule: 'acme.key', path: 'test/' }, 1],
  ['an entry that is good for long', { reason, sha256, expires: '2999-12-31' }, 0],
  ['an entry that has expired', { reason, sha256, expires: '2020-01-01' }, 1],
  ['an entry without a reason', { reason: ' ', sha256 }, 1],
  ['an entry that names nothing', { reason }, 1],
];

describe('the allowlist', () => {
  it.each(CASES)('with %s', async (_, entry, found) => {
    expect(await rulesFound([entry])).toBe(found);
  });

  it('counts an entry that expires today', async () => {
    expect(await rulesFound([{ reason, sha256, expires: new Date().toISOString().slice(0, 10) }])).toBe(0);
  });
});

describe('sotto:allow in a comment', () => {
  const line = `key ${TOKEN} # sotto:allow revoked in 2024`;

  it('counts in a file that the user has approved', async () => {
    expect(await rulesFound([], 'a.txt', line, true)).toBe(0);
  });

  it('does not count in any other file', async () => {
    expect(await rulesFound([], 'a.txt', line, false)).toBe(1);
  });

  it('does not count without a reason', async () => {
    expect(await rulesFound([], 'a.txt', `key ${TOKEN} # sotto:allow`, true)).toBe(1);
  });

  it('does not count for another line', async () => {
    expect(await rulesFound([], 'a.txt', `${TOKEN}\n# sotto:allow revoked in 2024\n`, true)).toBe(1);
  });
});
