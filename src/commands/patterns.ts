import { resolve } from 'node:path';
import { Command } from 'commander';
import { escapeForTerminal } from '../host/index.ts';
import { roundTrip } from '../redact/index.ts';
import { checkRules, loadBuiltIn, loadPacks } from '../scan/index.ts';
import { type Io, processIo } from './io.ts';

/** `sotto patterns check [pack...]`: compiles, runs all examples and near misses, redacts, restores, compares. */
export async function checkPatterns(packs: readonly string[], io: Io): Promise<number> {
  const rules = packs.length === 0 ? await loadBuiltIn() : await loadPacks(packs.map((pack) => resolve(pack)));
  const problems = checkRules(rules, roundTrip);
  for (const { rule, where, reason } of problems) io.out(`${escapeForTerminal(`${rule}: ${where} ${reason}`)}\n`);
  const examples = rules.reduce((sum, rule) => sum + rule.examples.length, 0);
  const nearMisses = rules.reduce((sum, rule) => sum + rule.nearMisses.length, 0);
  io.out(`${rules.length} rules, ${examples} examples, ${nearMisses} near misses: ${problems.length} problems\n`);
  return problems.length === 0 ? 0 : 1;
}

export function patternsCommand(): Command {
  const check = new Command('check')
    .description('try rule packs on their own examples and near misses; without a pack, those that come with sotto')
    .argument('[packs...]', 'YAML files or folders of them')
    .action(async (packs: string[]) => {
      process.exitCode = await checkPatterns(packs, processIo);
    });
  return new Command('patterns').description('work with rule packs').addCommand(check);
}
