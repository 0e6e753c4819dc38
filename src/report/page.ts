// The report as one HTML file that loads nothing and runs nothing, to be kept or handed to an auditor.
import { countOf, escapeForTerminal } from '../host/index.ts';
import type { Counts, SessionReport } from './summarize.ts';
import { accountText, sizeText, termsText, timeText, total, verdictsText, verificationText } from './words.ts';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top;border-bottom:1px solid #ccc;overflow-wrap:anywhere}
.bad{color:#a00;font-weight:bold}.good{color:#060}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}.good{color:#8c8}.bad{color:#f88}}`;

/** The report as a page of its own. */
export function reportPage(report: SessionReport): string {
  const good = report.verification.problem === undefined;
  const { versions, copy, wire } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>sotto: session ${escapeHtml(report.session)}</title><style>${STYLE}</style></head><body>
<h1>Session ${escapeHtml(report.session)}</h1>
<p class="${good ? 'good' : 'bad'}">${escapeHtml(verificationText(report))}</p>
${table('Session', [
  ['project', report.project ?? ''],
  ['time', timeText(report)],
  ['exit status', report.exit === undefined ? '' : String(report.exit)],
  ['sotto', versions.sotto ?? ''],
  ['Claude Code', versions.program ?? ''],
  ['policy (SHA-256)', versions.policy ?? ''],
  ['scanner (SHA-256)', versions.scanner ?? ''],
  ['account', accountText(report)],
  ['upstream', report.upstream ?? ''],
  ...report.terms.map((terms) => ['terms', termsText(terms)] as const),
])}
${table('Working copy', [
  ['files', `${copy.files}, ${sizeText(copy.bytes)}`],
  ['hidden', String(copy.hidden)],
  ['asked for', String(copy.asked)],
  ['redacted', `${total(copy.redacted)} in ${countOf(copy.redactedFiles, 'file')}`],
])}
${counts('Redacted in files, by rule', copy.redacted)}
${table('Requests', [['all', `${verdictsText(wire.verdicts)}; ${sizeText(wire.bytes)} sent`], ...wire.hosts.map((host) => [host.host, `${verdictsText(host.verdicts)}; ${sizeText(host.bytes)} sent`] as const)])}
${counts('Answers, by status', wire.answers)}
${counts('Redacted on the wire, by rule', wire.redacted)}
${table(
  'Refused requests',
  report.refused.map((one) => [`${one.count} x ${one.code}`, `${one.method} ${one.host}${one.path}`]),
)}
${counts('Changes', report.changes)}
${table(
  'Conflicts',
  report.conflicts.map((path) => ['', path]),
)}
${table(
  'Wait for a yes',
  report.held.map((path) => ['', path]),
)}
${counts('Problems', report.problems)}
${counts('Decisions', report.decisions)}
${counts('Refusals', report.refusals)}
${counts('Escape sequences kept from the terminal', report.escapes)}
${counts('Other lines', report.other)}
</body></html>
`;
}

/** Text for element content and quoted attributes; what would hide or turn text around is made visible as on a terminal. */
export function escapeHtml(text: string): string {
  return escapeForTerminal(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const body = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<h2>${escapeHtml(title)}</h2>\n<table>\n${body.join('\n')}\n</table>`;
}

function counts(title: string, numbers: Counts): string {
  return table(
    title,
    Object.entries(numbers).map(([name, times]) => [name, String(times)]),
  );
}
