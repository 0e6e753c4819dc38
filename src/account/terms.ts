// What the provider says it does with what it gets, by plan. Sources, read 2026-08-22: https://code.claude.com/docs/en/data-usage,
// https://code.claude.com/docs/en/zero-data-retention, https://platform.claude.com/docs/en/manage-claude/compliance-sessions
import type { Account } from './account.ts';

/** One row of the table of terms. */
export interface Terms {
  plan: string;
  /** Whether content may train models. */
  training: string;
  /** How long content is kept. */
  retention: string;
  /** What happens to content that a safety system flags. */
  flagged: string;
}

const FLAGGED = 'content 2 years, classification 7 years';

const PERSONAL: readonly Terms[] = [
  { plan: 'Free / Pro / Max, default', training: 'yes', retention: 'up to 5 years', flagged: FLAGGED },
  { plan: 'Free / Pro / Max, opted out', training: 'no', retention: '30 days', flagged: FLAGGED },
];

const COMMERCIAL: Terms = { plan: 'Team / Enterprise / API', training: 'no', retention: '30 days', flagged: FLAGGED };

const ENTERPRISE: readonly Terms[] = [
  {
    plan: 'Enterprise with the Compliance API on',
    training: 'no',
    retention: 'local Claude Code sessions 6 years by default',
    flagged: FLAGGED,
  },
  { plan: 'Enterprise with zero data retention', training: 'no', retention: 'none', flagged: FLAGGED },
];

/**
 * The rows that can apply to an account. More than one where the files cannot tell (the training switch of a personal account,
 * what an enterprise agreed): the first is the one to reckon with unless somebody knows better.
 */
export function termsOf(account: Account): readonly Terms[] {
  switch (account.plan) {
    case 'free':
    case 'pro':
    case 'max':
      return PERSONAL;
    case 'team':
    case 'api':
      return [COMMERCIAL];
    case 'enterprise':
      return [COMMERCIAL, ...ENTERPRISE];
    default:
      return [...PERSONAL, COMMERCIAL, ...ENTERPRISE];
  }
}
