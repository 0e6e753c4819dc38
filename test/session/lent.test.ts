import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/host/index.ts';
import { createScanner, prepareScanner } from '../../src/scan/index.ts';
import { lendEnvironment } from '../../src/session/index.ts';

const scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
const token = ['gl', 'pat-', 'Zx81kQpL0wTn4', 'RbYc7Vu'].join('');
const host = {
  ...readEnvironment(),
  variables: { TERM: 'xterm', LC_TIME: 'C', HOME: '/h', MY_KEY: 'x', MY_A: '1', LC_NOTE: `t ${token}` },
};

describe('lendEnvironment', () => {
  it('lends what the allowlist names and nothing else', () => {
    expect(lendEnvironment(host, [], scanner).env).toEqual({ TERM: 'xterm', LC_TIME: 'C' });
  });

  it('lends what policy adds, by name or by beginning', () => {
    expect(lendEnvironment(host, ['MY_*'], scanner).env).toMatchObject({ MY_A: '1', MY_KEY: 'x' });
    expect(lendEnvironment(host, ['MY_A'], scanner).env).not.toHaveProperty('MY_KEY');
  });

  it('withholds an allowed variable whose value holds a secret, and names it', () => {
    expect(lendEnvironment(host, [], scanner).withheld).toEqual(['LC_NOTE']);
  });
});
