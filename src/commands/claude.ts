// A session, from top to bottom: policy, scan, redact, workspace, sandbox, gateway, Claude Code, write-back, ledger. This is
// the one place that knows the start-up order. Whatever cannot be done refuses, and then Claude Code is not started.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Command } from 'commander';
import { createGateway, findIdentityTerms } from '../gateway/index.ts';
import { type HostEnvironment, run } from '../host/index.ts';
import { openLedger, stateFolder } from '../ledger/index.ts';
import { createVault } from '../redact/index.ts';
import { openSandbox } from '../sandbox/index.ts';
import { createScanner } from '../scan/index.ts';
import { furnishHome, keepStatus, lendEnvironment, runSession, sessionProfile, statusText } from '../session/index.ts';
import { askRead, type ReadQuestion } from '../tui/index.ts';
import { startWriteback } from '../writeback/index.ts';
import { createAskGateway } from './ask-gateway.ts';
import { createAskRead } from './ask-read.ts';
import { createAskSecrets } from './ask-secrets.ts';
import { createClosers } from './closers.ts';
import { copySpot } from './copy-spot.ts';
import { cleaner, decisionEvent, endEvents, escapeRecorder, startEvents, workspaceEvent } from './events.ts';
import { sayAtEnd, sayAtStart, sayRecovered } from './notice.ts';
import { type OwnOptions, prepareSession } from './prepare.ts';
import { createQuestions } from './questions.ts';
import { reviewedWorkspace } from './reviewed.ts';
import { changedSettings } from './server-settings.ts';

/** Runs Claude Code with these arguments in a session; gives its exit status. */
export async function claude(host: HostEnvironment, own: OwnOptions, args: readonly string[]): Promise<number> {
  const session = sessionName();
  const plan = await prepareSession(host, own);
  const { tools, program, root, place, prepared, credential, account, organizations, upstream, proxyFor, toolchains } =
    plan;
  const { terminal, stage } = createQuestions(host, own);
  const scanner = createScanner(prepared);
  const vault = createVault();
  const state = stateFolder({ env: host.variables, home: host.home });
  sayRecovered(host, join(state, 'sessions'));
  const ledger = openLedger({ folder: join(state, 'ledger'), session, clean: cleaner(vault) });
  const closers = createClosers(() => ledger.close());
  try {
    for (const event of startEvents(plan)) ledger.append(event);

    const used = [root, host.home, program.file, ...toolchains.mounts.map((mount) => mount.target)];
    const sandbox = await openSandbox(host, tools, used);
    closers.add(() => sandbox.dispose());

    const spot = copySpot(sandbox, plan, join(state, 'copies'));
    const copy = { target: spot.outside, vault, marks: join(state, 'marks') };
    const { workspace, policy, decisions } = await reviewedWorkspace(host, own, args, plan, copy);
    closers.add(() => workspace.dispose());
    for (const decided of decisions) ledger.append(decisionEvent(decided));
    ledger.append(workspaceEvent(workspace.report));

    const listeners = [sandbox.listener];
    const identityTerms = await findIdentityTerms({ ...host, email: account.email, root, run });
    const wire = { credential, organizations, upstream, proxyFor, identityTerms };
    const withheld = await createAskRead({ place, policy, workspace, ledger, terminal, stage });
    const onEvent = keepStatus(`${sandbox.path}/run/status`, workspace.report, account, vault);
    const ask = createAskGateway(terminal, stage, ledger);
    const gateway = await createGateway({ listeners, scanner, vault, policy, ...wire, ledger, withheld, ask, onEvent });
    closers.add(() => gateway.close());

    const lent = lendEnvironment(host, policy.sandbox.env, scanner);
    const inside = { host, policy, account, sandbox, scanner, vault, root, toolchains, lent, program };
    const status = statusText(workspace.report, account);
    const serverSettings = plan.serverSettings?.settings;
    const home = furnishHome({ ...inside, authority: gateway.authority, status, serverSettings });
    const profile = await sessionProfile({ ...inside, home, workspace, tree: spot.inside });

    const show = terminal && ((question: ReadQuestion) => stage.interrupt(() => askRead(question, terminal)));
    const secrets = createAskSecrets({ foreign: policy.writeback.foreign, show, ledger });
    const journal = join(state, 'sessions', session);
    const writeback = await startWriteback({ workspace, policy, vault, journal, onEvent: secrets.onEvent });
    const stop = closers.add(() => writeback.stop());
    secrets.begin(writeback);
    sayAtStart(host, { workspace: workspace.report, lent, policy });
    const exit = await runSession({
      profile,
      sandbox,
      argv: [...program.argv, ...args],
      term: host.variables.TERM,
      stage,
      onDropped: escapeRecorder(ledger),
    });

    secrets.end();
    const report = await stop();
    const changed = await changedSettings(plan, ledger);
    for (const event of endEvents(report, exit)) ledger.append(event);
    sayAtEnd(host, report, changed !== undefined);
    return exit;
  } finally {
    await closers.close();
  }
}

/** Sorts by time and is unique: names the ledger and what waits for a yes. */
function sessionName(): string {
  return `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`;
}

/** `sotto claude ...`: everything behind the word goes to Claude Code as it stands. */
export function claudeCommand(host: HostEnvironment, args: readonly string[]): Command {
  return new Command('claude')
    .description('run Claude Code in a session; all further arguments are its own')
    .usage('[any Claude Code arguments]')
    .action(async (_options, command: Command) => {
      process.exitCode = await claude(host, command.parent?.opts() ?? {}, args);
    });
}
