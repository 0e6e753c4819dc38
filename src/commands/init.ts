// `sotto init`: looks at a project, proposes a policy with reasons, shows what would become of the files, writes after a yes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { Refusal } from '../errors/index.ts';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import { type LoadInput, PROJECT_FILE } from '../policy/index.ts';
import { loadPacks } from '../scan/index.ts';
import { confirm } from './confirm.ts';
import { type Io, processIo } from './io.ts';
import { projectOf } from './project-of.ts';
import { type Proposal, type ProposedPack, proposePolicy, rulePaths } from './propose.ts';
import { type Survey, survey } from './survey.ts';

export interface InitOptions {
  yes: boolean;
}

export function initCommand(host: HostEnvironment): Command {
  return new Command('init')
    .description(`look at this project and propose a ${PROJECT_FILE}`)
    .option('--yes', 'write it without asking', false)
    .action(async (options: InitOptions) => {
      process.exitCode = await init(
        projectOf(host),
        options,
        processIo,
        createPaint(process.stdout, host.variables),
        confirm,
      );
    });
}

/** Runs the verb; gives its exit status: 1 when nothing was written. @throws Refusal `policy.exists` */
export async function init(
  input: LoadInput,
  options: InitOptions,
  io: Io,
  paint: Paint,
  ask: (question: string) => Promise<boolean>,
): Promise<number> {
  const seen = await survey(input);
  const proposal = proposePolicy(seen, await packsOf(input.root, seen));
  for (const line of surveyLines(seen, paint)) io.out(`${line}\n`);
  for (const line of proposalLines(proposal, paint)) io.out(`${line}\n`);
  if (!options.yes && !(await ask(`Write ${PROJECT_FILE}?`))) {
    io.out('nothing written\n');
    return 1;
  }
  write(join(input.root, PROJECT_FILE), proposal.text);
  io.out(`wrote ${PROJECT_FILE}: commit it, so that it counts for everyone\n`);
  return 0;
}

/** The rule files that the project has; proposed are only those that could be read when a session starts. */
async function packsOf(root: string, seen: Survey): Promise<ProposedPack[]> {
  return Promise.all(
    rulePaths(seen).map(async (path) => {
      try {
        await loadPacks([join(root, path)]);
        return { path };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { path, problem: error.message };
      }
    }),
  );
}

/** Never over a file that is there, nor through a link. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Refusal('policy.exists', { file: PROJECT_FILE });
    throw error;
  }
}

const SHOWN = 8;

function surveyLines({ files, hidden, asked, findings, findingFiles }: Survey, paint: Paint): string[] {
  const rules = Object.entries(findings).sort((one, other) => other[1] - one[1]);
  return [
    paint.bold(`${files} files looked at`),
    ...some(
      `${hidden.length} would be hidden`,
      hidden.map(({ path, pattern }) => `${path}  (${pattern})`),
    ),
    ...some(
      `${asked.length} would be asked for`,
      asked.map(({ path, pattern }) => `${path}  (${pattern})`),
    ),
    ...some(
      `${findingFiles.length} would be shown with secrets redacted`,
      rules.map(([rule, count]) => `${count} x ${rule}`),
    ),
  ];
}

function some(head: string, lines: readonly string[]): string[] {
  const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more`] : [];
  return [head, ...lines.slice(0, SHOWN).map((line) => `  ${escapeForTerminal(line)}`), ...more];
}

function proposalLines({ text }: Proposal, paint: Paint): string[] {
  return [
    '',
    paint.bold(`proposed ${PROJECT_FILE}:`),
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${escapeForTerminal(line)}`),
    '',
  ];
}
