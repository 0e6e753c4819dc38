/**
 * A Discord token begins with the id of its account: decimal digits of a snowflake in base64.
 * Source: https://discord.com/developers/docs/reference#authentication
 */
export function discordId(secret: string): boolean {
  const id = Buffer.from(secret.slice(0, secret.indexOf('.')), 'base64').toString('latin1');
  return /^\d{16,20}$/.test(id);
}
