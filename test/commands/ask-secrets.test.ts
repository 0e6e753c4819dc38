import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createAskSecrets } from '../../src/commands/ask-secrets.ts';
import type { ReadAnswer, ReadQuestion } from '../../src/tui/index.ts';
import { startWriteback } from '../../src/writeback/index.ts';
import { read, ready, secret } from '../writeback/session.ts';

/** A session in which a placeholder is copied to another file twice, and the person answers. */
async function session(foreign: 'leave' | 'ask', answer: ReadAnswer | undefined) {
  const at = await ready({ config: `key = ${secret()}\n`, notes: 'x\n' }, {}, { foreign });
  const questions: ReadQuestion[] = [];
  const entries: object[] = [];
  const show = async (question: ReadQuestion) => {
    questions.push(question);
    return answer as ReadAnswer;
  };
  const ledger = { append: (entry: object) => void entries.push(entry) } as never;
  const asks = createAskSecrets({ foreign, show: answer && show, ledger });
  const writeback = await startWriteback({ ...at.input, onEvent: asks.onEvent });
  asks.begin(writeback);
  writeFileSync(join(at.copy, 'notes'), `x\n${read(at.copy, 'config')}`);
  await writeback.flush();
  if (answer === 'session') await vi.waitFor(() => expect(read(at.root, 'notes')).toContain(secret()));
  writeFileSync(join(at.copy, 'notes'), `x\ny\n${read(at.copy, 'config')}`);
  await writeback.flush();
  asks.end();
  const { problems } = await writeback.stop();
  return { notes: read(at.root, 'notes'), questions, entries, problems };
}

it('asks once for a file, and a yes brings the secret into it', async () => {
  const { notes, questions, entries, problems } = await session('ask', 'session');
  expect(notes).toBe(`x\ny\nkey = ${secret()}\n`);
  expect(questions.map(({ path }) => path)).toEqual(['notes']);
  expect(entries).toEqual([
    { kind: 'decision', question: 'write a secret', path: 'notes', answer: 'session', by: 'person' },
  ]);
  expect(problems).toEqual([]);
});

it.each([
  { description: 'the answer is no', foreign: 'ask' as const, answer: 'no' as const, asked: 1 },
  { description: 'nobody can be asked', foreign: 'ask' as const, answer: undefined, asked: 0 },
  { description: 'policy does not ask', foreign: 'leave' as const, answer: 'once' as const, asked: 0 },
])('leaves the placeholder when $description', async ({ foreign, answer, asked }) => {
  const { notes, questions, problems } = await session(foreign, answer);
  expect(notes).not.toContain(secret());
  expect(questions).toHaveLength(asked);
  expect(problems.map(({ code }) => code)).toContain('writeback.foreign-placeholder');
});
