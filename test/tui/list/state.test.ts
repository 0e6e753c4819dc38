import { expect, it } from 'vitest';
import { LIST_START, moveByKey } from '../../../src/tui/list/state.ts';

const press = (keys: string[], length: number, height: number) =>
  keys.reduce((state, key) => moveByKey(state, key, length, height) ?? state, LIST_START);

it.each([
  [['up'], 5, 3, { chosen: 0, top: 0 }],
  [['down', 'j'], 5, 3, { chosen: 2, top: 0 }],
  [['down', 'down', 'down'], 5, 3, { chosen: 3, top: 1 }],
  [['end'], 50, 10, { chosen: 49, top: 40 }],
  [['end', 'k', 'home'], 50, 10, { chosen: 0, top: 0 }],
  [['page-down', 'page-down', 'page-up'], 50, 10, { chosen: 9, top: 9 }],
  [['down'], 0, 3, { chosen: 0, top: 0 }],
  [['x'], 5, 3, { chosen: 0, top: 0 }],
])('%j in %i lines seen %i at a time', (keys, length, height, state) =>
  expect(press(keys, length, height)).toEqual(state));
