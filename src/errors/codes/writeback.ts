import { codeTable } from '../code-entry.ts';

// Most of these are problems: told in the report, they stop nothing but the one change.
export const writebackCodes = codeTable({
  'writeback.withheld': {
    sentence: (a) => `not brought back: ${a.path} is withheld from the session`,
    hint: () => 'nothing was written there; the change is only in the working copy and goes with it',
  },
  'writeback.special': {
    sentence: (a) => `not brought back: ${a.path} is no regular file, or over 1 GiB`,
  },
  'writeback.link-out': {
    sentence: (a) => `not brought back: the symbolic link ${a.path} points out of the project`,
  },
  'writeback.kept-folder': {
    sentence: (a) => `${a.path} was removed inside but holds more than the session could see, so it stays`,
  },
  'writeback.foreign-placeholder': {
    sentence: (a) => `${a.path}:${a.line}: the placeholder of another file's secret stays a placeholder`,
    hint: () => 'put the value in by hand, or set writeback.foreign to restore',
  },
  'writeback.unknown-placeholder': {
    sentence: (a) => `${a.path}:${a.line}: looks like a placeholder but is none of this session`,
  },
  'writeback.kept-secret': {
    sentence: (a) =>
      `${a.path}:${a.line}: a broken placeholder stood where a secret stands, so the lines stay as they were`,
    hint: (a) => `the agent's version is in ${a.kept}`,
  },
  'writeback.carried': {
    sentence: (a) =>
      `${a.path}:${a.line} keeps its secret: the placeholder went to ${a.cause}, where it does not come back as the secret`,
    hint: () => 'put the value in there by hand, then remove it here',
  },
  'writeback.carried-late': {
    sentence: (a) =>
      `${a.path} held a secret whose placeholder was found in ${a.cause} later, where it does not come back as the secret`,
    hint: () => 'the file as it was is in .sotto/conflicts',
  },
  'writeback.dropped': {
    sentence: (a) => `not brought back: ${a.path} runs code on the host later, and policy drops such changes`,
  },
  'writeback.failed': {
    sentence: (a) => `could not write ${a.path}: ${a.cause}`,
    hint: () => 'it is tried again when the session ends',
  },
  'writeback.not-removed': {
    sentence: (a) => `${a.path} was removed inside, but stays, because other changes could not be written`,
    hint: () => 'it may have been moved to one of those; remove it by hand if not',
  },
  'writeback.emptied': {
    sentence: () =>
      'the project or its working copy is empty all at once, which is not taken for a removal; nothing more is synced until something is in it again',
  },
  'writeback.side-gone': {
    sentence: () => 'the project or its working copy can no longer be read; nothing more is synced',
  },
  'writeback.watch': {
    sentence: (a) =>
      `cannot watch every folder: ${a.cause}; changes are found by looking at the whole tree every second`,
    hint: () => 'raise fs.inotify.max_user_watches',
  },
  'writeback.no-held': {
    sentence: (a) => `session ${a.session} has no changes that wait for a yes`,
    exit: 2,
  },
  'writeback.held-broken': {
    sentence: (a) => `the held changes of session ${a.session} cannot be read`,
    exit: 2,
  },
});
