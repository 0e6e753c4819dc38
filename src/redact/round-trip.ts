import type { Finding } from '../scan/index.ts';
import { pieces } from './lines.ts';
import { placeholderOf } from './placeholder.ts';
import { redactBytes } from './redact.ts';
import { restoreBytes } from './restore.ts';
import { createVault } from './vault.ts';

/**
 * Redacts, compares with what must come out to the character, restores, compares again: for `sotto patterns check`.
 * @returns what is wrong, or undefined
 */
export function roundTrip(bytes: Buffer, findings: readonly Finding[]): string | undefined {
  const vault = createVault();
  const place = (rule: string, secret: string) => vault.place(rule, secret, 'example');
  const redacted = redactBytes(bytes, findings, place).bytes;
  if (!Buffer.from(redacted).equals(expected(bytes, findings, vault.key))) return 'is not redacted to the character';
  const restored = restoreBytes(redacted, vault.lookup).bytes;
  return Buffer.from(restored).equals(bytes) ? undefined : 'is not restored to the character';
}

function expected(bytes: Buffer, findings: readonly Finding[], key: Uint8Array): Buffer {
  let text = bytes.toString('latin1');
  for (const { rule, start, end } of [...findings].reverse()) {
    const secret = text.slice(start, end);
    for (const piece of pieces(secret).reverse()) {
      const part = Buffer.from(secret.slice(piece.start, piece.end), 'latin1');
      text = text.slice(0, start + piece.start) + placeholderOf(key, rule, part) + text.slice(start + piece.end);
    }
  }
  return Buffer.from(text, 'latin1');
}
