import { countOf, escapeForTerminal, type Paint } from '../host/index.ts';
import type { Counts, SessionReport } from './summarize.ts';
import {
  accountText,
  countsText,
  sizeText,
  termsText,
  timeText,
  total,
  verdictsText,
  verificationText,
} from './words.ts';

/** The report as lines for a terminal. Whatever stands in the ledger is escaped before it is shown. */
export function reportForTerminal(report: SessionReport, paint: Paint): string {
  const good = report.verification.problem === undefined;
  const lines = [
    `${paint.bold(`session ${escapeForTerminal(report.session)}`)}  ${escapeForTerminal(report.project ?? '')}`,
    paint.dim(`${timeText(report)}${report.exit === undefined ? '' : `, exit ${report.exit}`}`),
    row('record', (good ? paint.green : paint.red)(verificationText(report))),
    row('account', escapeForTerminal(accountText(report))),
    ...(report.upstream === undefined ? [] : [row('upstream', escapeForTerminal(report.upstream))]),
    ...report.terms.map((terms, at) => row(at === 0 ? 'terms' : 'or', termsText(terms))),
    ...copyLines(report),
    ...wireLines(report),
    ...refusedLines(report, paint),
    ...changeLines(report, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function copyLines({ copy }: SessionReport): string[] {
  return [
    row(
      'copy',
      `${countOf(copy.files, 'file')}, ${sizeText(copy.bytes)}; ${copy.hidden} hidden, ${copy.asked} asked for`,
    ),
    row('redacted', `${total(copy.redacted)} in ${countOf(copy.redactedFiles, 'file')}`),
    ...countLines(copy.redacted),
  ];
}

function wireLines({ wire }: SessionReport): string[] {
  const hosts = wire.hosts.map(
    (host) => `  ${escapeForTerminal(host.host)}: ${verdictsText(host.verdicts)}; ${sizeText(host.bytes)} sent`,
  );
  const redacted = total(wire.redacted);
  return [
    row(
      'requests',
      `${wire.requests}${wire.requests === 0 ? '' : `: ${verdictsText(wire.verdicts)}`}; ${sizeText(wire.bytes)} sent`,
    ),
    ...hosts,
    ...(Object.keys(wire.answers).length === 0
      ? []
      : [row('answers', escapeForTerminal(countsText(wire.answers, 'x')))]),
    ...(redacted === 0 ? [] : [row('on the wire', `${redacted} redacted`), ...countLines(wire.redacted)]),
  ];
}

function refusedLines({ refused, refusals }: SessionReport, paint: Paint): string[] {
  const rows = refused.map((one) =>
    escapeForTerminal(`  ${one.count} x ${one.method} ${one.host}${one.path} [${one.code}]`),
  );
  const stops =
    Object.keys(refusals).length === 0
      ? []
      : [row('stopped by', paint.yellow(escapeForTerminal(countsText(refusals))))];
  return [...(rows.length === 0 ? [] : [row('refused', ''), ...rows]), ...stops];
}

function changeLines(report: SessionReport, paint: Paint): string[] {
  const { changes, commits, conflicts, held, problems, decisions, escapes, other } = report;
  const list = (name: string, paths: readonly string[]) =>
    paths.length === 0
      ? []
      : [row(name, paint.yellow(String(paths.length))), ...paths.map((path) => `  ${escapeForTerminal(path)}`)];
  const counted = (name: string, counts: Counts) =>
    Object.keys(counts).length === 0 ? [] : [row(name, escapeForTerminal(countsText(counts)))];
  return [
    row('changes', total(changes) === 0 ? 'none' : escapeForTerminal(countsText(changes))),
    ...counted('commits on', commits),
    ...list('conflicts', conflicts),
    ...list('wait for yes', held),
    ...counted('problems', problems),
    ...counted('decisions', decisions),
    ...counted('not shown', escapes),
    ...counted('other', other),
  ];
}

function countLines(counts: Counts): string[] {
  return Object.entries(counts).map(([name, times]) => `  ${String(times).padStart(5)}  ${escapeForTerminal(name)}`);
}

function row(name: string, value: string): string {
  return `${name.padEnd(12)} ${value}`.trimEnd();
}
