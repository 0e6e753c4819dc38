/** Base64 of `user:password`, as basic authentication sends it. */
export function basicCredentials(secret: string): boolean {
  const plain = Buffer.from(secret, 'base64').toString('latin1');
  const ascii = plain.match(/[\x20-\x7e]/g)?.length ?? 0;
  return (
    /^[\x20-\x7e]{0,120}:[\x20-\x7e\xa0-\xff]{0,200}$/.test(plain) && plain.length > 3 && ascii >= plain.length * 0.8
  );
}
