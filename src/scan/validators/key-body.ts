/**
 * The body of a private key between its head and foot: base64 in long runs, or short lines of plain text that stand for it. Code
 * between two string literals that name head and foot is none.
 */
export function keyBody(secret: string): boolean {
  if (/[A-Za-z0-9+/]{40}/.test(secret)) return true;
  if (/[;(){}[\]<>$]/.test(secret)) return false;
  return /\s/.test(secret.trim()) && !/\.{3}|…|\*{3}|[xX]{6}|key here|your/.test(secret);
}
