// Git on the host, in a repository whose configuration may be hostile: nothing that a configuration names is run. No hooks, no
// file system monitor, no pager, no transport of any kind (a partial clone would fetch what is missing), no replace
// refs or grafts; and only plumbing that never looks at the work tree's content, so that no filter or text conversion starts.
import { locate, type Piped, pipe, readEnvironment, runBytes, toolPath } from '../../host/index.ts';

const DEFUSED = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.sshCommand=false',
  'core.gitProxy=false',
  'core.askPass=false',
  'core.pager=cat',
  'credential.helper=',
  'protocol.allow=never',
  'core.quotePath=false',
  'safe.directory=*',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.graftFileDeprecated=false',
].flatMap((setting) => ['-c', setting]);

const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  // Beats every `protocol.*.allow` of a configuration; there is no protocol of this name.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_OPTIONAL_LOCKS: '0',
};

/** One repository and how git is run for it. */
export interface Git {
  readonly folder: string;
  /** Runs a command to its end. */
  run(
    args: readonly string[],
    input?: Uint8Array | string,
  ): Promise<{ exitCode: number; stdout: Buffer; stderr: string }>;
  /** Starts a command that is written to and read from meanwhile. */
  pipe(args: readonly string[]): Piped;
}

export interface GitPlace {
  /** The repository's folder (`.git`). */
  gitDir: string;
  /** Its work tree, where a command needs one. */
  workTree?: string;
  indexFile?: string;
  /** Folder of the objects of another repository, which are read as if they were here. */
  borrowed?: string;
  /** With the person's own configuration as well: for reading settings only. */
  personal?: { home: string; xdg?: string };
}

/** Git for one repository; undefined when there is no git program on this machine. */
export function openGit({ gitDir, workTree, indexFile, borrowed, personal }: GitPlace): Git | undefined {
  const program = gitProgram();
  if (program === undefined) return undefined;
  const { GIT_CONFIG_GLOBAL, ...rest } = ENVIRONMENT;
  const env = {
    ...rest,
    ...(personal === undefined ? { GIT_CONFIG_GLOBAL } : { HOME: personal.home }),
    ...(personal?.xdg === undefined ? {} : { XDG_CONFIG_HOME: personal.xdg }),
    PATH: toolPath(undefined),
    GIT_DIR: gitDir,
    ...(workTree === undefined ? {} : { GIT_WORK_TREE: workTree }),
    ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
    ...(borrowed === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(borrowed) }),
  };
  const options = { env, cwd: workTree ?? '/' };
  return {
    folder: gitDir,
    run: (args, input) =>
      runBytes(program, [...DEFUSED, ...args], { ...options, ...(input === undefined ? {} : { input }) }),
    pipe: (args) => pipe(program, [...DEFUSED, ...args], options),
  };
}

/** In quotes, because a colon would end the path. */
const quoted = (path: string) => `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;

/** The system's git before one from PATH: PATH may begin with a folder of the project (`npm run` puts one there). */
function gitProgram(): string | undefined {
  return locate('git', toolPath(undefined)) ?? locate('git', readEnvironment().variables.PATH ?? '');
}
