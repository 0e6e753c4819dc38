// Text and findings in, text with placeholders out. Pure: who remembers the secrets is `place`, usually the vault's.
import { detectEncoding, type Finding, narrow, widen } from '../scan/index.ts';
import { pieces } from './lines.ts';
import { BARE } from './placeholder.ts';

/** Gives the placeholder of a secret; `secret` is Latin-1 text of its (UTF-8) bytes. */
export type Place = (rule: string, secret: string) => string;

/**
 * Puts placeholders over the findings of a file's bytes; UTF-16 files get UTF-16 placeholders.
 * @param findings as {@link Scanner.scanBytes} returned them for these very bytes: sorted, apart
 * @returns the new bytes, and the placeholders in the order in which they stand
 */
export function redactBytes(
  bytes: Uint8Array,
  findings: readonly Finding[],
  place: Place,
): { bytes: Uint8Array; placed: string[] } {
  if (findings.length === 0) return { bytes, placed: [] };
  const detected = detectEncoding(bytes);
  const wide = detected.encoding.startsWith('utf-16');
  const parts: Uint8Array[] = [];
  const placed: string[] = [];
  let from = 0;
  for (const finding of findings) {
    const raw = bytes.subarray(finding.start, finding.end);
    const secret = wide ? narrow(raw, { ...detected, bom: 0 }) : undefined;
    const text = Buffer.from(secret?.bytes ?? raw).toString('latin1');
    for (const piece of pieces(text)) {
      const start = finding.start + (secret?.origin[piece.start] ?? piece.start);
      const end = finding.start + (secret?.origin[piece.end] ?? piece.end);
      const placeholder = place(ruleOf(finding), text.slice(piece.start, piece.end));
      const ascii = Buffer.from(written(finding, placeholder), 'latin1');
      parts.push(bytes.subarray(from, start), wide ? widen(ascii, detected.encoding) : ascii);
      placed.push(placeholder);
      from = end;
    }
  }
  parts.push(bytes.subarray(from));
  return { bytes: Buffer.concat(parts), placed };
}

/** {@link redactBytes} on text and its UTF-16 spans: for the gateway, with what `scanText` or `scanDeep` returned. */
export function redactText(
  text: string,
  findings: readonly Finding[],
  place: Place,
): { text: string; placed: string[] } {
  const placed: string[] = [];
  let out = '';
  let from = 0;
  for (const finding of findings) {
    const { startUtf16, endUtf16 } = finding;
    const secret = text.slice(startUtf16, endUtf16);
    for (const piece of pieces(secret)) {
      const placeholder = place(ruleOf(finding), latin1OfUtf8(secret.slice(piece.start, piece.end)));
      out += text.slice(from, startUtf16 + piece.start) + written(finding, placeholder);
      placed.push(placeholder);
      from = startUtf16 + piece.end;
    }
  }
  return { text: out + text.slice(from), placed };
}

function ruleOf({ rule, bare }: Finding): string {
  return bare === true ? rule + BARE : rule;
}

function written({ bare }: Finding, placeholder: string): string {
  return bare === true ? `"${placeholder}"` : placeholder;
}

/** The UTF-8 bytes of text as Latin-1 text; lone surrogates are kept as three bytes, so that restore gives them back. */
function latin1OfUtf8(text: string): string {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text, 'utf8').toString('latin1');
  return narrow(Buffer.from(text, 'utf16le'), { encoding: 'utf-16le', bom: 0 }).bytes.toString('latin1');
}
