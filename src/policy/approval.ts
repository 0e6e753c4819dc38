// The approval of one project's policy, as `sotto trust` and the screens use it.
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readPolicyTexts } from './extends.ts';
import { type LoadInput, projectPlaces, userFolder } from './places.ts';
import type { PathDecision } from './policy.ts';
import { readSeen, rememberSeen, type Seen } from './seen.ts';
import {
  approve,
  approveContents,
  approvedText,
  type ContentAnswer,
  isApproved,
  readAnswers,
  rememberAnswer,
  rememberDecisions,
  shownText,
  trustFile,
  withdraw,
} from './trust.ts';

/** One policy file of the project, with the files it extends. */
export interface ProjectApproval {
  /** As shown: `.sotto.yaml`, `../../.sotto.yaml`. */
  name: string;
  /** What it says now. */
  now: string;
  /** What it said when it was last approved. */
  before: string | undefined;
  approved: boolean;
}

/** Reads what the project's policy says now and what was approved, outermost file first. @throws Refusal `policy.*` */
export async function readApprovals(input: LoadInput): Promise<ProjectApproval[]> {
  const file = trustFile(userFolder(input));
  const policies = await projectPolicies(input);
  return Promise.all(
    policies.map(async ({ name, folder, texts }) => ({
      name,
      now: shownText(texts),
      before: await approvedText(file, folder),
      approved: await isApproved(file, folder, texts),
    })),
  );
}

/**
 * Approves the project's policy as the person saw it.
 * @returns false, and nothing is approved, when the files no longer say that
 */
export async function approveProject(input: LoadInput, seen: readonly ProjectApproval[]): Promise<boolean> {
  const policies = await projectPolicies(input);
  const same = policies.length === seen.length && policies.every(({ texts }, at) => shownText(texts) === seen[at]?.now);
  if (!same) return false;
  for (const { folder, texts } of policies) await approve(trustFile(userFolder(input)), folder, texts);
  return true;
}

/** Takes approvals and every answer for good back; false when there were none. */
export async function withdrawProject(input: LoadInput): Promise<boolean> {
  const root = await realpath(input.root);
  const folders = projectPlaces(root).map((place) => dirname(place.path));
  const withdrawn: boolean[] = [];
  for (const folder of folders) withdrawn.push(await withdraw(trustFile(userFolder(input)), folder));
  return withdrawn.includes(true);
}

/** What was answered for good about contents of the project, by SHA-256 (hex) of the real file. */
export async function answersOf(input: LoadInput): Promise<ReadonlyMap<string, ContentAnswer>> {
  return readAnswers(trustFile(userFolder(input)), await realpath(input.root));
}

/** Remembers an answer for this content of the project. */
export async function answerForGood(input: LoadInput, sha256: string, answer: ContentAnswer): Promise<void> {
  await rememberAnswer(trustFile(userFolder(input)), await realpath(input.root), sha256, answer);
}

/** Remembers what a person decided in the review for good. */
export async function decideForGood(input: LoadInput, decisions: readonly PathDecision[]): Promise<void> {
  if (decisions.length === 0) return;
  await rememberDecisions(trustFile(userFolder(input)), await realpath(input.root), decisions);
}

/**
 * Approves `sotto:allow` in these files of the project, and in no others.
 * @param contents SHA-256 (hex) of each file as the person saw it
 */
export async function approveComments(input: LoadInput, contents: readonly string[]): Promise<void> {
  await approveContents(trustFile(userFolder(input)), await realpath(input.root), contents);
}

/** What the last review of the project showed; undefined when there was none. */
export async function lastReview(input: LoadInput): Promise<Seen | undefined> {
  return readSeen(userFolder(input), await realpath(input.root));
}

/** Remembers what the review showed this time, so that the next one can say what is new. */
export async function rememberReview(input: LoadInput, keys: readonly string[]): Promise<void> {
  await rememberSeen(userFolder(input), await realpath(input.root), keys);
}

async function projectPolicies(input: LoadInput) {
  const places = projectPlaces(await realpath(input.root));
  const read = await Promise.all(places.map(async (place) => ({ place, texts: await readPolicyTexts(place) })));
  return read.flatMap(({ place, texts }) =>
    texts === undefined ? [] : [{ name: place.name, folder: dirname(place.path), texts }],
  );
}
