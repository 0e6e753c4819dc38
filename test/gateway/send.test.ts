import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Credential, CredentialSource } from '../../src/account/index.ts';
import { ask, bodyWith, openSetting, type Received, type Setting, type SettingOptions, sentence } from './setting.ts';

let setting: Setting;
afterEach(() => setting.close());

const credential = (value: string): Credential => ({
  kind: 'api-key-helper',
  headers: { 'x-api-key': value },
  oauth: false,
});

/** A provider that knows one key, and a source that has these, one after the other. */
async function open(keys: string[], more: SettingOptions = {}): Promise<void> {
  const source: CredentialSource = {
    kind: 'api-key-helper',
    read: async () => credential(keys[0] as string),
    renew: async () => {
      keys.shift();
      return keys[0] === undefined ? undefined : credential(keys[0]);
    },
  };
  const answer = ({ headers }: Received, response: ServerResponse) => {
    const known = headers['x-api-key'] === 'the-good-key';
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(known ? '{"type":"message"}' : '{"type":"error","error":{"message":"invalid x-api-key"}}');
  };
  setting = await openSetting({ credential: source, answer, ...more });
}

const post = () => ask(setting, 'POST', '/v1/messages', bodyWith('hello'));
const lines = () => setting.ledger.map((line) => [line.kind, 'status' in line ? line.status : undefined]);

describe('a credential that the provider refuses', () => {
  it('is asked for anew and the same request sent again, so that the client sees the answer only', async () => {
    await open(['the-old-key', 'the-good-key']);
    expect(await post()).toMatchObject({ status: 200, body: Buffer.from('{"type":"message"}') });
    const [first, second] = setting.received;
    expect([first, second].map((request) => request?.headers['x-api-key'])).toEqual(['the-old-key', 'the-good-key']);
    expect(second?.body.equals(first?.body as Buffer)).toBe(true);
  });

  it('leaves a line for each time something was sent, and no key in any of them', async () => {
    await open(['the-old-key', 'the-good-key']);
    await post();
    expect(lines()).toEqual([
      ['request', undefined],
      ['answer', 401],
      ['request', undefined],
      ['answer', 200],
    ]);
    expect(JSON.stringify([setting.ledger, setting.events])).not.toMatch(/the-(?:old|good)-key/);
  });

  it('is asked for once: a second refusal ends the request with words about the person’s own credential', async () => {
    await open(['the-old-key', 'the-other-key', 'the-good-key']);
    const answer = await post();
    expect(answer.status).toBe(451);
    expect(sentence(answer)).toMatch(/^sotto: the provider does not accept the credential .*hint: .*apiKeyHelper/);
    expect(setting.received).toHaveLength(2);
  });

  it('ends the request at once where there is no other', async () => {
    await open(['the-old-key']);
    expect((await post()).status).toBe(451);
    expect(setting.received).toHaveLength(1);
    expect(setting.events.at(-1)).toMatchObject({ verdict: 'refuse', code: 'account.rejected' });
  });

  it('is not sent again when the ledger cannot be written', async () => {
    let room = 2;
    const append = () => {
      room -= 1;
      if (room < 0) throw new Error('full');
    };
    await open(['the-old-key', 'the-good-key'], { ledger: { path: '', append, close: () => undefined } });
    expect((await post()).status).toBeGreaterThanOrEqual(400);
    expect(setting.received).toHaveLength(1);
  });
});
