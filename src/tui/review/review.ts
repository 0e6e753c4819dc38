// What the review before a session shows: paths, patterns and counts, never content.
import { countOf } from '../../host/index.ts';
import type { Decision, PathRule, PendingChange, Policy } from '../../policy/index.ts';
import type { WorkspaceReport } from '../../workspace/index.ts';

export type ReviewKind = 'hidden' | 'asked' | 'redacted' | 'left out';

export interface ReviewItem {
  readonly kind: ReviewKind;
  readonly path: string;
  /** The pattern that decided, and where it stands; for files left out: why. */
  readonly because: string;
  readonly reason?: string;
  /** Was not so in the last session. */
  readonly fresh: boolean;
  /** An organisation's lock holds it. */
  readonly locked: boolean;
}

export interface ReviewInput {
  /** The project, as the person calls it. */
  readonly project: string;
  readonly items: readonly ReviewItem[];
  /** Findings by rule id. */
  readonly redacted: Readonly<Record<string, number>>;
  /** What the project's policy asks for in vain. */
  readonly pending: readonly PendingChange[];
}

/** A decision that the person made on one path. */
export interface ReviewDecision {
  readonly path: string;
  readonly decision: Exclude<Decision, 'trust'>;
  /** Remembered for later sessions, too. */
  readonly forGood: boolean;
}

export interface ReviewAnswer {
  readonly start: boolean;
  readonly decisions: readonly ReviewDecision[];
}

/**
 * Makes the review of a working copy.
 * @param seen keys of the last session's items, see {@link reviewKey}; undefined when there was none, and nothing counts as new
 */
export function reviewOf(
  project: string,
  report: Pick<WorkspaceReport, 'hidden' | 'asked' | 'redacted' | 'redactedFiles' | 'skipped'>,
  policy: Pick<Policy, 'paths' | 'pending'>,
  seen: { has(key: string): boolean } | undefined,
): ReviewInput {
  const rules = new Map(policy.paths.map((rule) => [ruleKey(rule), rule]));
  const item = (kind: ReviewKind, path: string, because: string, rule?: PathRule): ReviewItem => {
    const reason = rule?.reason;
    const fresh = seen !== undefined && !seen.has(reviewKey({ kind, path }));
    return { kind, path, because, fresh, locked: rule?.locked === true, ...(reason === undefined ? {} : { reason }) };
  };
  const byRule = (kind: ReviewKind) => (one: { path: string; pattern: string; source: string }) =>
    item(kind, one.path, `${one.pattern} in ${one.source}`, rules.get(ruleKey(one)));
  const items = [
    ...report.hidden.map(byRule('hidden')),
    ...report.asked.map(byRule('asked')),
    ...report.redactedFiles.map((path) => item('redacted', path, 'secrets were found in it')),
    ...report.skipped.map(({ path, why }) => item('left out', path, why)),
  ];
  return { project, items, redacted: report.redacted, pending: policy.pending };
}

const ruleKey = ({ pattern, source }: { pattern: string; source: string }) => `${source}\n${pattern}`;

/** What an item is known by from session to session. */
export function reviewKey({ kind, path }: Pick<ReviewItem, 'kind' | 'path'>): string {
  return `${kind} ${path}`;
}

/** Is there anything that a person should see before the session starts? */
export function needsReview(input: ReviewInput): boolean {
  return input.items.some(({ fresh }) => fresh) || input.pending.some(({ why }) => why === 'approval');
}

/** The review in one line: `3 hidden, 2 asked, 14 redacted`. */
export function reviewLine(input: ReviewInput): string {
  const count = (kind: ReviewKind) => input.items.filter((item) => item.kind === kind).length;
  const redacted = Object.values(input.redacted).reduce((sum, one) => sum + one, 0);
  return `${count('hidden')} hidden, ${count('asked')} asked, ${redacted} redacted in ${countOf(count('redacted'), 'file')}`;
}
