// A policy of the tests' own: what holds where no file says anything, and what a test says.
import { DEFAULTS } from '../../src/policy/defaults.ts';
import type { Policy } from '../../src/policy/index.ts';

/** `more` replaces whole keys; keys of `scan` one by one. */
export function makePolicy(
  root: string,
  more: Partial<Omit<Policy, 'scan'>> & { scan?: Partial<Policy['scan']> } = {},
): Policy {
  const { project: _project, read: _read, ...values } = DEFAULTS;
  return {
    root,
    paths: [],
    ...values,
    origins: {},
    pending: [],
    hash: 'test',
    ...more,
    scan: { ...values.scan, ...more.scan },
  };
}
