// Never a crash, never a finding forwarded: whatever shape a body has, a secret somewhere in it is gone from what would
// be sent, or nothing would be sent.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import { MOST_BODY } from '../../src/gateway/body.ts';
import { type Checker, createChecker } from './checker.ts';
import { GITHUB } from './setting.ts';

let checker: Checker;
beforeAll(async () => {
  checker = await createChecker('keep', 'pass');
});

/** Names that mean something to the walk, so that the shapes come near to real ones. */
const NAMES = [
  'role',
  'content',
  'type',
  'text',
  'source',
  'data',
  'input',
  'id',
  'system',
  'messages',
  'tools',
  'metadata',
  'user_id',
  'thinking',
  'signature',
  'description',
  'safeguards',
  'x',
  'media_type',
  'tool_use_id',
  'name',
  'title',
];
const WORDS = [
  'user',
  'assistant',
  'system',
  'text',
  'tool_result',
  'tool_use',
  'thinking',
  'image',
  'document',
  'base64',
  'image/png',
  'url',
  'hologram',
  '',
  'é中😀',
  '\n',
];

const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 }));
const secret = fc.constantFrom(
  GITHUB,
  `a ${GITHUB} b`,
  `"token": "${GITHUB}"`,
  `1\tx\n2\t${GITHUB}\n`,
  Buffer.from(`key ${GITHUB}`).toString('base64'),
  `\u00e9${GITHUB}`,
);
const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 1, arbitrary: secret },
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: secret }),
    fc.constantFrom(null, true, 0, 1e21, -1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

const body = fc.record(
  {
    messages: fc.array(
      fc.oneof(
        fc.record({
          role: fc.constantFrom('user', 'assistant', 'system', 'x'),
          content: fc.oneof(fc.array(value, { maxLength: 3 }), word, secret),
        }),
        value,
      ),
      { maxLength: 3 },
    ),
    system: value,
    tools: value,
    metadata: value,
    x: value,
  },
  { requiredKeys: [] },
);

/** Writes some characters as JSON escapes: the same value in other bytes. */
function escaped(text: string, at: readonly number[]): string {
  let out = '';
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string;
    if (char === '\\') {
      out += char + text[++index];
      continue;
    }
    if (char === '"') inString = !inString;
    const spell = inString && char !== '"' && at.includes(index % 17);
    out += spell ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char;
  }
  return out;
}

function check(bytes: Buffer): string | undefined {
  try {
    return checker.check(bytes).body.toString();
  } catch (error) {
    if (error instanceof Refusal) {
      expect(`${error.message}${error.hint}${JSON.stringify(error.args)}`).not.toContain(GITHUB);
      return undefined;
    }
    throw error;
  }
}

describe('any body', () => {
  it('leaves without the secret or does not leave (10,000 shapes)', () => {
    fc.assert(
      fc.property(body, fc.array(fc.nat(16), { maxLength: 6 }), (shape, at) => {
        const sent = check(Buffer.from(escaped(JSON.stringify(shape), at)));
        if (sent === undefined) return;
        const parsed = JSON.stringify(JSON.parse(sent));
        expect(parsed).not.toContain(GITHUB);
        expect(parsed).not.toContain(Buffer.from(`key ${GITHUB}`).toString('base64'));
        // What was sent once is clean: sent again it passes as it is.
        expect(check(Buffer.from(sent))).toBe(sent);
      }),
      { numRuns: 10_000 },
    );
  });

  it('of broken bytes is a refusal, never a crash (10,000 mutations)', () => {
    const good = Buffer.from(
      JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'text', text: `é ${GITHUB}` }] }], system: 's' }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, byte] of changes) bytes[at] = byte;
          const sent = check(bytes);
          if (sent !== undefined) expect(sent).not.toContain(GITHUB);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('has a bound', () => {
    expect(MOST_BODY).toBeGreaterThan(32 * 1024 * 1024);
  });
});
