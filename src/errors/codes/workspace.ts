import { codeTable } from '../code-entry.ts';

export const workspaceCodes = codeTable({
  'workspace.root': {
    sentence: (a) => `cannot make a working copy of ${a.path}`,
    hint: () => 'start in the folder of one project that you can read; the file system as a whole is none',
  },
  'workspace.hidden': {
    sentence: (a) => `policy hides the project folder itself: ${a.path}`,
    hint: () => 'see which pattern does so with `sotto explain .`',
  },
  'workspace.target': {
    sentence: (a) => `the folder for the working copy is missing or not empty: ${a.path}`,
  },
  'workspace.write': {
    sentence: (a) => `cannot write the working copy: ${a.path} (${a.code})`,
    hint: (a) =>
      a.code === 'ENOSPC'
        ? 'the project does not fit into the memory kept for it: lower or raise `workspace.memory` in the policy, or hide bulky folders'
        : 'nothing was started',
  },
});
