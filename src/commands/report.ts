// `sotto report`: what a session did, from its ledger. Reads, never writes, except for `--prune`, which removes whole old ledgers.
import { Command, InvalidArgumentError, Option } from 'commander';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import {
  findSession,
  installationKey,
  ledgerFolder,
  listSessions,
  pruneSessions,
  type RecordedSession,
  readLedger,
  verifyLedger,
} from '../ledger/index.ts';
import { otlpBodies, reportForTerminal, reportPage, sizeText, summarize, verificationText } from '../report/index.ts';
import { type Io, processIo } from './io.ts';
import { sendLogs } from './send-logs.ts';

export interface ReportOptions {
  list?: boolean;
  json?: boolean;
  html?: boolean;
  check?: boolean;
  publicKey?: boolean;
  /** Public key that the ledger must carry, when it was written by another installation. */
  key?: string;
  /** Days. */
  prune?: number;
  /** Base URL of an OpenTelemetry collector. */
  otlp?: string;
}

export function reportCommand(host: HostEnvironment): Command {
  return new Command('report')
    .description('show what a session did: found, hidden, sent, refused, changed; codes and counts, never values')
    .argument('[session]', 'a session or the beginning of its name; the newest when absent')
    .option('--list', 'list the recorded sessions')
    .addOption(new Option('--json', 'print the report as JSON').conflicts('html'))
    .option('--html', 'print the report as a page that loads nothing')
    .option(
      '--check',
      'only verify: chain, signatures, nothing cut off; all sessions when none is named; exit 1 when one is not whole',
    )
    .option('--key <base64>', 'public key the ledger must carry, for one written by another installation')
    .option('--public-key', 'print the public key of this installation')
    .option('--prune <days>', 'remove the ledgers of sessions older than that', parseDays)
    .option('--otlp <url>', 'send the ledger to an OpenTelemetry collector (OTLP over HTTP)')
    .action(async (session: string | undefined, options: ReportOptions) => {
      process.exitCode = await report(host, session, options, processIo, createPaint(process.stdout, host.variables));
    });
}

/** Runs the verb; gives its exit status. */
export async function report(
  host: Pick<HostEnvironment, 'home' | 'variables'>,
  session: string | undefined,
  options: ReportOptions,
  io: Io,
  paint: Paint,
): Promise<number> {
  const folder = ledgerFolder({ env: host.variables, home: host.home });
  if (options.publicKey) return say(io, `${installationKey(folder)}\n`);
  if (options.prune !== undefined) return prune(folder, options.prune, io);
  if (options.list) return list(listSessions(folder), options, io);
  if (options.check)
    return check(session === undefined ? listSessions(folder) : [findSession(folder, session)], options, io);
  const { path, session: name } = findSession(folder, session);
  const verification = verifyLedger(path, options.key);
  if (options.otlp !== undefined) {
    const bodies = otlpBodies(name, readLedger(path), verification);
    await sendLogs(options.otlp, host.variables.OTEL_EXPORTER_OTLP_HEADERS, bodies);
    return say(io, `sent ${verification.entries} lines of ${escapeForTerminal(name)}\n`);
  }
  const summary = summarize(name, readLedger(path), verification);
  if (options.json) return say(io, `${JSON.stringify(summary, null, 2)}\n`);
  if (options.html) return say(io, reportPage(summary));
  return say(io, reportForTerminal(summary, paint));
}

function list(sessions: readonly RecordedSession[], options: ReportOptions, io: Io): number {
  if (options.json) return say(io, `${JSON.stringify(sessions, null, 2)}\n`);
  for (const one of sessions) {
    io.out(`${escapeForTerminal(one.session)}  ${one.changed.toISOString().slice(0, 16)}Z  ${sizeText(one.bytes)}\n`);
  }
  return 0;
}

function check(sessions: readonly RecordedSession[], options: ReportOptions, io: Io): number {
  const results = sessions.map((one) => ({ session: one.session, verification: verifyLedger(one.path, options.key) }));
  if (options.json) io.out(`${JSON.stringify(results, null, 2)}\n`);
  else for (const one of results) io.out(`${escapeForTerminal(one.session)}: ${verificationText(one)}\n`);
  return results.every((one) => one.verification.problem === undefined) ? 0 : 1;
}

function prune(folder: string, days: number, io: Io): number {
  const removed = pruneSessions(folder, new Date(Date.now() - days * 86_400_000));
  return say(io, `removed ${removed} ${removed === 1 ? 'ledger' : 'ledgers'} older than ${days} days\n`);
}

function say(io: Io, text: string): number {
  io.out(text);
  return 0;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1) throw new InvalidArgumentError('a whole number of days, at least 1');
  return days;
}
