/** False for expressions and identifiers: `getToken2()`, `config.token1`, `some-kebab-words-1`. */
export function notCode(secret: string): boolean {
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(secret) && !/\d[A-Za-z]\w*\d/.test(secret)) return false;
  if (/^[A-Za-z]+(?:[-_/.][A-Za-z]*\d{0,2})+$/.test(secret)) return false;
  return !/[(){}$<>]/.test(secret);
}
