import { Command } from 'commander';
import { patternsCommand } from './commands/patterns.ts';
import { redactCommand } from './commands/redact.ts';
import { Refusal } from './errors/index.ts';

/** argv in, exit status out; picks a command, nothing else. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('sotto').addCommand(redactCommand()).addCommand(patternsCommand());
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`sotto: ${error.message}\n${error.hint === '' ? '' : `hint: ${error.hint}\n`}`);
    return error.exit;
  }
}
