import { expect, it } from 'vitest';
import { endEvents } from '../../src/commands/events.ts';

it('writes down which commits and tags came back, and where they are', () => {
  const commits = {
    branches: [{ branch: 'main', onto: 'sotto/s1/main', commits: 3 }],
    tags: [{ tag: 'v1', as: 'v1' }],
    doubts: [],
  };
  expect(endEvents({ changes: [], conflicts: [], problems: [], held: [], commits }, 0)).toEqual([
    { kind: 'commits', branch: 'main', onto: 'sotto/s1/main', commits: 3 },
    { kind: 'tag', tag: 'v1', onto: 'v1' },
    { kind: 'session.end', status: 0, how: 'exit' },
  ]);
});
