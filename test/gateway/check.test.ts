import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import { type Checker, createChecker } from './checker.ts';
import { GITHUB } from './setting.ts';

let checker: Checker;
beforeEach(async () => {
  checker = await createChecker();
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) {
      expect(`${error.message} ${error.hint}`).not.toContain(GITHUB.slice(4, 20));
      return error.code;
    }
    throw error;
  }
  return 'passed';
}

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const assistant = (content: unknown) => ({ messages: [{ role: 'assistant', content }] });
/** Nothing to see without the name before it. */
const OPAQUE = ['kW7', 'pQz2', 'Lm9vXr4T'].join('');
const PLACEHOLDER = /REDACTED_[a-z0-9_]+_[0-9a-f]{8}/;

describe('text that people and tools wrote is redacted', () => {
  it.each([
    ['a user message', user(`a ${GITHUB} b`)],
    ['a text block', user([{ type: 'text', text: `a ${GITHUB} b` }])],
    ['a tool result', user([{ type: 'tool_result', tool_use_id: 'toolu_1', content: `a ${GITHUB} b` }])],
    [
      'a block in a tool result',
      user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: `a ${GITHUB}` }] }]),
    ],
    [
      'a search result',
      user([{ type: 'search_result', title: 't', source: 's', content: [{ type: 'text', text: GITHUB }] }]),
    ],
    ['a system turn in the conversation', { messages: [{ role: 'system', content: `a ${GITHUB}` }] }],
    ['a system turn of blocks', { messages: [{ role: 'system', content: [{ type: 'text', text: GITHUB }] }] }],
    ['a message whose content stands before its role', { messages: [{ content: `a ${GITHUB}`, role: 'user' }] }],
    ['a block whose text stands before its type', user([{ text: `a ${GITHUB}`, type: 'text' }])],
    ['the system prompt', { system: `a ${GITHUB}` }],
    ['a block of the system prompt', { system: [{ type: 'text', text: `a ${GITHUB}` }] }],
    ['the description of a tool', { tools: [{ name: 'x', description: `a ${GITHUB}` }] }],
    [
      'the description of a parameter',
      { tools: [{ name: 'x', input_schema: { properties: { p: { description: `a ${GITHUB}` } } } }] },
    ],
    [
      'what the client tells the judge of actions',
      { safeguards: [{ classifier_context: { rules: [`Bash(${GITHUB})`] } }] },
    ],
    ['a result of many lines', user([{ type: 'tool_result', content: `1\tone\n2\ttoken=${GITHUB}\n3\t` }])],
  ])('%s', (_what, body) => {
    const sent = checker.sent(body);
    expect(sent).not.toContain(GITHUB);
    expect(sent).toMatch(PLACEHOLDER);
    expect(checker.sent(sent)).toBe(sent);
  });
});

describe('everything else is examined, and a secret there is a refusal', () => {
  it.each([
    ['an assistant message', assistant(`a ${GITHUB}`)],
    ['an assistant text block', assistant([{ type: 'text', text: GITHUB }])],
    ['a tool call', assistant([{ type: 'tool_use', id: 't', name: 'Bash', input: { command: `echo ${GITHUB}` } }])],
    ['a key in a tool call', assistant([{ type: 'tool_use', id: 't', name: 'Bash', input: { [GITHUB]: 1 } }])],
    ['a block of unknown type', user([{ type: 'hologram', shape: { text: GITHUB } }])],
    ['an unknown field of a known block', user([{ type: 'text', text: 'x', note: GITHUB }])],
    ['an unknown role', { messages: [{ role: 'narrator', content: GITHUB }] }],
    ['an unknown field', { extra_body: { deep: [{ deeper: GITHUB }] } }],
    ['the name of a field', { [GITHUB]: 1 }],
    ['the name of a tool', { tools: [{ name: GITHUB }] }],
    ['an example in a schema', { tools: [{ name: 'x', input_schema: { default: GITHUB } }] }],
    ['the model', { model: GITHUB }],
    ['a stop sequence', { stop_sequences: [GITHUB] }],
    ['metadata', { metadata: { user_id: GITHUB } }],
    ['a message that is a string', { messages: [GITHUB] }],
    ['messages that are an object', { messages: { role: 'user', content: GITHUB } }],
    ['content that is an object', user({ text: GITHUB })],
  ])('%s', (_what, body) => {
    expect(codeOf(() => checker.check(body))).toBe('gateway.secret');
  });

  it('examines ids, signatures and thinking for secrets of the session only', () => {
    const body = (text: string) => assistant([{ type: 'thinking', thinking: text, signature: text }]);
    expect(codeOf(() => checker.check(body(GITHUB)))).toBe('passed');
    checker.vault.place('github.pat', GITHUB, '.env');
    expect(codeOf(() => checker.check({ ...body(GITHUB), model: 'other' }))).toBe('gateway.secret');
    expect(codeOf(() => checker.check(body(Buffer.from(`xx${GITHUB}`).toString('base64'))))).toBe('gateway.secret');
  });

  it('refuses servers that the provider would contact for the sandbox', () => {
    expect(codeOf(() => checker.check({ mcp_servers: [{ url: 'https://evil.example.com' }] }))).toBe(
      'gateway.remote-tool',
    );
    expect(codeOf(() => checker.check({ mcp_servers: [] }))).toBe('passed');
  });
});

describe('what the provider itself wrote may go back to it', () => {
  it('even where a rule finds it, and where it became known as a secret since', () => {
    const said = assistant([{ type: 'tool_use', id: 't', name: 'Write', input: { content: `token=${GITHUB}` } }]);
    expect(codeOf(() => checker.check(said))).toBe('gateway.secret');
    checker.provenance.add({ type: 'tool_use', input: { content: `token=${GITHUB}` } });
    checker.vault.place('github.pat', GITHUB, 'prompt');
    expect(checker.sent(said)).toBe(JSON.stringify(said));
  });

  it('but not from the mouth of a user', () => {
    checker.provenance.add(GITHUB);
    expect(checker.sent(user(GITHUB))).toMatch(PLACEHOLDER);
  });
});

describe('a key of many lines that a tool shows with something before each line', () => {
  const lines = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim()
    .split('\n');
  it.each([
    ['numbers', (line: string, at: number) => `${at + 1}\t${line}`],
    ['numbers and arrows', (line: string, at: number) => `${String(at + 1).padStart(6)}\u2192${line}`],
    ['file and number', (line: string, at: number) => `certs/dev.key:${at + 1}:${line}`],
    ['the sign of a diff', (line: string) => `+${line}`],
  ])('%s: the prefixes stay, and a few lines of it without them are known', (_what, prefixed) => {
    const shown = lines.map(prefixed).join('\n');
    const sent = JSON.parse(checker.sent(user(shown))).messages[0].content.split('\n') as string[];
    expect(sent).toHaveLength(lines.length);
    for (const [at, line] of sent.entries()) {
      const marker = (lines[at] as string).startsWith('-----');
      const [before, after] = prefixed('|', at).split('|') as [string, string];
      if (!marker) expect(line.slice(before.length, line.length - after.length)).toMatch(/^REDACTED_\w+$/);
      expect(line.startsWith(before)).toBe(true);
    }
    for (const line of lines.slice(3, 5)) expect(checker.sent(user(`tail: ${line}`))).not.toContain(line);
  });
});

describe('a secret that becomes known', () => {
  it('further down in a body is taken out of what stood before it too', () => {
    const [bare, named] = [`is it ${OPAQUE}?`, `DB_PASSWORD=${OPAQUE}\n`];
    expect(checker.sent(user(bare))).toContain(OPAQUE);
    const sent = checker.sent(user([bare, named].map((text) => ({ type: 'text', text }))));
    expect(sent).not.toContain(OPAQUE);
    expect(sent).toMatch(/is it REDACTED_\w+\?/);
  });

  it('is taken out of text in which no rule would have seen it, earlier in the same body too', () => {
    const secret = `plain-${'words'.repeat(3)}-nobody-would-suspect`;
    const body = user([{ type: 'text', text: `first ${secret}` }]);
    expect(checker.sent(body)).toContain(secret);
    checker.vault.place('env.value', secret, '.env');
    expect(checker.sent(body)).not.toContain(secret);
  });
});
