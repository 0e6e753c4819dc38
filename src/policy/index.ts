export {
  answerForGood,
  answersOf,
  approveComments,
  approveProject,
  decideForGood,
  lastReview,
  type ProjectApproval,
  readApprovals,
  rememberReview,
  withdrawProject,
} from './approval.ts';
export { integrityOf } from './extends.ts';
export { loadPolicy } from './load.ts';
export { matchesName } from './names.ts';
export { createPathRules, type PathRules } from './paths.ts';
export { createPatternList, type PatternList } from './pattern-list.ts';
export { type LoadInput, PROJECT_FILE, userFolder } from './places.ts';
export {
  type AllowlistEntry,
  DECISIONS,
  type Decision,
  type NetworkAllow,
  type PathDecision,
  type PathRule,
  type PathVerdict,
  type PendingChange,
  type Policy,
} from './policy.ts';
export { editorSchema } from './schema.ts';
export type { ContentAnswer } from './trust.ts';
