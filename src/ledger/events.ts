// The events of a session by kind, so that who writes them and `sotto report` mean the same. A ledger may hold other kinds;
// the report counts them by name. Nothing in an event is a value from a scanned file.

/** First after the ledger opens: what runs, under which policy, for whom. */
export type SessionStart = {
  kind: 'session.start';
  sotto: string;
  project: string;
  program: { version?: string; sha256?: string };
  /** Hashes of merged policy and scanner, as their rooms give them. */
  policy: string;
  scanner: string;
  /** Host that inference is forwarded to. */
  upstream?: string;
  account: { kind: string; plan?: string; organization?: string; email?: string };
  /** SHA-256 of what the organisation manages on the server, as it was asked for once at the start, or `none`. */
  serverSettings?: string;
};

/** The working copy is made. */
export type WorkspaceMade = {
  kind: 'workspace';
  files: number;
  bytes: number;
  hidden: number;
  asked: number;
  redactedFiles: number;
  /** Findings by rule id. */
  redacted: Readonly<Record<string, number>>;
};

/** One request that the gateway saw: `request` when it was forwarded or answered locally, `refused` when not, with `code`. */
export type RequestSeen = {
  kind: 'request' | 'refused';
  host: string;
  method: string;
  path: string;
  verdict: 'forward' | 'redact' | 'answer' | 'refuse';
  code?: string;
  /** Body bytes sent upstream; 0 when answered locally or refused. */
  bytes: number;
  findings: Readonly<Record<string, number>>;
};

/** The upstream's answer to a forwarded request, with what the provider says of account and request (its response headers). */
export type AnswerSeen = {
  kind: 'answer';
  host: string;
  method: string;
  path: string;
  status: number;
  /** The answer broke off. */
  cut?: boolean;
  /** `anthropic-organization-id`. */
  organization?: string;
  /** `request-id`. */
  requestId?: string;
};

/** A person, or policy in place of one, answered a question. */
export type Decided = {
  kind: 'decision';
  question: string;
  path?: string;
  rule?: string;
  answer: string;
  by: 'person' | 'policy';
};

/** The agent's edit landed in the real tree; `what` is create, modify, remove, mode, link or folder. */
export type Changed = { kind: 'change'; path: string; what: string };

/** Both sides changed; the agent's version was laid at `kept`. */
export type Conflicted = { kind: 'conflict'; path: string; kept: string };

/** Commits or a tag made inside are in the real repository; `onto` is the branch or tag that holds them there. */
export type Brought =
  | { kind: 'commits'; branch: string; onto: string; commits: number }
  | { kind: 'tag'; tag: string; onto: string };

/** The session's output held an escape sequence that the person's terminal was not shown; once for a kind. */
export type EscapeDropped = { kind: 'escape'; sequence: string };

/** Could not be done, or waits for a yes (`held`). */
export type Problematic = { kind: 'problem' | 'held'; path: string; code: string; line?: number };

/** At the end: the organisation's settings on the server are no longer those that the session had. */
export type SettingsChanged = { kind: 'server-settings'; sha256: string };

/** The session did not start, or stopped, on purpose. */
export type Refused = { kind: 'refusal'; code: string };

/** Last before the ledger closes. `how`: exit, signal or refusal. */
export type SessionEnd = { kind: 'session.end'; status: number; how: string };

export type SessionEvent =
  | SessionStart
  | WorkspaceMade
  | RequestSeen
  | AnswerSeen
  | Decided
  | Changed
  | Conflicted
  | Brought
  | EscapeDropped
  | SettingsChanged
  | Problematic
  | Refused
  | SessionEnd;
