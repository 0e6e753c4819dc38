// A long session: each turn sends everything again. Only what is new is scanned, and what was sent before is sent again
// byte for byte, or the provider's prompt cache would be of no use.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Checker, createChecker } from './checker.ts';
import { GITHUB } from './setting.ts';

let checker: Checker;
beforeEach(async () => {
  checker = await createChecker('session');
});

interface Message {
  role: string;
  content: { type: string; [field: string]: unknown }[];
}

/** A conversation as the client keeps it: the mark for the cache stands on the last block and moves each turn. */
function conversation() {
  const messages: Message[] = [];
  return {
    turn(number: number) {
      messages.push(
        {
          role: 'user',
          content: [{ type: 'text', text: `turn ${number}: look at the file, café ${'x'.repeat(number % 7)}` }],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: `toolu_${number}`, name: 'Read', input: { file_path: '/p/a' } }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: `toolu_${number}`,
              content: `1\tline ${number}\n2\ttoken = ${GITHUB}\n`,
            },
          ],
        },
      );
      return bodyOf(messages);
    },
    messages,
  };
}

function bodyOf(messages: readonly Message[]): string {
  const last = messages.at(-1);
  const content = last?.content.map((block, index, all) =>
    index === all.length - 1 ? { ...block, cache_control: { type: 'ephemeral' } } : block,
  );
  const marked = last === undefined ? messages : [...messages.slice(0, -1), { ...last, content }];
  const system = [{ type: 'text', text: 'You are a test.', cache_control: { type: 'ephemeral' } }];
  const metadata = { user_id: JSON.stringify({ device_id: 'd', account_uuid: 'a', session_id: 's' }) };
  return JSON.stringify({
    model: 'm',
    messages: marked,
    system,
    tools: [{ name: 'Read', description: 'reads' }],
    metadata,
  });
}

/** Texts of the conversation that were scanned: where two of them meet, and by themselves. */
function scannedNow(): [joins: string[], texts: string[]] {
  const texts = checker.scanned.filter((text) => text.startsWith('turn ') || text.startsWith('1\t'));
  const isJoin = (text: string) => text.includes('turn ') && text.includes('1\tline');
  return [texts.filter(isJoin), texts.filter((text) => !isJoin(text))];
}

describe('a session', () => {
  it.each([
    50, 1000,
  ])('sends the same prefix at each of %i turns, and scans no more at the last than at the first', (turns) => {
    const talk = conversation();
    let before = checker.check(talk.turn(0)).body;
    const scanned: number[] = [];
    for (let turn = 1; turn < turns; turn++) {
      checker.scanned.length = 0;
      const now = checker.check(talk.turn(turn)).body;
      const prefix = before.lastIndexOf('{"role":"user"');
      expect(now.compare(before, 0, prefix, 0, prefix)).toBe(0);
      expect(now.includes(GITHUB)).toBe(false);
      scanned.push(checker.scanned.join('').length);
      before = now;
    }
    // The numbers of the turns grow longer, and every seventh question is a few letters shorter.
    expect(Math.max(...scanned.slice(20))).toBeLessThan(Math.max(...scanned.slice(2, 20)) + 40);
  });

  it('scans each turn what is new, and nothing twice, over 200 turns', () => {
    const talk = conversation();
    checker.sent(talk.turn(0));
    checker.sent(talk.turn(1));
    for (let turn = 2; turn < 200; turn++) {
      checker.scanned.length = 0;
      checker.sent(talk.turn(turn));
      const [joins, texts] = scannedNow();
      // The last result of the turn before lost its mark for the cache, so it is another value.
      expect(texts).toHaveLength(3);
      // Each of them beside the one before it.
      expect(joins).toHaveLength(3);
      expect(checker.scanned.length).toBeLessThan(60);
    }
  });

  it('gives with memory what it gives without', async () => {
    const talk = conversation();
    for (let turn = 0; turn < 10; turn++) {
      const body = talk.turn(turn);
      const fresh = checker.sent(body);
      checker.vault.place('test.new', `something else that is new ${turn}`, 'prompt');
      expect(checker.sent(body)).toBe(fresh);
    }
  });

  it('gives that too when turns are taken back, edited, doubled and forked (500 sessions)', () => {
    const halves = [GITHUB.slice(0, 15), GITHUB.slice(15)];
    const content = fc.array(fc.constantFrom('a', 'b ', '', `key ${GITHUB}`, ...halves, '1\tline\n'), {
      minLength: 1,
      maxLength: 3,
    });
    const message = fc.record({ role: fc.constantFrom('user', 'user', 'assistant'), content });
    const step = fc.record({
      keep: fc.nat(6),
      more: fc.array(message, { maxLength: 3 }),
      space: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 5 }), (steps) => {
        let messages: object[] = [];
        for (const { keep, more, space } of steps) {
          const said = more.map(({ role, content: parts }) => ({
            role,
            content: role === 'assistant' ? 'well' : parts.map((text) => ({ type: 'text', text })),
          }));
          messages = [...messages.slice(0, keep), ...said];
          const body = JSON.stringify({ messages, n: [1, [2]], max_tokens: 1 }, null, space);
          expect(checker.sent(body)).toBe(checker.sentAnew(body));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps conversations side by side apart', () => {
    const one = conversation();
    const other = conversation();
    other.messages.push({ role: 'user', content: [{ type: 'text', text: 'a subagent begins' }] });
    checker.sent(one.turn(0));
    for (let turn = 1; turn < 20; turn++) {
      checker.sent(other.turn(turn));
      checker.scanned.length = 0;
      checker.sent(one.turn(turn));
      const [, texts] = scannedNow();
      if (turn > 1) expect(texts.filter((text) => text.startsWith('turn '))).toHaveLength(1);
    }
  });

  it('looks at everything again when a secret became known', () => {
    const talk = conversation();
    talk.messages.push({ role: 'user', content: [{ type: 'text', text: 'the word is xylophone-in-the-garden' }] });
    expect(checker.sent(talk.turn(0))).toContain('xylophone');
    checker.vault.place('env.value', 'xylophone-in-the-garden', '.env');
    expect(checker.sent(talk.turn(1))).not.toContain('xylophone');
  });
});
