import { describe, expect, it } from 'vitest';
import type { ReadAnswer, ReadQuestion } from '../../../src/tui/index.ts';
import { createAsker, sayToModel } from '../../../src/tui/index.ts';
import { FLOOD, NO_HOLDS_MS } from '../../../src/tui/question/asker.ts';

const question = (path: string, content = path): ReadQuestion => ({
  path,
  content,
  because: '*.csv in .sotto.yaml:3',
  bytes: 1,
  asker: 'Read',
  findings: {},
});

/** An asker whose person gives these answers in turn. */
function ask(answers: ReadAnswer[], remembered: [string, 'show' | 'redacted'][] = []) {
  const clock = { now: 0 };
  const shown: string[] = [];
  const kept: string[] = [];
  const asker = createAsker({
    show: async ({ path }) => {
      shown.push(path);
      await Promise.resolve();
      return answers[shown.length - 1] ?? 'no';
    },
    remembered: new Map(remembered),
    remember: async (content, answer) => void kept.push(`${content} ${answer}`),
    now: () => clock.now,
  });
  const decide = async (path: string, content?: string) => {
    const { answer, by } = await asker.decide(question(path, content));
    return `${answer} ${by}`;
  };
  return { clock, shown, kept, asker, decide };
}

describe('createAsker', () => {
  it('asks once per content when the answer holds for the session', async () => {
    const { decide, shown } = ask(['session']);
    expect([await decide('a', 'x'), await decide('a', 'x'), await decide('copy of a', 'x')]).toEqual([
      'session asked',
      'session remembered',
      'session remembered',
    ]);
    expect(shown).toEqual(['a']);
  });

  it('asks again after once, and when the content changed', async () => {
    const { decide } = ask(['once', 'session', 'no']);
    expect([await decide('a', 'x'), await decide('a', 'x'), await decide('a', 'y')]).toEqual([
      'once asked',
      'session asked',
      'no asked',
    ]);
  });

  it('lets a no stand for half a minute, for the path and for the content', async () => {
    const { decide, clock } = ask(['no', 'once']);
    const first = [await decide('a', 'x'), await decide('a', 'y'), await decide('b', 'x')];
    expect(first).toEqual(['no asked', 'no remembered', 'no remembered']);
    clock.now = NO_HOLDS_MS;
    expect(await decide('a', 'x')).toBe('once asked');
  });

  it('stops asking when it would ask too often', async () => {
    const { decide, clock, shown } = ask(Array(20).fill('once'));
    const said: string[] = [];
    for (let at = 0; at < FLOOD + 2; at++) said.push(await decide(`file ${at}`));
    expect(said).toEqual([...Array(FLOOD).fill('once asked'), 'no flood', 'no flood']);
    clock.now = NO_HOLDS_MS;
    expect(await decide('later')).toBe('once asked');
    expect(shown).toHaveLength(FLOOD + 1);
  });

  it('gives one answer to all who ask for the same content at once', async () => {
    const { decide, shown } = ask(['once', 'redacted']);
    expect(await Promise.all([decide('a', 'x'), decide('b', 'x'), decide('c', 'y')])).toEqual([
      'once asked',
      'once asked',
      'redacted asked',
    ]);
    expect(shown).toEqual(['a', 'c']);
  });

  it('keeps what is answered for good, and only that', async () => {
    const { decide, kept } = ask(['always', 'session', 'redacted', 'no']);
    for (const path of ['a', 'b', 'c', 'd']) await decide(path);
    expect(kept).toEqual(['a show']);
    const later = ask([], [['a', 'show']]);
    expect(await later.decide('renamed', 'a')).toBe('always remembered');
  });

  it('says no when nobody is there, and goes on after a question that broke', async () => {
    const nobody = createAsker({ show: undefined, remembered: new Map(), remember: async () => {}, now: () => 0 });
    expect(await nobody.decide(question('a'))).toEqual({ answer: 'no', by: 'nobody' });
    let broken = true;
    const asker = createAsker({
      show: async () => {
        if (!broken) return 'once';
        broken = false;
        throw new Error('the terminal is gone');
      },
      remembered: new Map(),
      remember: async () => {},
      now: () => 0,
    });
    await expect(asker.decide(question('a'))).rejects.toThrow('the terminal is gone');
    expect(await asker.decide(question('a'))).toEqual({ answer: 'once', by: 'asked' });
  });

  it('tells the model what it can do', () => {
    expect(sayToModel('a\nb', { answer: 'once', by: 'asked' })).toBe('The user allowed a\\u{a}b. Read it again.');
    expect(sayToModel('a', { answer: 'no', by: 'nobody' })).toContain(
      'Nobody is at the terminal to be asked, so a stays withheld.',
    );
  });
});
