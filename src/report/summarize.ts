// From the lines of a ledger to what a person wants to know of a session. Codes and counts, never values.
// A ledger can come from another machine or be tampered with, so no field is taken on trust: what has not the expected shape is left out.
import { type Terms, termsOf } from '../account/index.ts';
import type { LedgerEntry, LedgerValue, Verification } from '../ledger/index.ts';

/** Numbers by name: findings by rule, changes by kind, problems by code. */
export type Counts = Readonly<Record<string, number>>;

export interface HostReport {
  host: string;
  requests: number;
  /** Requests by verdict: forward, redact, answer, refuse. */
  verdicts: Counts;
  bytes: number;
}

export interface RefusedReport {
  host: string;
  method: string;
  path: string;
  code: string;
  count: number;
}

export interface SessionReport {
  session: string;
  project: string | undefined;
  /** Host that inference went to. */
  upstream: string | undefined;
  started: string | undefined;
  ended: string | undefined;
  exit: number | undefined;
  verification: Verification;
  versions: {
    sotto: string | undefined;
    program: string | undefined;
    policy: string | undefined;
    scanner: string | undefined;
  };
  account: {
    kind: string | undefined;
    plan: string | undefined;
    organization: string | undefined;
    /** Organisation ids that the provider's answers named, with how often: the proof of who paid. */
    onTheWire: Counts;
  };
  terms: readonly Terms[];
  copy: { files: number; bytes: number; hidden: number; asked: number; redactedFiles: number; redacted: Counts };
  wire: {
    requests: number;
    bytes: number;
    verdicts: Counts;
    redacted: Counts;
    /** Answers of the upstream by status. */
    answers: Counts;
    hosts: readonly HostReport[];
  };
  refused: readonly RefusedReport[];
  decisions: Counts;
  changes: Counts;
  /** Commits that came back, by the branch that they are on; tags count once. */
  commits: Counts;
  conflicts: readonly string[];
  held: readonly string[];
  problems: Counts;
  refusals: Counts;
  /** Escape sequences kept from the terminal. */
  escapes: Counts;
  /** Lines of kinds that the report has no place for. */
  other: Counts;
}

/** Kinds that have a place of their own in the report, besides those that open and close the ledger. */
const KNOWN = new Set([
  ...['ledger.open', 'ledger.close', 'session.start', 'session.end', 'workspace', 'request', 'answer', 'refused'],
  ...['decision', 'change', 'commits', 'tag', 'conflict', 'held', 'problem', 'refusal', 'escape'],
]);

/** Sums up one session. */
export function summarize(session: string, entries: readonly LedgerEntry[], verification: Verification): SessionReport {
  const of = (...kinds: string[]) => entries.filter((entry) => kinds.includes(entry.kind));
  const start = of('session.start')[0];
  const end = of('session.end')[0];
  const seen = of('request', 'refused');
  const answers = of('answer');
  return {
    session,
    project: text(start?.project),
    upstream: text(start?.upstream),
    started: text(entries[0]?.time),
    ended: text(entries.at(-1)?.time),
    exit: end === undefined ? undefined : count(end.status),
    verification,
    versions: versionsOf(start),
    ...accountOf(start, answers),
    copy: copyOf(of('workspace')),
    wire: wireOf(seen, answers),
    refused: refusedOf(seen),
    decisions: tally(of('decision'), (entry) => `${text(entry.question) ?? '?'}: ${text(entry.answer) ?? '?'}`),
    changes: tally(of('change'), (entry) => text(entry.what) ?? '?'),
    commits: broughtOf(of('commits', 'tag')),
    conflicts: of('conflict').flatMap((entry) => text(entry.path) ?? []),
    held: of('held').flatMap((entry) => text(entry.path) ?? []),
    problems: tally(of('problem'), (entry) => text(entry.code) ?? '?'),
    refusals: tally(of('refusal'), (entry) => text(entry.code) ?? '?'),
    escapes: tally(of('escape'), (entry) => text(entry.sequence) ?? '?'),
    other: tally(
      entries.filter((entry) => !KNOWN.has(entry.kind)),
      (entry) => entry.kind,
    ),
  };
}

function broughtOf(entries: readonly LedgerEntry[]): Counts {
  const name = (entry: LedgerEntry) => `${entry.kind === 'tag' ? 'tag ' : ''}${text(entry.onto) ?? '?'}`;
  return Object.fromEntries(entries.map((entry) => [name(entry), entry.kind === 'tag' ? 1 : count(entry.commits)]));
}

function versionsOf(start: LedgerEntry | undefined): SessionReport['versions'] {
  const program = fields(start?.program);
  return {
    sotto: text(start?.sotto),
    program: text(program.version) ?? text(program.sha256),
    policy: text(start?.policy),
    scanner: text(start?.scanner),
  };
}

function accountOf(
  start: LedgerEntry | undefined,
  answers: readonly LedgerEntry[],
): Pick<SessionReport, 'account' | 'terms'> {
  const known = fields(start?.account);
  const plan = text(known.plan);
  return {
    account: {
      kind: text(known.kind),
      plan,
      organization: text(known.organization),
      onTheWire: tally(
        answers.filter((entry) => text(entry.organization) !== undefined),
        (entry) => text(entry.organization) as string,
      ),
    },
    terms: start === undefined ? [] : termsOf(plan === undefined ? {} : { plan }),
  };
}

function copyOf(made: readonly LedgerEntry[]): SessionReport['copy'] {
  const sum = (name: string) => made.reduce((total, entry) => total + count(entry[name]), 0);
  return {
    files: sum('files'),
    bytes: sum('bytes'),
    hidden: sum('hidden'),
    asked: sum('asked'),
    redactedFiles: sum('redactedFiles'),
    redacted: addUp(made.map((entry) => entry.redacted)),
  };
}

function wireOf(seen: readonly LedgerEntry[], answers: readonly LedgerEntry[]): SessionReport['wire'] {
  const hosts = [...new Set(seen.map((entry) => text(entry.host) ?? '?'))].map((host) => {
    const own = seen.filter((entry) => (text(entry.host) ?? '?') === host);
    return { host, requests: own.length, verdicts: verdictsOf(own), bytes: bytesOf(own) };
  });
  return {
    requests: seen.length,
    bytes: bytesOf(seen),
    verdicts: verdictsOf(seen),
    redacted: addUp(seen.filter((entry) => entry.kind === 'request').map((entry) => entry.findings)),
    answers: tally(answers, (entry) => (entry.cut === true ? 'broken off' : String(count(entry.status)))),
    hosts: hosts.sort((a, b) => b.requests - a.requests || (a.host < b.host ? -1 : 1)),
  };
}

const verdictsOf = (seen: readonly LedgerEntry[]) => tally(seen, (entry) => text(entry.verdict) ?? '?');
const bytesOf = (seen: readonly LedgerEntry[]) => seen.reduce((total, entry) => total + count(entry.bytes), 0);

function refusedOf(seen: readonly LedgerEntry[]): RefusedReport[] {
  const rows = new Map<string, RefusedReport>();
  for (const entry of seen.filter((one) => one.kind === 'refused')) {
    const [host, method, path, code] = [entry.host, entry.method, entry.path, entry.code].map(
      (value) => text(value) ?? '?',
    );
    const row = { host, method, path, code, count: 0 } as RefusedReport;
    const key = JSON.stringify(row);
    const known = rows.get(key) ?? row;
    known.count += 1;
    rows.set(key, known);
  }
  return [...rows.values()].sort((a, b) => b.count - a.count);
}

/** Counts by a name, the most frequent first. */
function tally(entries: readonly LedgerEntry[], name: (entry: LedgerEntry) => string): Counts {
  return addUp(entries.map((entry) => ({ [name(entry)]: 1 })));
}

function addUp(many: readonly LedgerValue[]): Counts {
  const sums = new Map<string, number>();
  for (const one of many) {
    for (const [name, value] of Object.entries(fields(one))) sums.set(name, (sums.get(name) ?? 0) + count(value));
  }
  return Object.fromEntries([...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

const text = (value: LedgerValue) => (typeof value === 'string' ? value : undefined);
const count = (value: LedgerValue) => (typeof value === 'number' && value > 0 ? value : 0);

function fields(value: LedgerValue): Readonly<Record<string, LedgerValue>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, LedgerValue>)
    : {};
}
