import { describe, expect, it } from 'vitest';
import { createClosers } from '../../src/commands/closers.ts';

function recorded() {
  const done: string[] = [];
  const closers = createClosers(() => done.push('ledger'));
  const add = (name: string, fails = false) =>
    closers.add(async () => {
      done.push(name);
      if (fails) throw new Error(name);
    });
  return { done, closers, add };
}

describe('createClosers', () => {
  it('ends things in the reverse of their order, the first of all last', async () => {
    const { done, closers, add } = recorded();
    add('sandbox');
    add('gateway');
    await closers.close();
    expect(done).toEqual(['gateway', 'sandbox', 'ledger']);
  });

  it('ends everything even when a step fails, and then throws the first failure', async () => {
    const { done, closers, add } = recorded();
    add('sandbox', true);
    add('gateway', true);
    await expect(closers.close()).rejects.toThrow('gateway');
    expect(done).toEqual(['gateway', 'sandbox', 'ledger']);
  });

  it('does a step that was done before no second time', async () => {
    const { done, closers, add } = recorded();
    const stop = add('writeback');
    await stop();
    await closers.close();
    expect(done).toEqual(['writeback', 'ledger']);
  });
});
