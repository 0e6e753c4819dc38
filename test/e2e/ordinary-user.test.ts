import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOrdinary, type OrdinaryUser } from '../support/ordinary-user.ts';

// When the tests run as an ordinary user themselves, every other test is this one.
describe.skipIf(process.getuid?.() !== 0)('as an ordinary user', () => {
  let user: OrdinaryUser;
  beforeAll(() => {
    user = becomeOrdinary();
  });
  afterAll(() => user?.dispose());

  it('holds the whole rehearsal', { timeout: 240_000 }, () => {
    const done = user.run('node', [`${user.root}/bin/sotto.js`, 'verify', '--json']);
    const result = JSON.parse(done.stdout);
    const ofOthers = ({ why }: { why: string }) => why.includes('PATH'); // a machine without python3, say
    const open = ({ outcome }: { outcome: string }) => outcome !== 'held';
    expect(result.attempts.filter(open).filter((row: { why: string }) => !ofOthers(row))).toEqual([]);
    expect(result).toMatchObject({ holds: true, wire: { secretBytes: 0, ledger: true, failures: [] } });
    expect(done.code).toBe(0);
  });
});
