import { describe, expect, it } from 'vitest';
import { QUIET_MS, questionByKey, questionByTime, startQuestion } from '../../../src/tui/question/state.ts';

const armed = questionByTime(startQuestion(0), QUIET_MS);

describe('a question', () => {
  it('takes no key before the keyboard was quiet', () => {
    let state = startQuestion(0);
    for (let time = 100; time < 5000; time += QUIET_MS - 1) state = questionByKey(state, 'a', time);
    expect([state.armed, state.answer]).toEqual([false, undefined]);
    const quiet = questionByTime(state, state.quietSince + QUIET_MS);
    expect(questionByKey(quiet, 'a', quiet.quietSince + QUIET_MS).answer).toBe('always');
  });

  it('is refused by ctrl-c at any time', () => {
    expect(questionByKey(startQuestion(0), 'ctrl-c', 1).answer).toBe('no');
  });

  it.each([
    ['n', 'no'],
    ['r', 'redacted'],
    ['o', 'once'],
    ['s', 'session'],
    ['a', 'always'],
    ['enter', 'no'],
    ['escape', 'no'],
    ['q', 'no'],
    ['x', undefined],
    [undefined, undefined],
    ['A', undefined],
  ])('takes %s for %s', (key, answer) => expect(questionByKey(armed, key, QUIET_MS).answer).toBe(answer));

  it('moves among the answers and stays among them', () => {
    const press = (keys: string[]) => keys.reduce((state, key) => questionByKey(state, key, QUIET_MS), armed);
    expect(press(['down', 'down', 'enter']).answer).toBe('once');
    expect(press(['up', 'enter']).answer).toBe('no');
    expect(press([...Array(9).fill('down'), 'enter']).answer).toBe('always');
  });
});
