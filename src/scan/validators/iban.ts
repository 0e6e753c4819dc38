/** The two check digits of an IBAN (ISO 7064, mod 97-10); spaces between the groups are allowed. */
export function iban(secret: string): boolean {
  const text = secret.replace(/\s/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  let rest = 0;
  for (const char of text.slice(4) + text.slice(0, 4)) {
    const value = /\d/.test(char) ? char : String(char.charCodeAt(0) - 55);
    rest = Number(String(rest) + value) % 97;
  }
  return rest === 1;
}
