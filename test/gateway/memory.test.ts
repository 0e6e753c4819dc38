import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/gateway/json.ts';
import { createMemory, type Past, type Remembered } from '../../src/gateway/memory.ts';

const plain = (length: number): Remembered => ({ length, splices: [], findings: {}, texts: [] });

/** A body of these messages, remembered as the check does. */
function past(...messages: string[]): Past {
  const body = Buffer.from(JSON.stringify({ messages }));
  const root = parseJson(body);
  const array = root.kind === 'object' ? root.members[0]?.value : undefined;
  if (array?.kind !== 'array') throw new Error('not a body');
  const items = array.items.map((item) => ({ at: item.start - array.start, value: plain(item.end - item.start) }));
  const value = { ...plain(array.end - array.start), items };
  return { body, members: new Map([['messages', { at: array.start, value }]]) };
}

/** True when the message at `index` of a body is remembered. */
function knows(memory: ReturnType<typeof createMemory>, { body, members }: Past, index: number): boolean {
  const { at, value } = members.get('messages')!;
  return memory.find(body, 'messages', index, at + (value.items?.[index]?.at ?? 0)) !== undefined;
}

describe('the memory of bodies', () => {
  it('keeps one body of each conversation, over 1,000 turns', () => {
    const memory = createMemory();
    for (let turn = 0; turn < 1000; turn++) {
      const [one, other] = ['one', 'other'].map((name) => past(`${name} begins`, `${name} ${turn}`));
      memory.keep(one!);
      memory.keep(other!);
      expect(knows(memory, one!, 1)).toBe(true);
      expect(knows(memory, other!, 1)).toBe(true);
      if (turn > 0) expect(knows(memory, past('one begins', `one ${turn - 1}`), 1)).toBe(false);
    }
  });

  it('keeps twelve conversations, the latest ones', () => {
    const memory = createMemory();
    const pasts = Array.from({ length: 40 }, (_, index) => past(`conversation ${index}`));
    for (const each of pasts) memory.keep(each);
    expect(pasts.filter((each) => knows(memory, each, 0))).toEqual(pasts.slice(-12));
  });

  it('keeps so many bytes, however few the bodies are', () => {
    const memory = createMemory();
    const pasts = ['a', 'b', 'c', 'd'].map((letter): Past => {
      const body = Buffer.alloc(39 * 1024 * 1024, letter);
      const value = { ...plain(body.length), items: [{ at: 0, value: plain(body.length) }] };
      return { body, members: new Map([['messages', { at: 0, value }]]) };
    });
    for (const each of pasts) memory.keep(each);
    expect(pasts.map((each) => knows(memory, each, 0))).toEqual([false, false, true, true]);
  });

  it('knows a value by its place and all of its bytes', () => {
    const memory = createMemory();
    memory.keep(past('first', 'second'));
    expect(knows(memory, past('first', 'second'), 1)).toBe(true);
    expect(knows(memory, past('first', 'secund'), 1)).toBe(false);
    expect(knows(memory, past('second', 'first'), 1)).toBe(false);
    expect(knows(memory, past('first'), 0)).toBe(true);
    expect(memory.find(Buffer.from('{"other":["first"]}'), 'other', 0, 10)).toBeUndefined();
  });

  it('holds bytes of its own: neither what was given nor what is asked changes with it', () => {
    const memory = createMemory();
    const [first, second] = [past('begins', 'one'), past('begins', 'two')];
    memory.keep(first);
    first.body.fill(0);
    expect(knows(memory, past('begins', 'one'), 1)).toBe(true);
    memory.keep(second);
    expect(first.body.every((byte) => byte === 0)).toBe(true);
    expect(knows(memory, past('begins', 'two'), 1)).toBe(true);
    expect(knows(memory, past('begins', 'one'), 1)).toBe(false);
  });

  it('forgets everything when a secret became known', () => {
    const memory = createMemory();
    memory.since(1);
    memory.keep(past('first'));
    memory.since(1);
    expect(knows(memory, past('first'), 0)).toBe(true);
    memory.since(2);
    expect(knows(memory, past('first'), 0)).toBe(false);
  });
});
