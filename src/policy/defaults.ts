// What holds where no file says anything. Path patterns are not here: they are data, in `patterns/paths/`.
import type { Policy } from './policy.ts';

/** The keys that have one value, as opposed to path rules. */
export type PolicyValues = Pick<
  Policy,
  'scan' | 'workspace' | 'git' | 'writeback' | 'network' | 'upstream' | 'account' | 'identity' | 'images' | 'sandbox'
> & {
  readonly project: 'apply' | 'ignore';
  readonly read: Readonly<Record<ForeignList, boolean>>;
};

/** Rules of other tools that are read as hide. */
export type ForeignList =
  | 'claudeignore'
  | 'aiexclude'
  | 'aiignore'
  | 'cursorignore'
  | 'geminiignore'
  | 'codexignore'
  | 'permissions';

export const DEFAULTS: PolicyValues = {
  project: 'apply',
  read: {
    claudeignore: true,
    aiexclude: true,
    aiignore: true,
    cursorignore: true,
    geminiignore: true,
    codexignore: true,
    permissions: true,
  },
  scan: {
    packs: [],
    allow: [],
    personalData: false,
    binaries: {
      images: 'redact',
      archives: 'ask',
      databases: 'ask',
      keystores: 'hide',
      dumps: 'hide',
      other: 'redact',
    },
  },
  workspace: {
    memory: 0.25,
    // filled from patterns/paths/overlays.yaml
    overlays: [],
    remember: true,
  },
  git: { depth: 200, authors: 'keep' },
  writeback: {
    fsync: true,
    guarded: 'hold',
    foreign: 'leave',
    // filled from patterns/paths/guard.yaml
    guard: [],
  },
  network: { allow: [] },
  upstream: undefined,
  account: { organization: undefined },
  identity: 'session',
  images: 'ask',
  sandbox: {
    env: [
      'COLORFGBG',
      'COLORTERM',
      'EDITOR',
      'FORCE_COLOR',
      'LANG',
      'LANGUAGE',
      'LC_*',
      'NO_COLOR',
      'TERM',
      'TERM_PROGRAM',
      'TERM_PROGRAM_VERSION',
      'TZ',
    ],
    lend: [],
  },
};
