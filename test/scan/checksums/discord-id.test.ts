import { describe, expect, it } from 'vitest';
import { discordId } from '../../../src/scan/checksums/discord-id.ts';

const token = (id: string) => `${Buffer.from(id).toString('base64').replace(/=+$/, '')}.GabcdE.${'x1'.repeat(14)}`;

describe('discordId', () => {
  it('accepts a token whose first part is a snowflake', () => {
    expect(discordId(token('261234567890123456'))).toBe(true);
  });

  it.each([
    ['letters', 'abcdefghijklmnopqr'],
    ['too few digits', '261234567890'],
  ])('refuses a first part of %s', (_, id) => {
    expect(discordId(token(id))).toBe(false);
  });
});
