/** Between eight and fifteen digits, not all the same, not a plain count upwards. */
export function phone(secret: string): boolean {
  const digits = secret.replace(/\D/g, '');
  return (
    digits.length >= 8 && digits.length <= 15 && !/^(\d)\1+$/.test(digits) && !'01234567890123456789'.includes(digits)
  );
}
