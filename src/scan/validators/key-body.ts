/**
 * The body of a private key between its head and foot: base64 in long runs, or lines of plain text that stand for it. Code or prose
 * between two literals that name head and foot is none.
 */
export function keyBody(secret: string): boolean {
  if (/[A-Za-z0-9+/]{40}/.test(secret)) return true;
  if (/[;(){}[\]<>$"'`,=]/.test(secret)) return false;
  return /^(?:\\n|\s)+\S/.test(secret) && !/\.{3}|\*{3}|x{6}|key here|your/i.test(secret);
}
