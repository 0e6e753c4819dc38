import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckAccountInput, checkAccount, mergeSettings, readAccount, termsOf } from '../../src/account/index.ts';

const ORG = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

const check = (input: Partial<CheckAccountInput>) =>
  checkAccount({ kind: 'login', account: { organizationId: ORG }, organization: undefined, managed: {}, ...input });

describe('checkAccount', () => {
  it.each([
    { description: 'nothing demanded', input: {}, ids: [] },
    { description: 'the demanded organisation', input: { organization: ORG.toUpperCase() }, ids: [ORG.toUpperCase()] },
    {
      description: 'one of those that are forced',
      input: { managed: { forceLoginOrgUUID: [OTHER, ORG] } },
      ids: [OTHER, ORG],
    },
    {
      description: 'an account nobody knows yet',
      input: { kind: 'setup-token', account: {}, organization: ORG },
      ids: [ORG],
    },
    {
      description: 'a key where a console login is forced',
      input: { kind: 'api-key', account: {}, managed: { forceLoginMethod: 'console' } },
      ids: [],
    },
  ] as const)('lets $description pass and names the organisations to hold to', ({ input, ids }) => {
    expect(check(input as Partial<CheckAccountInput>)).toEqual(ids);
  });

  it.each([
    {
      description: 'another organisation than policy demands',
      input: { organization: OTHER },
      code: 'account.organization',
    },
    {
      description: 'another than is forced',
      input: { managed: { forceLoginOrgUUID: OTHER } },
      code: 'account.organization',
    },
    {
      description: 'one that policy demands but is not forced',
      input: { organization: ORG, managed: { forceLoginOrgUUID: OTHER } },
      code: 'account.organization',
    },
    {
      description: 'a key where an organisation is forced',
      input: { kind: 'api-key', account: {}, managed: { forceLoginOrgUUID: ORG } },
      code: 'account.method',
    },
    {
      description: 'a key where a claude.ai login is forced',
      input: { kind: 'api-key-helper', account: {}, managed: { forceLoginMethod: 'claudeai' } },
      code: 'account.method',
    },
    {
      description: 'a login where a console login is forced',
      input: { managed: { forceLoginMethod: 'console' } },
      code: 'account.method',
    },
  ] as const)('refuses $description', ({ input, code }) => {
    expect(() => check(input as Partial<CheckAccountInput>)).toThrow(expect.objectContaining({ code }));
  });
});

describe('readAccount', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'account-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('tells who is signed in and on which plan, for a login only', async () => {
    mkdirSync(join(home, '.claude'));
    writeFileSync(
      join(home, '.claude.json'),
      JSON.stringify({
        oauthAccount: { emailAddress: 'a@example.com', organizationUuid: ORG, organizationName: 'Acme' },
      }),
    );
    writeFileSync(
      join(home, '.claude', '.credentials.json'),
      JSON.stringify({ claudeAiOauth: { accessToken: 'x'.repeat(20), subscriptionType: 'team' } }),
    );
    expect(await readAccount({ env: {}, home, kind: 'login' })).toEqual({
      email: 'a@example.com',
      organizationId: ORG,
      organizationName: 'Acme',
      plan: 'team',
    });
    expect(await readAccount({ env: {}, home, kind: 'api-key' })).toEqual({ plan: 'api' });
    expect(await readAccount({ env: {}, home, kind: 'setup-token' })).toEqual({});
  });

  it('knows nothing where nothing is written', async () => {
    expect(await readAccount({ env: {}, home, kind: 'login' })).toEqual({});
  });
});

describe('termsOf', () => {
  it.each([
    { plan: 'max', training: ['yes', 'no'] },
    { plan: 'api', training: ['no'] },
    { plan: 'enterprise', training: ['no', 'no', 'no'] },
    { plan: undefined, training: ['yes', 'no', 'no', 'no', 'no'] },
  ])('names every row that can apply to plan $plan', ({ plan, training }) => {
    expect(termsOf(plan === undefined ? {} : { plan }).map((row) => row.training)).toEqual(training);
  });
});

describe('mergeSettings', () => {
  it('merges objects by key, joins lists, and takes the rest from the later', () => {
    const under = { env: { A: '1', B: '1' }, deny: ['x', 'y'], model: 'a' };
    expect(mergeSettings(under, { env: { B: '2' }, deny: ['y', 'z'], model: 'b' })).toEqual({
      env: { A: '1', B: '2' },
      deny: ['x', 'y', 'z'],
      model: 'b',
    });
  });
});
