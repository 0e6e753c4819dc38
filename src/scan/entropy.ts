/** Shannon entropy of Latin-1 text, in bits per character. */
export function entropy(text: string): number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < text.length; at++) counts[text.charCodeAt(at) & 0xff]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
