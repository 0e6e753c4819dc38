import { codeTable } from '../code-entry.ts';

const at = (a: Readonly<Record<string, string | number | undefined>>) => `${a.file}:${a.line}:${a.column}`;

export const policyCodes = codeTable({
  'policy.invalid': {
    sentence: (a) => `the policy is not valid: ${at(a)}: ${a.problem}`,
    hint: (a) => `${a.advice ?? 'mend the line; nothing starts under a policy that cannot be read'}`,
  },
  'policy.unreadable': {
    sentence: (a) => `the policy cannot be read: ${a.file}: ${a.problem}`,
    hint: () => 'make it a readable regular file, or remove it',
  },
  'policy.too-big': {
    sentence: (a) => `the policy cannot be read: ${a.file} is larger than ${a.limit}`,
    hint: () => 'shorten it: a policy names patterns, not files one by one',
  },
  'policy.extends': {
    sentence: (a) => `the policy is not valid: ${at(a)}: ${a.problem}`,
    hint: (a) => `${a.advice}`,
  },
  'policy.root': {
    sentence: (a) => `the project folder cannot be opened: ${a.path}: ${a.problem}`,
    hint: () => 'start sotto in a folder that exists and that you may read',
  },
  'policy.too-many': {
    sentence: (a) => `too many patterns: ${a.file} brings them to more than ${a.limit}`,
    hint: () => 'name folders instead of the files in them',
  },
  'policy.trust-store': {
    sentence: (a) => `the list of approvals cannot be read: ${a.file}: ${a.problem}`,
    hint: () => 'remove it and approve again with sotto trust',
  },
  'policy.outside': {
    sentence: (a) => `${a.path} is outside of the project ${a.root}`,
    hint: () => 'nothing outside of the project exists for a session',
    exit: 2,
  },
  'policy.exists': {
    sentence: (a) => `${a.file} exists already`,
    hint: () => 'change it by hand, and look at the result with sotto policy show',
    exit: 2,
  },
});
