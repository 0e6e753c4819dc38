// `sotto policy`: what is decided and where each value comes from, and the same as a check for CI.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { Refusal } from '../errors/index.ts';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import { DECISIONS, editorSchema, integrityOf, type LoadInput, loadPolicy, type Policy } from '../policy/index.ts';
import { createScanner, prepareScanner } from '../scan/index.ts';
import { type Io, processIo } from './io.ts';
import { projectOf } from './project-of.ts';

export function policyCommand(host: HostEnvironment): Command {
  const show = new Command('show')
    .description('print the merged policy of this folder, and where each value comes from')
    .option('--json', 'print it as JSON', false)
    .option('--all', 'the built-in path patterns as well', false)
    .action(async (options: ShowOptions) => {
      process.exitCode = await showPolicy(
        projectOf(host),
        options,
        processIo,
        createPaint(process.stdout, host.variables),
      );
    });
  const check = new Command('check')
    .description(
      'check every policy file, rule pack and exception that counts in this folder; exit 125 when one is broken',
    )
    .option('--strict', 'also fail (exit 1) when something asked for does not count', false)
    .action(async (options: CheckOptions) => {
      process.exitCode = await checkPolicy(projectOf(host), options, processIo);
    });
  const pin = new Command('pin')
    .description('print the integrity of a policy file, to pin it in extends')
    .argument('<file>', 'the policy.yaml of a package')
    .action(async (file: string) => processIo.out(`${integrityOf(await readPinned(resolve(host.cwd, file)))}\n`));
  const schema = new Command('schema')
    .description('print the JSON Schema of policy files, for editors')
    .action(() => processIo.out(`${JSON.stringify(editorSchema(), null, 2)}\n`));
  const policy = new Command('policy').description('show and check what may leave');
  return policy.addCommand(show).addCommand(check).addCommand(pin).addCommand(schema);
}

export interface ShowOptions {
  json: boolean;
  all: boolean;
}

/** Runs `policy show`; gives its exit status. */
export async function showPolicy(input: LoadInput, options: ShowOptions, io: Io, paint: Paint): Promise<number> {
  const policy = await loadPolicy(input);
  if (options.json) io.out(`${JSON.stringify(policy, null, 2)}\n`);
  else for (const line of policyLines(policy, options.all, paint)) io.out(`${line}\n`);
  return 0;
}

function policyLines(policy: Policy, all: boolean, paint: Paint): string[] {
  const values = Object.entries(policy.origins)
    .filter(([key]) => !key.startsWith('read.') && key !== 'project')
    .map(([key, origin]) => row(`${key}: ${sayValue(valueAt(policy, key))}`, origin, paint));
  const builtIn = policy.paths.filter((rule) => rule.source.startsWith('built-in:'));
  const shown = all ? policy.paths : policy.paths.filter((rule) => !builtIn.includes(rule));
  const paths = DECISIONS.flatMap((decision) =>
    shown
      .filter((rule) => rule.decision === decision)
      .map((rule) => row(`${decision}: ${rule.pattern}${rule.locked === true ? ' (locked)' : ''}`, rule.source, paint)),
  );
  const hint = all ? [] : [paint.dim(`and ${builtIn.length} built-in path patterns (--all)`)];
  return [...values, '', ...paths, ...hint, ...pendingLines(policy, paint)];
}

const row = (left: string, right: string, paint: Paint) =>
  `${escapeForTerminal(left).padEnd(52)} ${paint.dim(escapeForTerminal(right))}`;

function sayValue(value: unknown): string {
  if (value === undefined) return '-';
  if (!Array.isArray(value)) return String(value);
  const named = value.every((item) => typeof item === 'string') && value.length <= 6;
  return named ? `[${value.join(', ')}]` : `${value.length} entries`;
}

function valueAt(policy: Policy, key: string): unknown {
  return key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], policy);
}

function pendingLines({ pending }: Policy, paint: Paint): string[] {
  if (pending.length === 0) return [];
  const why = { approval: 'waits for sotto trust', lock: 'the organisation’s lock stands against it' };
  return [
    '',
    ...pending.map((one) =>
      paint.yellow(`does not count: ${one.key}, ${escapeForTerminal(one.source)}: ${why[one.why]}`),
    ),
  ];
}

export interface CheckOptions {
  strict: boolean;
}

/** Runs `policy check`; gives its exit status. @throws Refusal for the first broken file, pack or expression */
export async function checkPolicy(input: LoadInput, options: CheckOptions, io: Io): Promise<number> {
  const policy = await loadPolicy(input);
  const { packs, allow, personalData } = policy.scan;
  const { ruleCount } = createScanner(await prepareScanner({ packs, allow, personalData }));
  for (const { key, source, why } of policy.pending) {
    io.out(`${escapeForTerminal(source)}: ${key} does not count: ${why === 'lock' ? 'locked' : 'not approved here'}\n`);
  }
  io.out(`${policy.paths.length} path patterns, ${ruleCount} detection rules, hash ${policy.hash.slice(0, 16)}\n`);
  return options.strict && policy.pending.length > 0 ? 1 : 0;
}

async function readPinned(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const problem = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Refusal('policy.unreadable', { file, problem }, { cause: error });
  }
}
