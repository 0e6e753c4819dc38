// What a session writes into its ledger, besides the gateway's requests.

import { packageVersion } from '../host/index.ts';
import type {
  Decided,
  EscapeDropped,
  Ledger,
  LedgerEvent,
  SessionEnd,
  SessionStart,
  WorkspaceMade,
} from '../ledger/index.ts';
import type { PathDecision } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import type { WorkspaceReport } from '../workspace/index.ts';
import type { WritebackReport } from '../writeback/index.ts';
import type { Prepared } from './prepare.ts';
import { askedEvent, isAsked } from './server-settings.ts';

/** The first lines: what runs, and the one request that was made before there was a ledger. */
export function startEvents(session: Prepared): LedgerEvent[] {
  return [startEvent(session), ...(isAsked(session) ? [askedEvent(session)] : [])];
}

function startEvent(session: Prepared): SessionStart {
  const { root, program, policy, prepared, credential, account, upstream, serverSettings } = session;
  const { plan, organizationId, email } = account;
  return {
    kind: 'session.start',
    sotto: packageVersion(),
    project: root,
    program: { version: program.version },
    policy: policy.hash,
    scanner: prepared.hash,
    upstream: upstream.host,
    account: {
      kind: credential.kind,
      ...(plan === undefined ? {} : { plan }),
      ...(organizationId === undefined ? {} : { organization: organizationId }),
      ...(email === undefined ? {} : { email }),
    },
    ...(isAsked(session) ? { serverSettings: serverSettings?.sha256 ?? 'none' } : {}),
  };
}

/** What the person decided in the review. */
export function decisionEvent({ path, decision }: PathDecision): Decided {
  return { kind: 'decision', question: 'review', path, answer: decision, by: 'person' };
}

export function workspaceEvent(report: WorkspaceReport): WorkspaceMade {
  const { files, bytes, hidden, asked, redactedFiles, redacted } = report;
  return {
    kind: 'workspace',
    files,
    bytes,
    hidden: hidden.length,
    asked: asked.length,
    redactedFiles: redactedFiles.length,
    redacted,
  };
}

/** Writes down that a sequence was kept from the terminal; one that cannot be written was kept from it all the same. */
export function escapeRecorder(ledger: Pick<Ledger, 'append'>): (sequence: string) => void {
  return (sequence) => {
    const event: EscapeDropped = { kind: 'escape', sequence };
    try {
      ledger.append(event);
    } catch {
      // The next request that would be sent meets the same ledger, and is refused.
    }
  };
}

/** What the write-back did, a line each, and the closing line. */
export function endEvents(report: WritebackReport, status: number): LedgerEvent[] {
  const end: SessionEnd = { kind: 'session.end', status, how: status > 128 ? 'signal' : 'exit' };
  return [
    ...report.changes.map(({ path, kind }) => ({ kind: 'change', path, what: kind })),
    ...report.conflicts.map(({ path, kept }) => ({ kind: 'conflict', path, kept })),
    ...report.problems.map(({ path, code, line }) => ({ kind: 'problem', path, code, line })),
    ...(report.commits?.branches ?? []).map(({ branch, onto, commits }) => ({
      kind: 'commits',
      branch,
      onto,
      commits,
    })),
    ...(report.commits?.tags ?? []).map(({ tag, as }) => ({ kind: 'tag', tag, onto: as })),
    ...report.held.map(({ path }) => ({ kind: 'held', path, code: 'writeback.guarded' })),
    end,
  ];
}

/** Paths and hosts may hold a secret by accident: a ledger line shows its placeholder instead. */
export function cleaner(vault: Vault): (text: string) => string {
  return (text) => {
    let clean = text;
    for (const { secret, placeholder } of vault.entries()) clean = clean.replaceAll(secret, placeholder);
    return clean;
  };
}
