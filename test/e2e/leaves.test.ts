// Which of the things that tell who, where and on what machine still leave: the table of THREAT_MODEL.md, "What still leaves", as a test.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorld, sent, sotto, type World } from '../support/sotto.ts';

const NAME = 'Ada Markername';
const EMAIL = 'ada-markermail@example.com';
const ACCOUNT = '11111111-2222-4333-8444-555555555555';
const DEVICE = 'd'.repeat(64);

let world: World;
beforeEach(async () => {
  world = await makeWorld({ 'readme.md': 'plain\n' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', world.project, ...args], { env: world.env, stdio: 'ignore' });
  git('init', '-b', 'branch-marker');
  git('config', 'user.name', NAME);
  git('config', 'user.email', EMAIL);
  git('remote', 'add', 'origin', 'https://host-marker.example/org-marker/repo.git');
  git('add', '.');
  git('commit', '-m', 'subject-marker');
  mkdirSync(join(world.home, 'other-project-marker'));
  mkdirSync(join(world.home, '.claude'));
  const state = {
    userID: DEVICE,
    oauthAccount: { accountUuid: ACCOUNT, emailAddress: EMAIL },
    projects: { '/other-marker': {} },
  };
  writeFileSync(join(world.home, '.claude.json'), JSON.stringify(state));
});
afterEach(() => world.close());

async function leaving(policy: string) {
  mkdirSync(join(world.home, '.config/sotto'), { recursive: true });
  writeFileSync(join(world.home, '.config/sotto/policy.yaml'), policy);
  world.standIn.script([[{ text: 'done' }]]);
  await sotto(world, ['claude', '-p', 'hello']);
  expect(world.standIn.received.length).toBeGreaterThan(0);
  const marks = {
    'e-mail': EMAIL,
    'account id': ACCOUNT,
    'device id of the machine': DEVICE,
    'machine name': new RegExp(`\\b${hostname()}\\b`, 'g'),
    'kernel version': release(),
    'remote of the repository': 'host-marker',
    'other projects': /other-(project-)?marker/g,
    'platform header': /x-stainless-os/gi,
    'path of the project': world.project,
    'name for commits': NAME,
    branch: 'branch-marker',
    'commit subject': 'subject-marker',
    'fingerprint of the prompt': /cc_version=[\d.]+\.[0-9a-f]{3}/g,
    'ids of a session': /device_id/g,
  };
  return Object.entries(marks)
    .filter(([, mark]) => sent(world, mark) > 0)
    .map(([name]) => name);
}

const WORK = ['path of the project', 'branch', 'commit subject', 'fingerprint of the prompt', 'ids of a session'];
const PERSON = ['name for commits', 'kernel version', 'device id of the machine', 'platform header'];

describe('what leaves of who, where and on what', () => {
  it.each([
    { identity: 'session', leaves: WORK },
    { identity: 'drop', leaves: ['path of the project'] },
    { identity: 'keep', leaves: [...WORK, ...PERSON] },
  ])('with identity: $identity', async ({ identity, leaves }) => {
    expect((await leaving(`identity: ${identity}\n`)).sort()).toEqual(leaves.sort());
  });
});
