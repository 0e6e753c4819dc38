// The words of the report, the same on a terminal and on a page.
import type { Terms } from '../account/index.ts';
import type { Counts, SessionReport } from './summarize.ts';

/** What each finding of verification means to somebody who never saw the code. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'no-start': 'the first line does not open a ledger',
  'other-key': 'signed with a key that is not this installation’s',
  'not-json': 'a line that is none',
  'not-canonical': 'a line is spelt otherwise than it was written',
  'bad-signature': 'a line was changed',
  'broken-chain': 'a line was removed, added or moved',
  torn: 'the last line has no end',
  'no-head': 'the head of the ledger is missing or not signed by its key',
  'cut-short': 'lines are missing at the end',
};

/** The result of verification in a sentence. */
export function verificationText({ verification }: Pick<SessionReport, 'verification'>): string {
  const { entries, closed, problem } = verification;
  if (problem !== undefined) return `NOT WHOLE: line ${problem.line}: ${PROBLEMS[problem.code] ?? problem.code}`;
  return `${entries} lines, chain and signatures hold, ${closed ? 'closed' : 'not closed (running, or killed)'}`;
}

/** Whether the organisation that paid is the one that was expected; from the provider's answers. */
export function accountText({ account }: Pick<SessionReport, 'account'>): string {
  const known = [account.kind, account.plan, account.organization && `organization ${account.organization}`];
  const wire = Object.entries(account.onTheWire);
  const others = wire.filter(([id]) => account.organization !== undefined && id !== account.organization);
  if (others.length > 0)
    return [...known, `BUT THE WIRE SAYS ${others.map(([id]) => id).join(', ')}`].filter(Boolean).join(', ');
  const proof = wire.map(([id, times]) => `${id} in ${times} answers`).join(', ');
  return [...known, proof === '' ? 'no answer named an organization' : `on the wire: ${proof}`]
    .filter(Boolean)
    .join(', ');
}

export function termsText(terms: Terms): string {
  return `${terms.plan}: training ${terms.training}; kept: ${terms.retention}; when flagged: ${terms.flagged}`;
}

/** `3 modify, 2 create`; with a sign between, `3 x 200, 1 x 529`. */
export function countsText(counts: Counts, sign = ''): string {
  return Object.entries(counts)
    .map(([name, times]) => [times, sign, name].filter(Boolean).join(' '))
    .join(', ');
}

/** What became of requests, in words. */
export function verdictsText(verdicts: Counts): string {
  const words: Record<string, string> = {
    forward: 'forwarded',
    redact: 'forwarded after redaction',
    answer: 'answered here',
    refuse: 'refused',
  };
  return countsText(Object.fromEntries(Object.entries(verdicts).map(([name, times]) => [words[name] ?? name, times])));
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** `10:00 to 10:40 on 2026-11-22`, in UTC as the ledger has it. */
export function timeText({ started, ended }: Pick<SessionReport, 'started' | 'ended'>): string {
  const parts = (time: string | undefined) =>
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(time ?? '')?.slice(1) ?? ['?', '?'];
  const [day, from] = parts(started);
  const [endDay, to] = parts(ended);
  return day === endDay ? `${day} ${from} to ${to} UTC` : `${day} ${from} to ${endDay} ${to} UTC`;
}
