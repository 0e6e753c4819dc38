// The approval of one project's policy, as `sotto trust` and the screens use it.
import { realpath } from 'node:fs/promises';
import { readPolicyTexts } from './extends.ts';
import { type LoadInput, projectPlace, userFolder } from './places.ts';
import {
  approve,
  approvedText,
  type ContentAnswer,
  isApproved,
  readAnswers,
  rememberAnswer,
  shownText,
  trustFile,
  withdraw,
} from './trust.ts';

export interface ProjectApproval {
  /** The project's policy as it is now, with the files it extends; undefined when it has none. */
  now: string | undefined;
  /** As it was when last approved. */
  before: string | undefined;
  approved: boolean;
}

/** Reads what the project's policy says now and what was approved. @throws Refusal `policy.*` */
export async function readApproval(input: LoadInput): Promise<ProjectApproval> {
  const { root, file, texts } = await at(input);
  if (texts === undefined) return { now: undefined, before: await approvedText(file, root), approved: false };
  return {
    now: shownText(texts),
    before: await approvedText(file, root),
    approved: await isApproved(file, root, texts),
  };
}

/**
 * Approves the project's policy.
 * @param seen the text that the person saw; when the files no longer say that, nothing is approved and false returned
 */
export async function approveProject(input: LoadInput, seen?: string): Promise<boolean> {
  const { root, file, texts } = await at(input);
  if (texts === undefined || (seen !== undefined && shownText(texts) !== seen)) return false;
  await approve(file, root, texts);
  return true;
}

/** Takes the approval and every answer for good back; false when there was none. */
export async function withdrawProject(input: LoadInput): Promise<boolean> {
  const { root, file } = await at(input);
  return withdraw(file, root);
}

/** What was answered for good about contents of the project, by SHA-256 (hex) of the real file. */
export async function answersOf(input: LoadInput): Promise<ReadonlyMap<string, ContentAnswer>> {
  return readAnswers(trustFile(userFolder(input)), await realpath(input.root));
}

/** Remembers an answer for this content of the project. */
export async function answerForGood(input: LoadInput, sha256: string, answer: ContentAnswer): Promise<void> {
  await rememberAnswer(trustFile(userFolder(input)), await realpath(input.root), sha256, answer);
}

async function at(input: LoadInput) {
  const root = await realpath(input.root);
  return { root, file: trustFile(userFolder(input)), texts: await readPolicyTexts(projectPlace(root)) };
}
