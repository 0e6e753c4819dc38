/** Base64 of `user:password`, as basic authentication sends it. */
export function basicCredentials(secret: string): boolean {
  const plain = Buffer.from(secret, 'base64').toString('latin1');
  return /^[\x20-\x7e\xa0-\xff]{0,120}:[\x20-\x7e\xa0-\xff]{0,200}$/.test(plain) && plain.length > 3;
}
