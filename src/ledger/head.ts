// The head: `<16 digits> <64 hex> <88 base64>\n`, always as long, so that it can be overwritten in place without a moment
// in which it is shorter.
import { type KeyObject, sign, verify } from 'node:crypto';

/** Number and hash of the last line. */
export interface Head {
  seq: number;
  hash: string;
}

export function headFile(path: string): string {
  return path.replace(/\.jsonl$/, '.head');
}

export function sealHead(head: Head, key: KeyObject): Buffer {
  const text = `${String(head.seq).padStart(16, '0')} ${head.hash}`;
  return Buffer.from(`${text} ${sign(null, Buffer.from(text), key).toString('base64')}\n`);
}

/** Reads a head back; undefined when it is broken or signed by another key. */
export function openHead(bytes: string, key: KeyObject): Head | undefined {
  const parts = /^((\d{16}) ([0-9a-f]{64})) (\S{88})\n$/.exec(bytes);
  if (parts === null) return undefined;
  const [, text, seq, hash, sig] = parts as unknown as [string, string, string, string, string];
  if (!verify(null, Buffer.from(text), key, Buffer.from(sig, 'base64'))) return undefined;
  return { seq: Number(seq), hash };
}
