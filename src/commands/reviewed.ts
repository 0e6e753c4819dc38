// The working copy of a session, after its person has seen what is in it. Shown when something needs deciding, otherwise
// there is one line; without a terminal, with --yes or --no-review, and in print mode, policy decides alone.
import { mkdirSync } from 'node:fs';
import { Refusal } from '../errors/index.ts';
import type { HostEnvironment } from '../host/index.ts';
import {
  decideForGood,
  lastReview,
  loadPolicy,
  type PathDecision,
  type Policy,
  rememberReview,
} from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import {
  askReview,
  describeTerminal,
  lendInput,
  needsReview,
  type ReviewAnswer,
  type ReviewInput,
  reviewKey,
  reviewOf,
} from '../tui/index.ts';
import { createWorkspace, type Workspace } from '../workspace/index.ts';
import type { Prepared } from './prepare.ts';
import { startProgress } from './progress.ts';

/** sotto's own options about the review. */
export interface ReviewOptions {
  /** `false` never shows it, `true` always. */
  review?: boolean;
  yes?: boolean;
  plain?: boolean;
}

export interface Reviewed {
  workspace: Workspace;
  /** With what the person decided. */
  policy: Policy;
  decisions: readonly PathDecision[];
}

/**
 * Makes the working copy and, where a person should look at it first, shows it and makes it again after their decisions.
 * @throws Refusal `session.declined` when the person does not start it
 */
export async function reviewedWorkspace(
  host: HostEnvironment,
  own: ReviewOptions,
  args: readonly string[],
  { root, place, policy, prepared }: Pick<Prepared, 'root' | 'place' | 'policy' | 'prepared'>,
  {
    target,
    vault,
    marks,
  }: { target: string; vault: Vault /** Folder of what is kept of clean files. */; marks: string },
): Promise<Reviewed> {
  const make = async (policy: Policy) => {
    const { onProgress, end } = startProgress(host);
    const remember = policy.workspace.remember ? { remember: marks } : {};
    try {
      return await createWorkspace({ root, target, policy, prepared, vault, onProgress, ...remember });
    } finally {
      end();
    }
  };
  const workspace = await make(policy);
  if (!isAttended(own, args)) return { workspace, policy, decisions: [] };
  const review = reviewOf(root, workspace.report, policy, await lastReview(place));
  const { start, decisions } = own.review === true || needsReview(review) ? await show(host, own, review) : UNCHANGED;
  if (!start) {
    await workspace.dispose();
    throw new Refusal('session.declined');
  }
  await rememberReview(place, review.items.map(reviewKey));
  if (decisions.length === 0) return { workspace, policy, decisions };
  await decideForGood(
    place,
    decisions.filter(({ forGood }) => forGood),
  );
  const decided = await loadPolicy({ ...place, decisions });
  await workspace.dispose();
  mkdirSync(target, { mode: 0o700 });
  return { workspace: await make(decided), policy: decided, decisions };
}

const UNCHANGED: ReviewAnswer = { start: true, decisions: [] };

/** Somebody sits there, and did not ask to be left alone. */
function isAttended(own: ReviewOptions, args: readonly string[]): boolean {
  if (own.review === false || own.yes === true) return false;
  if (args.some((arg) => arg === '-p' || arg === '--print')) return false;
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

async function show(host: HostEnvironment, own: ReviewOptions, review: ReviewInput): Promise<ReviewAnswer> {
  const terminal = describeTerminal(process.stdout, { variables: host.variables, plain: own.plain === true });
  const giveBack = lendInput(process.stdin, terminal.keyboard);
  try {
    return await askReview(review, terminal);
  } finally {
    giveBack();
  }
}
