// `sotto trust`: the person reads what a project's policy asks for and approves that very content.
import { Command } from 'commander';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import {
  approveProject,
  type LoadInput,
  loadPolicy,
  PROJECT_FILE,
  type ProjectApproval,
  readApprovals,
  withdrawProject,
} from '../policy/index.ts';
import { confirm } from './confirm.ts';
import { type Io, processIo } from './io.ts';
import { lineDiff } from './line-diff.ts';
import { projectOf } from './project-of.ts';

export interface TrustOptions {
  yes: boolean;
  withdraw: boolean;
}

export function trustCommand(host: HostEnvironment): Command {
  return new Command('trust')
    .description('show what this project’s policy loosens and approve it; every later change needs a new approval')
    .option('--yes', 'approve without asking', false)
    .option('--withdraw', 'take the approval and all answers for good back', false)
    .action(async (options: TrustOptions) => {
      process.exitCode = await trust(
        projectOf(host),
        options,
        processIo,
        createPaint(process.stdout, host.variables),
        confirm,
      );
    });
}

/** Runs the verb; gives its exit status: 1 when nothing was approved. */
export async function trust(
  input: LoadInput,
  options: TrustOptions,
  io: Io,
  paint: Paint,
  ask: (question: string) => Promise<boolean>,
): Promise<number> {
  if (options.withdraw) {
    const withdrawn = await withdrawProject(input);
    return say(io, withdrawn ? 'approval withdrawn' : 'nothing was approved here');
  }
  const seen = await readApprovals(input);
  if (seen.length === 0) return say(io, `this folder has no ${PROJECT_FILE}`);
  if (seen.every(({ approved }) => approved)) return say(io, 'already approved');
  for (const one of seen.filter(({ approved }) => !approved)) showChange(one, io, paint);
  const { pending } = await loadPolicy(input);
  for (const { key, source } of pending.filter(({ why }) => why === 'approval')) {
    io.out(paint.yellow(`would loosen: ${key} (${escapeForTerminal(source)})\n`));
  }
  if (!options.yes && !(await ask('Approve this policy?'))) return say(io, 'not approved', 1);
  // The files may have changed while the person was reading.
  const approved = await approveProject(input, seen);
  return approved ? say(io, 'approved') : say(io, 'not approved: the policy changed meanwhile; look at it again', 1);
}

function showChange({ name, now, before }: ProjectApproval, io: Io, paint: Paint): void {
  const marks = {
    same: ['  ', (text: string) => text],
    added: ['+ ', paint.green],
    removed: ['- ', paint.red],
    gap: ['  ', paint.dim],
  } as const;
  io.out(`${paint.bold(escapeForTerminal(name))}${before === undefined ? '' : ', since it was last approved'}\n`);
  for (const { kind, text } of lineDiff(before ?? '', now)) {
    const [mark, colour] = marks[kind];
    io.out(`${colour(mark + escapeForTerminal(text))}\n`);
  }
}

function say(io: Io, text: string, status = 0): number {
  io.out(`${text}\n`);
  return status;
}
