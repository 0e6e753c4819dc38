// Ten kinds of made-up secrets, new for each rehearsal, in the true format of each (checksums included). They are built
// from parts at run time: no whole one ever stands in a file of ours.
import { createHmac, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** One planted secret. */
export interface Planted {
  /** What kind it is, as the table names it. */
  kind: string;
  value: string;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const UPPER32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Makes the ten. */
export function makeSecrets() {
  return {
    aws: planted('AWS access key', `${'AK'}${'IA'}${pick(UPPER32, 16)}`),
    awsSecret: planted('AWS secret key', `${pick(BASE62, 39)}/`.replace(/^(.{20})/, '$1+').slice(0, 40)),
    github: planted('GitHub token', githubToken()),
    anthropic: planted('Anthropic API key', `${'sk-'}ant-api03-${pick(BASE62, 93)}AA`),
    slack: planted('Slack token', `${'xo'}xb-${pick('123456789', 12)}-${pick('123456789', 13)}-${pick(BASE62, 24)}`),
    stripe: planted('Stripe key', `${'sk_'}live_${pick(BASE62, 24)}`),
    database: planted('database password', `${pick(BASE62, 9)}!${pick(BASE62, 8)}`),
    password: planted('password in code', `${pick(BASE62, 10)}#${pick(BASE62, 6)}`),
    jwt: planted('JWT', jwt()),
    privateKey: planted(
      'private key',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ),
  };
}

export type Secrets = ReturnType<typeof makeSecrets>;

function planted(kind: string, value: string): Planted {
  return { kind, value };
}

/** GitHub's tokens end in a base62 CRC-32 of what stands between prefix and checksum (github.blog, 2021-04-05). */
function githubToken(): string {
  const body = pick(BASE62, 30);
  return `${'gh'}p_${body}${base62(checksum(body)).padStart(6, '0')}`;
}

/** `zlib.crc32` came with Node 20.15 and 22.2. */
function checksum(text: string): number {
  return crc32(text);
}

function base62(value: number): string {
  return value < 62 ? BASE62[value]! : base62(Math.floor(value / 62)) + BASE62[value % 62]!;
}

function jwt(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: pick(BASE62, 8), iat: 1_760_000_000 })}`;
  return `${head}.${createHmac('sha256', randomBytes(32)).update(head).digest('base64url')}`;
}
