// Commits and annotated tags, read apart and put together again for `git fast-import` with every text redacted.
// Signatures are dropped: they would not fit the new objects.

/** A commit or tag as stored: header lines, then the message; Latin-1 text of the bytes. */
export interface Parsed {
  header(name: string): string | undefined;
  message: string;
}

/** Reads an object's headers; continuation lines (signatures) belong to the header before them. */
export function parseObject(bytes: Buffer): Parsed {
  const text = bytes.toString('latin1');
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const lines = (end < 0 ? text : text.slice(0, end)).split('\n');
  const message = end < 0 ? '' : text.slice(end + (end === 0 ? 1 : 2));
  const prefixed = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  return { header: prefixed, message };
}

const TAG_SIGNATURE = /-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----\n[\s\S]*$/;

/** A tag's message carries its signature at the end. */
export function withoutSignature(message: string): string {
  return message.replace(TAG_SIGNATURE, '');
}
