// The live write-back: a thread watches both trees, one queue settles what it tells, in turns and never two at once.
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type AnchorOptions, openAnchor } from '../host/index.ts';
import { createPathRules, type Policy } from '../policy/index.ts';
import type { Vault } from '../redact/index.ts';
import { TEMP_PREFIX, type Workspace } from '../workspace/index.ts';
import { createBases } from './bases.ts';
import { createCarry } from './carried.ts';
import { bringCommits } from './commits/bring.ts';
import { cycle, type Turn } from './cycle.ts';
import type { Ground } from './ground.ts';
import { createGroup } from './group.ts';
import { createGuard } from './guard.ts';
import { createHeld } from './held.ts';
import { removeIfEmpty, saveHeld } from './held-file.ts';
import { openJournal } from './journal.ts';
import { look } from './look.ts';
import { createQueue } from './queue.ts';
import { createRecord, type WritebackEvent } from './record.ts';
import { conflict } from './resolve.ts';
import { prefixesOf, rawOf, scopeOf, textOf } from './scope.ts';
import { walk } from './walk.ts';
import { startWatcher } from './watcher.ts';
import type { Writeback, WritebackReport } from './writeback.ts';

export interface WritebackInput {
  workspace: Workspace;
  policy: Policy;
  vault: Vault;
  /** Private folder of this session's state; holds the journal and, at the end, changes that wait for a yes. */
  journal: string;
  onEvent?: (event: WritebackEvent) => void;
}

const QUIET_MS = 12;
const CAP_MS = 250;

/**
 * Starts syncing both ways. Call it before the session starts: what changes afterwards is seen.
 * The copy stays readable to it until {@link Writeback.stop}, even when the sandbox that mounted it is gone.
 */
export async function startWriteback(input: WritebackInput): Promise<Writeback> {
  const ground = layGround(input);
  const { workspace } = input;
  const queue = createQueue((paths) => turn(ground, input.journal, paths));
  // The thread may be blind before it is ready.
  let poll: NodeJS.Timeout | undefined;
  const watcher = await startWatcher(
    {
      bases: { inside: ground.inside.base, outside: ground.outside.base },
      scope: ground.scope,
      skip: withheldFolders(workspace),
      quietMs: QUIET_MS,
      capMs: CAP_MS,
    },
    { onPaths: queue.add, onSuspect: () => void walkBoth(), onBlind: lookEverySecond },
  );

  async function walkBoth(): Promise<void> {
    queue.add(await walk(ground, 'inside'));
    queue.add(await walk(ground, 'outside'));
  }

  function lookEverySecond(code: string): void {
    ground.record.problem('', 'writeback.watch', { hint: code });
    poll ??= setInterval(() => void walkBoth(), 1000).unref();
  }

  async function flush(): Promise<void> {
    await watcher.flush();
    await queue.drained();
  }

  async function stop(): Promise<WritebackReport> {
    clearInterval(poll);
    await flush();
    await watcher.stop();
    await queue.close();
    await finish(ground);
    const report = { ...reportOf(ground), ...(await bring(ground, input)) };
    saveHeld(ground, input.journal);
    ground.journal.remove();
    removeIfEmpty(input.journal);
    ground.inside.close();
    ground.outside.close();
    return report;
  }

  /** The next look at the path sees the change again, and lets it through. */
  async function allow(path: string, what: 'guarded' | 'secrets'): Promise<void> {
    const raw = rawOf(path);
    const entry = workspace.snapshot.get(raw);
    if (what === 'guarded') ground.held.allow(raw);
    else ground.welcome.add(raw);
    if (what === 'secrets' && entry?.kind === 'file') workspace.snapshot.set(raw, { ...entry, copy: '' });
    queue.add([raw]);
    await queue.drained();
  }

  return { flush, allow, stop };
}

/** One turn; what waits for a yes is on disk after it, so that it survives the wrapper. */
async function turn(ground: Ground, folder: string, paths: ReadonlySet<string>): Promise<Turn> {
  const { version } = ground.held;
  const done = await cycle(ground, paths);
  if (ground.held.version !== version) saveHeld(ground, folder);
  return done;
}

/**
 * Everything {@link startWriteback} works on, without the watching.
 * @param real options of the anchor in the real tree
 */
export function layGround(input: WritebackInput, real: AnchorOptions = {}): Ground {
  const { workspace, policy, vault } = input;
  const outside = openAnchor(workspace.root, real);
  const inside = openAnchor(workspace.path);
  const rules = createPathRules(policy);
  const isWithheld = (path: string) => workspace.snapshot.get(path)?.kind === 'withheld';
  return {
    inside,
    outside,
    workspace,
    vault,
    policy,
    scope: scopeOf(workspace, policy),
    closed: (path, isFolder) =>
      prefixesOf(path).some(isWithheld) || ['hide', 'ask'].includes(rules.decide(path, isFolder).decision),
    group: createGroup(),
    guard: createGuard(policy.writeback.guard),
    held: createHeld(input.onEvent),
    bases: createBases(),
    carry: createCarry(),
    journal: openJournal(input.journal, workspace.root, policy.writeback.fsync),
    record: createRecord(input.onEvent),
    welcome: new Set(),
    known: new Map(),
    startedNs: clockOf(inside),
  };
}

/** The copy's own clock: the ctime of a file made in it just now. */
function clockOf(inside: Ground['inside']): bigint {
  const probe = `${TEMP_PREFIX}clock`;
  inside.create(probe, { bytes: new Uint8Array(), mode: 0o600, fsync: false });
  const stats = inside.look(probe);
  inside.unlink(probe);
  if (stats === undefined) throw new Error('internal error: the copy lost a file at once');
  return stats.ctimeNs;
}

function withheldFolders(workspace: Workspace): string[] {
  return [...workspace.snapshot].filter(([, entry]) => entry.kind === 'withheld' && entry.folder).map(([path]) => path);
}

/** Commits made inside, brought into the real repository. */
async function bring({ inside, vault, policy, closed, guard, workspace }: Ground, { journal }: WritebackInput) {
  if (workspace.git === undefined) return {};
  const commits = await bringCommits({
    rebuilt: workspace.git,
    inside: `${inside.base}/.git`,
    session: basename(journal),
    vault,
    policy,
    closed: (path) => closed(path, false),
    guard,
  });
  return { commits };
}

const LAST_TURNS = 5;

/** The whole copy once more, a few times if it is still moving: nothing of the agent's may stay behind. */
export async function finish(ground: Ground): Promise<void> {
  let left: string[] = [];
  for (let turn = 0; turn < LAST_TURNS; turn++) {
    const { again, later } = await cycle(ground, await walk(ground, 'inside'), false);
    left = [...again, ...later];
    if (left.length === 0) return;
    await wait(QUIET_MS);
  }
  // What never came to rest is laid aside as it is now.
  for (const path of left) {
    const inside = look(ground, path, 'inside');
    if (inside.state.kind !== 'absent') await conflict(ground, path, inside);
  }
}

function reportOf({ record, held }: Ground): WritebackReport {
  return {
    changes: record.changes,
    conflicts: record.conflicts,
    problems: record.problems(),
    held: held.list().map(({ path, why }) => ({ path: textOf(path), why })),
  };
}
