// `sotto trust`: the person reads what a project's policy asks for, and where comments in its files say that a secret is none, and
// approves that very content.
import { Command } from 'commander';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import {
  approveComments,
  approveProject,
  type LoadInput,
  loadPolicy,
  PROJECT_FILE,
  type ProjectApproval,
  readApprovals,
  withdrawProject,
} from '../policy/index.ts';
import { type CommentedFile, commentedFiles } from './comments.ts';
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
    .description(
      'show what this project’s policy and its sotto:allow comments loosen and approve it; every later change needs a new approval',
    )
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
  const changed = seen.filter(({ approved }) => !approved);
  const policy = await loadPolicy(input);
  const commented = await commentedFiles(policy);
  const waiting = commented.filter(({ approved }) => !approved);
  if (changed.length + waiting.length === 0) {
    const nothing = seen.length + commented.length === 0;
    return say(
      io,
      nothing ? `this folder has no ${PROJECT_FILE}, and no sotto:allow in its files` : 'already approved',
    );
  }
  for (const one of changed) showChange(one, io, paint);
  for (const { key, source } of policy.pending.filter(({ why }) => why === 'approval')) {
    io.out(paint.yellow(`would loosen: ${key} (${escapeForTerminal(source)})\n`));
  }
  for (const one of waiting) showComments(one, io, paint);
  if (!options.yes && !(await ask(question(changed.length, waiting.length)))) return say(io, 'not approved', 1);
  // The files may have changed while the person was reading.
  const approved = changed.length === 0 || (await approveProject(input, seen));
  if (!approved) return say(io, 'not approved: the policy changed meanwhile; look at it again', 1);
  // Approved is what was shown: a file that changed meanwhile has another hash.
  await approveComments(
    input,
    commented.map(({ content }) => content),
  );
  return say(io, 'approved');
}

function question(policies: number, files: number): string {
  if (files === 0) return 'Approve this policy?';
  return policies === 0 ? 'Approve these comments?' : 'Approve this policy and these comments?';
}

/** Where secrets would be shown as they are; the person reads the reasons in the files. */
function showComments({ path, hides }: CommentedFile, io: Io, paint: Paint): void {
  for (const { rule, line } of hides)
    io.out(paint.yellow(`would show: ${escapeForTerminal(`${path}:${line}`)} (${rule}, sotto:allow)\n`));
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
