// The few lines that sotto says around a session. Only to a terminal, only on standard error, and never a value.
import { countOf, escapeForTerminal, type HostEnvironment } from '../host/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Lent } from '../session/index.ts';
import type { WorkspaceReport } from '../workspace/index.ts';
import { recover, tellProblem, type WritebackReport } from '../writeback/index.ts';

interface Start {
  workspace: WorkspaceReport;
  lent: Lent;
  policy: Policy;
}

/** One line before Claude Code draws its screen: what it will not see. */
export function sayAtStart(host: HostEnvironment, { workspace, lent }: Start): void {
  const redacted = Object.values(workspace.redacted).reduce((sum, count) => sum + count, 0);
  const parts = [
    `${workspace.hidden.length} hidden`,
    `${workspace.asked.length} on request`,
    `${redacted} redacted in ${countOf(workspace.redactedFiles.length, 'file')}`,
    ...(lent.withheld.length > 0 ? [`not lent: ${lent.withheld.join(', ')}`] : []),
    ...(hasNoGit(workspace) ? ['no git history inside'] : []),
    'incognito',
  ];
  say(host, `sotto: ${parts.join(', ')}`);
}

/** There is one outside, and it could not be carried over. */
const hasNoGit = ({ git }: WorkspaceReport) => 'missing' in git && git.missing !== 'not-a-repository';

/** After the session: only what needs the person. */
export function sayAtEnd(host: HostEnvironment, report: WritebackReport, settingsChanged = false): void {
  if (settingsChanged)
    say(host, 'sotto: your organization changed its settings meanwhile; they count from the next start');
  for (const { path, kept } of report.conflicts)
    say(host, `sotto: both sides changed ${path}; the agent's version is in ${kept}`);
  for (const problem of report.problems) {
    const { sentence, hint } = tellProblem(problem);
    say(host, `sotto: ${sentence}`);
    if (hint !== '') say(host, `hint: ${hint}`);
  }
  for (const { path, why } of report.held) say(host, `sotto: held, not applied: ${path} (${why})`);
  if (report.held.length > 0)
    say(host, 'hint: `sotto apply` lists what waits; with the session it shows and applies it');
  sayCommits(host, report.commits);
}

/** Commits that are on their own branch again need no word. */
function sayCommits(host: HostEnvironment, commits: WritebackReport['commits']): void {
  for (const { branch, onto } of commits?.branches ?? [])
    if (onto !== branch) say(host, `sotto: commits made on ${branch} are on ${onto}`);
  for (const { tag, as } of commits?.tags ?? []) if (as !== tag) say(host, `sotto: tag ${tag} is ${as}`);
  for (const { path, code } of commits?.doubts ?? []) say(host, `sotto: in a commit: ${path}: ${code}`);
  if (commits?.failed) say(host, 'sotto: commits made inside did not come back; their files are in the work tree');
}

/** Tidies up after sessions that died, and says what they had under way. */
export function sayRecovered(host: HostEnvironment, sessions: string): void {
  for (const { session, paths, removed, held } of recover(sessions)) {
    say(
      host,
      `sotto: session ${session} ended without being able to finish; half-written files removed: ${removed.length}`,
    );
    for (const path of paths.slice(0, SHOWN)) say(host, `sotto: the last change of ${path} may not have come back`);
    if (paths.length > SHOWN) say(host, `sotto: and of ${paths.length - SHOWN} more`);
    if (held > 0) say(host, `hint: \`sotto apply ${session}\` applies ${held} of its changes that wait for a yes`);
  }
}

/** Paths named one by one. */
const SHOWN = 10;

function say(host: HostEnvironment, line: string): void {
  // Names in it may have been made up inside.
  if (host.terminal) process.stderr.write(`${escapeForTerminal(line)}\n`);
}
