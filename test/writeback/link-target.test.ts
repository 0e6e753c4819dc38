import { expect, it } from 'vitest';
import type { Snapshot } from '../../src/workspace/index.ts';
import { staysInside } from '../../src/writeback/link-target.ts';

const snapshot: Snapshot = new Map([['out', { kind: 'link', target: '/etc', stub: true }]]);

it.each([
  ['a name beside it', 'd/l', 'a', true],
  ['a name below', 'l', 'd/e/a', true],
  ['one up, within', 'd/l', '../a', true],
  ['up to the root itself', 'd/l', '..', true],
  ['one up too far', 'l', '../a', false],
  ['two up too far', 'd/l', '../../a', false],
  ['down and up again', 'l', 'd/../a', false],
  ['down and up, out', 'd/l', 'e/../../../a', false],
  ['dots and slashes that mean nothing', 'd/l', './/../a', true],
  ['an absolute path out', 'l', '/etc/passwd', false],
  ['an absolute path in the project', 'l', '/home/me/project/a', true],
  ['the project itself', 'l', '/home/me/project', true],
  ['a neighbour with the project’s name at the start', 'l', '/home/me/project-two/a', false],
  ['in and out by an absolute path', 'l', '/home/me/project/../x', false],
  ['through a link that leads out', 'l', 'out/passwd', false],
  ['at a link that leads out', 'l', 'out', false],
  ['into git', 'l', '.git/config', false],
  ['nothing', 'l', '', false],
])('a link to %s', (_description, path, target, inside) => {
  expect(staysInside(path, target, '/home/me/project', snapshot)).toBe(inside);
});
