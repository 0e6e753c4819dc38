// `sotto apply`: changes that waited for a yes because the files run code on the host later. Naming the session is the yes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { Refusal } from '../errors/index.ts';
import { createPaint, escapeForTerminal, type HostEnvironment, type Paint } from '../host/index.ts';
import { stateFolder } from '../ledger/index.ts';
import {
  applyHeld,
  diffLines,
  type HeldFile,
  type HeldPreview,
  previewHeld,
  readHeld,
  writeHeld,
} from '../writeback/index.ts';
import { type Io, processIo } from './io.ts';

export interface ApplyOptions {
  /** Only show what waits. */
  show?: boolean;
  /** Throw it away. */
  drop?: boolean;
}

export function applyCommand(host: HostEnvironment): Command {
  return new Command('apply')
    .description('apply changes of a session that waited for a yes; without a session, list what waits')
    .argument('[session]', 'the session, or the beginning of its name')
    .argument('[paths...]', 'only these files')
    .option('--show', 'show the changes and apply nothing')
    .option('--drop', 'throw the changes away')
    .action((session: string | undefined, paths: string[], options: ApplyOptions) => {
      process.exitCode = apply(host, session, paths, options, processIo, createPaint(process.stdout, host.variables));
    });
}

/** Runs the verb; gives its exit status: 1 when something could not be applied. */
export function apply(
  host: Pick<HostEnvironment, 'home' | 'variables'>,
  session: string | undefined,
  paths: readonly string[],
  options: ApplyOptions,
  io: Io,
  paint: Paint,
): number {
  const sessions = join(stateFolder({ env: host.variables, home: host.home }), 'sessions');
  if (session === undefined) return list(sessions, io);
  const name = find(sessions, session);
  const folder = join(sessions, name);
  const file = readHeld(folder);
  if (file === undefined) throw new Refusal('writeback.held-broken', { session: name });
  const picks = (path: string) => paths.length === 0 || paths.includes(path);
  if (options.show) return show(file, picks, io, paint);
  if (options.drop) return drop(folder, file, picks, io);
  const { applied, left } = applyHeld(file, picks);
  writeHeld(folder, left);
  for (const { path, outcome } of applied) io.out(`${OUTCOMES[outcome]} ${escapeForTerminal(path)}\n`);
  const failed = applied.some(({ outcome }) => outcome !== 'applied');
  if (failed)
    io.err(`hint: \`sotto apply ${name} --show\` shows what is left, to be done by hand; \`--drop\` throws it away\n`);
  return failed ? 1 : 0;
}

const OUTCOMES = {
  applied: 'applied',
  stale: 'not applied, the real tree has changed since:',
  secret: 'not applied, a secret of it cannot be put back:',
};

function list(sessions: string, io: Io): number {
  const waiting = namesOf(sessions).flatMap((name) => readHeld(join(sessions, name))?.changes.map(() => name) ?? []);
  for (const name of new Set(waiting)) {
    const count = waiting.filter((one) => one === name).length;
    io.out(`${name}  ${count} ${count === 1 ? 'change' : 'changes'}\n`);
  }
  if (waiting.length === 0) io.out('nothing waits for a yes\n');
  return 0;
}

/** One session by the beginning of its name. */
function find(sessions: string, beginning: string): string {
  const found = namesOf(sessions).filter((name) => name.startsWith(beginning));
  if (found.length !== 1) throw new Refusal('writeback.no-held', { session: beginning });
  return found[0] as string;
}

function namesOf(sessions: string): string[] {
  try {
    return readdirSync(sessions).sort();
  } catch {
    return []; // no session has left anything yet
  }
}

function show(file: HeldFile, picks: (path: string) => boolean, io: Io, paint: Paint): number {
  for (const change of previewHeld(file).filter(({ path }) => picks(path))) io.out(`${textOf(change, paint)}\n`);
  return 0;
}

function textOf(change: HeldPreview, paint: Paint): string {
  const head = paint.bold(`${escapeForTerminal(change.path)}  (${escapeForTerminal(change.why)})`);
  if (change.what === 'remove') return `${head}\n  removed`;
  if (change.what === 'mode') return `${head}\n  mode ${(change.mode ?? 0).toString(8)}`;
  if (change.what === 'link') return `${head}\n  link to ${escapeForTerminal(change.target ?? '')}`;
  const colour = { ' ': (text: string) => text, '-': paint.red, '+': paint.green };
  const lines = diffLines(change.before, change.after).map(({ sign, text }) =>
    colour[sign](`${sign} ${escapeForTerminal(text)}`),
  );
  return [head, ...lines].join('\n');
}

function drop(folder: string, file: HeldFile, picks: (path: string) => boolean, io: Io): number {
  const left = file.changes.filter(({ path }) => !picks(Buffer.from(path, 'latin1').toString('utf8')));
  writeHeld(folder, { ...file, changes: left });
  io.out(`dropped ${file.changes.length - left.length}\n`);
  return 0;
}
