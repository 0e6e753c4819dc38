// `sotto explain <path[:line]>`: what becomes of a file in a session, which rules say so, and what would be redacted in it.
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { Refusal } from '../errors/index.ts';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import { createPathRules, type LoadInput, loadPolicy, type PathVerdict, type Policy } from '../policy/index.ts';
import { createScanner, describeRules, type Finding, prepareScanner } from '../scan/index.ts';
import { type Io, processIo } from './io.ts';
import { projectOf } from './project-of.ts';

export function explainCommand(host: HostEnvironment): Command {
  return new Command('explain')
    .description('say what becomes of a file in a session, and which rules say so')
    .argument('<path...>', 'a file or folder of this project; path:line for what stands on a line')
    .option('--json', 'print it as JSON', false)
    .action(async (paths: string[], options: { json: boolean }) => {
      const absolute = paths.map((path) => resolve(host.cwd, path));
      process.exitCode = await explain(
        projectOf(host),
        absolute,
        options,
        processIo,
        createPaint(process.stdout, host.variables),
      );
    });
}

export interface Explanation extends PathVerdict {
  path: string;
  reason?: string;
  /** Every rule that matches, in the order they are read. */
  rules: { path: string; decision: string; pattern: string; source: string; counts: boolean }[];
  /** What the scan found in a file that is redacted: rule, line, confidence. */
  findings: { rule: string; line: number; confidence: string; description?: string }[];
}

/** Runs the verb; gives its exit status. @throws Refusal `policy.*`, `scan.not-found` */
export async function explain(
  input: LoadInput,
  paths: readonly string[],
  options: { json: boolean },
  io: Io,
  paint: Paint,
): Promise<number> {
  const policy = await loadPolicy(input);
  const explanations: Explanation[] = [];
  for (const path of paths) explanations.push(await explainOne(policy, resolve(input.root, path)));
  if (options.json) io.out(`${JSON.stringify(explanations, null, 2)}\n`);
  else for (const one of explanations) for (const line of linesOf(one, paint)) io.out(`${line}\n`);
  return 0;
}

/** Explains one absolute path, with `:line` at its end or not. */
export async function explainOne(policy: Policy, written: string): Promise<Explanation> {
  const { file, line } = splitLine(written);
  const path = relativeTo(policy.root, file);
  const isFolder = lstatSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const raw = Buffer.from(path).toString('latin1');
  const { verdict, rules, reason } = verdictOf(policy, raw, isFolder);
  const reads = verdict.decision === 'redact' || verdict.decision === 'ask';
  const findings = reads && !isFolder ? await findingsIn(policy, file, path) : [];
  return {
    path,
    ...verdict,
    ...(reason === undefined ? {} : { reason }),
    rules,
    findings: line === undefined ? findings : findings.filter((finding) => finding.line === line),
  };
}

function verdictOf(policy: Policy, raw: string, isFolder: boolean) {
  const pathRules = createPathRules(policy);
  const trace = pathRules.trace(raw, isFolder);
  const rules = trace.map(({ path, rule, counts }) => ({
    path: Buffer.from(path, 'latin1').toString(),
    decision: rule.decision,
    pattern: rule.pattern,
    source: rule.source,
    counts,
  }));
  // The workspace rebuilds git's own folder, whatever the rules say: see workspace/git.
  const git = raw.split('/').some((name) => name.toLowerCase() === '.git');
  const verdict: PathVerdict = git
    ? { decision: 'hide', pattern: '.git', source: 'built-in' }
    : pathRules.decide(raw, isFolder);
  const winner = trace.find(({ rule, counts }) => counts && rule.decision === verdict.decision);
  return { verdict, rules, reason: git ? 'history is rebuilt without secrets' : winner?.rule.reason };
}

function splitLine(written: string): { file: string; line?: number } {
  const match = /^(.*):(\d+)$/s.exec(written);
  if (match === null || lstatSync(written, { throwIfNoEntry: false }) !== undefined) return { file: written };
  return { file: match[1] as string, line: Number(match[2]) };
}

function relativeTo(root: string, file: string): string {
  const folder = lstatSync(join(file, '..'), { throwIfNoEntry: false });
  const real =
    folder === undefined ? file : join(realpathSync(join(file, '..')), file.slice(file.lastIndexOf('/') + 1));
  const path = relative(root, file === root ? file : real);
  if (path.startsWith('..') || isAbsolute(path)) throw new Refusal('policy.outside', { path: file, root });
  return path;
}

async function findingsIn(policy: Policy, file: string, path: string): Promise<Explanation['findings']> {
  const { packs, allow, personalData } = policy.scan;
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const bytes = readFileSync(file);
  const { findings } = createScanner(await prepareScanner({ packs, allow, personalData })).scanBytes(bytes, { path });
  const descriptions = findings.length === 0 ? undefined : await describeRules(packs);
  return findings.map((finding) => ({
    rule: finding.rule,
    line: lineOf(bytes, finding),
    confidence: finding.confidence,
    ...descriptionOf(descriptions?.get(finding.rule)),
  }));
}

const descriptionOf = (description: string | undefined) => (description === undefined ? {} : { description });

function lineOf(bytes: Uint8Array, { start }: Finding): number {
  let line = 1;
  for (let at = 0; at < start; at++) if (bytes[at] === 10) line++;
  return line;
}

const SAYS: Record<PathVerdict['decision'], string> = {
  hide: 'does not exist for the session',
  ask: 'asks you before it is read',
  redact: 'is shown with secrets redacted',
  trust: 'is shown as it is, unscanned',
};

function linesOf(one: Explanation, paint: Paint): string[] {
  const show = escapeForTerminal;
  return [
    `${paint.bold(show(one.path || '.'))}: ${one.decision} (${SAYS[one.decision]})`,
    `  because of ${show(one.pattern)} in ${show(one.source)}${one.reason === undefined ? '' : `: ${show(one.reason)}`}`,
    ...one.rules
      .filter((rule) => !rule.counts)
      .map((rule) => paint.dim(`  also matches: ${show(rule.pattern)} (${rule.decision}) in ${show(rule.source)}`)),
    ...one.findings.map(
      ({ rule, line, confidence, description }) =>
        `  line ${line}: ${show(rule)} (${confidence})${description === undefined ? '' : `: ${show(description)}`}`,
    ),
  ];
}
