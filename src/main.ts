/** argv in, exit status out; picks a command, nothing else. */
export async function main(argv: readonly string[]): Promise<number> {
  return argv.length;
}
