/** The four decisions on a path, strictest first. */
export type Decision = 'hide' | 'ask' | 'redact' | 'trust';

/** Strictest first. */
export const DECISIONS: readonly Decision[] = ['hide', 'ask', 'redact', 'trust'];

/** What decided on a path, for `sotto explain` and the review. */
export interface PathVerdict {
  decision: Decision;
  /** The pattern that decided, as written; `*` for the default. */
  pattern: string;
  /** Where it stands: `<file>:<line>` or `built-in:<pack>`. */
  source: string;
}

/** One path pattern in gitignore syntax with its decision. */
export interface PathRule {
  pattern: string;
  decision: Decision;
  source: string;
  /** Folder the pattern is relative to, `/`-separated, relative to the project root; '' for the root. */
  base: string;
  /** For patterns relative to a folder above the root: the folders from there to the root (`packages/web`). */
  above?: string;
  /** The list it stands in (a file, or files of one kind); a `!pattern` takes back matches of its own list. */
  list?: string;
  /** `all`: a `!pattern` also takes back matches of the lists before it, because its author may loosen. */
  reach?: 'all';
  /** Cannot be taken back by another list. */
  locked?: boolean;
  /** Why, for `sotto explain` and the review. */
  reason?: string;
}

/** What a person decided on one path of the project. */
export interface PathDecision {
  /** Relative to the root, as text. */
  path: string;
  decision: Exclude<Decision, 'trust'>;
}

/** Something that a policy file asks for and that does not count (yet). */
export interface PendingChange {
  /** Dotted key. */
  key: string;
  /** `<file>:<line>`. */
  source: string;
  /** `approval`: counts after `sotto trust`; `lock`: an organisation's lock stands against it. */
  why: 'approval' | 'lock';
}

/** An exception to a detection rule, always with a reason. */
export interface AllowlistEntry {
  /** Absolute path of a pack of `packs`, whose own exceptions count for the rules of all. */
  pack?: string;
  reason: string;
  rule?: string;
  /** gitignore pattern; the entry counts only in these files. */
  path?: string;
  /** Regular expression over the secret; never the secret itself. */
  matches?: string;
  /** SHA-256 (hex) of the secret. */
  sha256?: string;
  /** SHA-256 (hex) of a whole file whose `sotto:allow` comments count. */
  content?: string;
  /** ISO date; the entry no longer counts after it. */
  expires?: string;
}

/**
 * Everything policy decides for a session: defaults, organisation, user and project merged once, then frozen.
 * Most callers want {@link createPathRules} for paths and pass `scan` on to the scanner.
 */
export interface Policy {
  /** Real path of the project root. */
  readonly root: string;
  readonly paths: readonly PathRule[];
  readonly scan: {
    /** Rule packs besides the built-in ones: absolute paths of YAML, `.gitleaks.toml` or `.secretlintrc` files. */
    readonly packs: readonly string[];
    readonly allow: readonly AllowlistEntry[];
    readonly personalData: boolean;
    /** What happens to content that cannot be scanned as text. */
    readonly binaries: {
      readonly images: Decision;
      readonly archives: Decision;
      readonly databases: Decision;
      readonly keystores: Decision;
      readonly dumps: Decision;
      readonly other: Decision;
    };
  };
  readonly workspace: {
    /** Share of the machine's memory (0 to 1) above which the copy goes to a private folder on disk. */
    readonly memory: number;
    /** Names of bulky folders laid in as overlays when git ignores them. */
    readonly overlays: readonly string[];
    /** Marks of files without secrets are kept between sessions. */
    readonly remember: boolean;
  };
  readonly git: { readonly depth: number; readonly authors: 'keep' | 'pseudonym' };
  readonly writeback: {
    readonly fsync: boolean;
    /** Guarded changes without a terminal. */
    readonly guarded: 'hold' | 'apply' | 'drop';
    /** A placeholder in a file that never held its secret. */
    readonly foreign: 'leave' | 'restore' | 'ask';
    /** gitignore patterns of files that run code on the host later. */
    readonly guard: readonly string[];
  };
  readonly network: { readonly allow: readonly NetworkAllow[] };
  /** Base URL that inference is forwarded to; undefined for the provider's own. */
  readonly upstream: string | undefined;
  readonly account: { readonly organization: string | undefined };
  readonly identity: 'keep' | 'session' | 'drop';
  readonly images: 'pass' | 'ask' | 'refuse';
  readonly sandbox: {
    /** Names of environment variables that are lent (values scanned first); glob `*` at the end allowed. */
    readonly env: readonly string[];
    /** Absolute or `~/` paths lent read-only. */
    readonly lend: readonly string[];
  };
  /** Where each value came from, by dotted key: `<file>:<line>` or `default`. */
  readonly origins: Readonly<Record<string, string>>;
  /** What files ask for in vain, for the review and `sotto policy show`. */
  readonly pending: readonly PendingChange[];
  /** SHA-256 over the merged policy, for the ledger. */
  readonly hash: string;
}

/** A host that programs in the session may reach besides the provider. */
export interface NetworkAllow {
  host: string;
  methods: readonly string[];
  /** Path prefix; '/' when absent. */
  path: string;
  /** Tunnelled unopened: the program does not take the session's authority. */
  opaque: boolean;
  reason: string;
}
