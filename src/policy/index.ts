export type { AllowlistEntry, Decision, NetworkAllow, PathRule, PathVerdict, Policy } from './policy.ts';
// loadPolicy(input: LoadInput): Promise<Policy>            merge.ts / load.ts
// createPathRules(policy: Policy): PathRules               paths.ts  (decide(relativePath, isFolder): PathVerdict)
