import { codeTable } from '../code-entry.ts';

export const sessionCodes = codeTable({
  'session.no-claude': {
    sentence: (a) =>
      a.named === undefined ? 'Claude Code was not found on PATH' : `no Claude Code at ${a.named} that can be confined`,
    hint: () =>
      'install it: npm install -g @anthropic-ai/claude-code, or name it: sotto --program /path/to/claude claude ...',
    exit: 127,
  },
  'session.root-too-wide': {
    sentence: (a) => `${a.root} is not a project: the whole of it would be copied and shown`,
    hint: () => 'change to the folder of one project and start again',
  },
  'session.folder-gone': {
    sentence: () => 'the working folder no longer exists',
    hint: () => 'change to a folder that does and start again',
  },
  'session.declined': {
    sentence: () => 'the session was not started',
  },
});
