import { describe, expect, it } from 'vitest';
import { tokenLike } from '../../../src/scan/validators/token-like.ts';

describe('tokenLike', () => {
  it.each([
    ['a constant', 'GITHUB_TOKEN_V2_ENABLED'],
    ['a camel-case name', 'apiKeyV2HandlerFactory'],
    ['a file name', 'oauth2-access-token.spec'],
    ['a slug with a year', 'how-to-rotate-keys-in-2024'],
  ])('refuses %s', (_, text) => {
    expect(tokenLike(text)).toBe(false);
  });

  it.each([
    ['hex', ['9f86d081884c', '7d659a2feaa0']],
    ['upper-case hex', ['9B42E5F8E09E', 'DCC280A076DE']],
    ['base62', ['x7Kq2LmZ9p', 'Rt4VbN8wYc']],
    ['a uuid', ['3f2504e0-4f89-', '41d3-9a0c-0305e82c3301']],
    ['letters, then many digits', ['abcdefghij', '1234567890']],
  ])('accepts %s', (_, parts) => {
    expect(tokenLike(parts.join(''))).toBe(true);
  });
});
