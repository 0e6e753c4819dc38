import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import {
  ask,
  bodyWith,
  GITHUB,
  openSetting,
  REAL_KEY,
  type Setting,
  type SettingOptions,
  sentence,
} from './setting.ts';

let setting: Setting;
const open = async (options?: SettingOptions) => {
  setting = await openSetting(options);
  return setting;
};
afterEach(() => setting.close());

const post = (body: string | Buffer, headers?: Record<string, string>) =>
  ask(setting, 'POST', '/v1/messages?beta=true', body, headers);

describe('inference on the base URL', () => {
  it('passes a body without secrets byte for byte, and the answer back', async () => {
    await open({ prefix: '/prefix' });
    const body =
      '{"model" : "m", "temperature":1.0,"messages":[{"role":"user","content":"caf\\u00e9 \\/ é"}],  "max_tokens":1e2}';
    const answer = await post(body);
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe('{"type":"message"}');
    expect(setting.received).toHaveLength(1);
    expect(setting.received[0]?.body.toString()).toBe(body);
    expect(setting.received[0]?.url).toBe('/prefix/v1/messages?beta=true');
  });

  it('puts a placeholder where a secret stood and changes no other byte', async () => {
    await open();
    const answer = await post(bodyWith(`my token is ${GITHUB}, keep it`));
    expect(answer.status).toBe(200);
    const placeholder = [...setting.vault.entries()][0]?.placeholder;
    expect(placeholder).toMatch(/^REDACTED_/);
    expect(setting.received[0]?.body.toString()).toBe(bodyWith(`my token is ${placeholder}, keep it`));
    expect(setting.events[0]).toMatchObject({ verdict: 'redact', path: '/v1/messages' });
    expect(setting.ledger.map((event) => event.kind)).toEqual(['request', 'answer']);
  });

  it('finds a secret that JSON escapes hide', async () => {
    await open();
    await post(bodyWith('x').replace('"x"', `"a \\u0067${GITHUB.slice(1)} b"`));
    expect(setting.received[0]?.body.toString()).toMatch(/"a REDACTED_\w+ b"/);
  });

  it('refuses a secret in what the assistant said, and sends nothing', async () => {
    await open();
    const answer = await post(bodyWith('x', { messages: [{ role: 'assistant', content: `it is ${GITHUB}` }] }));
    expect(answer.status).toBe(451);
    expect(sentence(answer)).toMatch(/^sotto: a secret \(.*\) stands in a message of the assistant/);
    expect(sentence(answer)).not.toContain(GITHUB);
    expect(setting.received).toEqual([]);
    expect(setting.events[0]).toMatchObject({ verdict: 'refuse', code: 'gateway.secret' });
  });

  it('puts its own credential on the wire and drops every other', async () => {
    await open();
    await post(bodyWith('x'), { 'x-api-key': 'planted', authorization: 'Bearer planted', cookie: 'a=planted' });
    const { headers } = setting.received[0]!;
    expect(headers['x-api-key']).toBe(REAL_KEY);
    expect(JSON.stringify(headers)).not.toContain('planted');
  });

  it('opens a compressed body, and refuses one that does not open', async () => {
    await open();
    await post(gzipSync(bodyWith(`token ${GITHUB}`)), { 'content-encoding': 'gzip' });
    expect(setting.received[0]?.body.toString()).not.toContain(GITHUB);
    expect(setting.received[0]?.headers['content-encoding']).toBeUndefined();
    for (const encoding of ['zstd', 'gzip, gzip', 'br']) {
      expect((await post(gzipSync(bodyWith('x')), { 'content-encoding': encoding })).status).toBe(451);
    }
    expect(setting.received).toHaveLength(1);
  });

  it('sends nothing when the ledger cannot be written', async () => {
    const append = () => {
      throw new Refusal('gateway.closed');
    };
    await open({ ledger: { path: '', append, close: () => undefined } });
    expect((await post(bodyWith('x'))).status).toBe(451);
    expect(setting.received).toEqual([]);
  });

  it('sends nothing without a credential', async () => {
    const read = () => Promise.reject(new Refusal('gateway.closed'));
    await open({ credential: { kind: 'login', read } });
    expect((await post(bodyWith('x'))).status).toBe(451);
    expect(setting.received).toEqual([]);
  });

  it('gives device, account and session other names, the same ones for the whole session', async () => {
    await open();
    const user = { device_id: 'd'.repeat(64), account_uuid: '', session_id: 'real-session' };
    const body = bodyWith('x', { metadata: { user_id: JSON.stringify(user) } });
    await post(body, {
      'user-agent': 'claude-cli/2.1.330 (external, sdk-cli)',
      'x-claude-code-session-id': 'real-session',
    });
    await post(body);
    const [one, two] = setting.received.map((each) => JSON.parse(each.body.toString()).metadata.user_id);
    expect(one).toBe(two);
    expect(one).not.toContain('real-session');
    expect(Object.keys(JSON.parse(one))).toEqual(Object.keys(user));
    expect(setting.received[0]?.headers['user-agent']).toBe('claude-cli/2.1.330 (external, cli)');
    expect(setting.received[0]?.headers['x-claude-code-session-id']).not.toBe('real-session');
  });
});

describe('the organisation that policy demands', () => {
  const ORGANIZATION = '11111111-2222-4333-8444-555555555555';
  const policy = { account: { organization: ORGANIZATION } };

  it('goes with each request, so that the provider holds to it', async () => {
    await open({ policy });
    await post(bodyWith('x'));
    expect(setting.received[0]?.headers['anthropic-allowed-org-ids']).toBe(ORGANIZATION);
  });

  it('is looked for in each answer; one for another is dropped and is the last', async () => {
    let named = ORGANIZATION;
    await open({
      policy,
      answer: (_request, response) => response.setHeader('anthropic-organization-id', named).end('paid'),
    });
    expect((await post(bodyWith('x'))).status).toBe(200);
    named = 'another';
    const answer = await post(bodyWith('x'));
    expect(answer.status).toBe(451);
    expect(sentence(answer)).toMatch(/another organisation/);
    named = ORGANIZATION;
    expect((await post(bodyWith('x'))).status).toBe(451);
    expect(setting.received).toHaveLength(2);
  });
});

describe('an OAuth credential', () => {
  it('has its beta beside those of the client', async () => {
    const read = async () => ({ kind: 'login' as const, headers: { authorization: 'Bearer real' }, oauth: true });
    await open({ credential: { kind: 'login', read } });
    await post(bodyWith('x'), { 'anthropic-beta': 'one-2026-01-01,two-2026-01-01' });
    expect(setting.received[0]?.headers['anthropic-beta']).toBe('one-2026-01-01,two-2026-01-01,oauth-2025-04-20');
    expect(setting.received[0]?.headers.authorization).toBe('Bearer real');
  });
});

describe('all other requests on the base URL', () => {
  it.each([
    ['HEAD', '/api/hello', 200],
    ['POST', '/api/event_logging/v2/batch', 200],
    ['POST', '/api/eval/sdk-x', 200],
    ['GET', '/api/oauth/profile', 404],
    ['GET', '/v1/files', 403],
    ['POST', '/v1/files', 403],
    ['POST', '/v1/messages/batches', 403],
    ['GET', '/v1/messages', 403],
    ['DELETE', '/v1/messages', 403],
  ])('%s %s is answered or refused here: %i', async (method, path, status) => {
    await open();
    const body = method === 'POST' ? '{}' : undefined;
    expect((await ask(setting, method, path, body)).status).toBe(status);
    expect(setting.received).toEqual([]);
    expect(setting.ledger).toHaveLength(1);
  });
});
