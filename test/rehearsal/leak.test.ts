import { describe, expect, it } from 'vitest';
import { leakedBytes } from '../../src/rehearsal/leak.ts';
import { makeSecrets } from '../../src/rehearsal/secrets.ts';

const secrets = makeSecrets();
const password = secrets.github;
const bytes = Buffer.from(password.value);

describe('leakedBytes', () => {
  it.each([
    { description: 'as it stands', text: `x=${password.value};` },
    { description: 'in hex', text: bytes.toString('hex') },
    { description: 'in base64', text: Buffer.from(`password: ${password.value}\n`).toString('base64') },
    {
      description: 'in base64, one byte later',
      text: Buffer.from(`xpassword: ${password.value}\n`).toString('base64'),
    },
    {
      description: 'in base64url, two bytes later',
      text: Buffer.from(`xypassword: ${password.value}\n`).toString('base64url'),
    },
    { description: 'cut in half', text: password.value.slice(0, 20) },
  ])('sees a secret $description', ({ text }) => {
    expect(leakedBytes(Buffer.from(`{"a":"${text}"}`), password)).toBeGreaterThan(0);
  });

  it('sees one line of a private key', () => {
    const line = secrets.privateKey.value.split('\n')[5]!;
    expect(leakedBytes(Buffer.from(`...${line}...`), secrets.privateKey)).toBeGreaterThan(0);
    expect(leakedBytes(Buffer.from('-----BEGIN PRIVATE KEY-----'), secrets.privateKey)).toBe(0);
  });

  it.each(Object.entries(secrets))('sees nothing in other text (%s)', (_name, secret) => {
    expect(leakedBytes(Buffer.from('ordinary text with REDACTED_github_pat_0123abcd in it'), secret)).toBe(0);
  });
});

describe('makeSecrets', () => {
  it('makes ten kinds, new each time', () => {
    const again = makeSecrets();
    expect(Object.keys(secrets)).toHaveLength(10);
    for (const [name, { value }] of Object.entries(secrets))
      expect(again[name as keyof typeof again].value).not.toBe(value);
  });
});
