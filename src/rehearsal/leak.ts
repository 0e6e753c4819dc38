// Looks for secrets in bytes that left: whole, in pieces, and in the encodings that a program would use to carry them.
import type { Planted } from './secrets.ts';

/** A piece this long is no accident, in characters. */
const PIECE = 12;

/** Bytes of the secret that stand in `haystack`, raw or encoded; 0 when none does. */
export function leakedBytes(haystack: Buffer, secret: Planted): number {
  const text = haystack.toString('latin1');
  const forms = secret.value.includes('\n') ? keyLines(secret.value) : [secret.value];
  return forms.reduce((sum, form) => sum + leakedForm(text, form), 0);
}

/** The lines of a key that are its own: not the markers, which are the same in every key. */
function keyLines(value: string): string[] {
  return value.split('\n').filter((line) => line.length >= PIECE && !line.startsWith('-----'));
}

function leakedForm(text: string, value: string): number {
  if (text.includes(value)) return value.length;
  const bytes = Buffer.from(value);
  const encoded = [
    bytes.toString('hex'),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    ...base64Cores(bytes),
  ];
  if (encoded.some((form) => form !== value && text.includes(form))) return value.length;
  return longestPiece(text, value);
}

/** Base64 of the secret at each of the three alignments, without the characters that its neighbours decide. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const core = encoded.slice(shift === 0 ? 0 : shift + 1, -2);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function longestPiece(text: string, value: string): number {
  for (let start = 0; start + PIECE <= value.length; start += 1) {
    if (text.includes(value.slice(start, start + PIECE))) return PIECE;
  }
  return 0;
}
