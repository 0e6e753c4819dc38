import { crc32 } from './crc32.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * GitHub's and npm's tokens: a prefix up to `_`, then random base62, whose last six digits are the CRC-32 of the rest.
 * Source: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
 */
export function githubCrc32(secret: string): boolean {
  const body = secret.slice(secret.lastIndexOf('_') + 1);
  return body.length > 6 && base62(crc32(body.slice(0, -6))) === body.slice(-6);
}

function base62(value: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = BASE62[rest % 62] + digits;
  return digits.padStart(6, '0');
}
