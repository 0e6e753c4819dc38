import { homedir, hostname, userInfo } from 'node:os';

/** What the machine says of the person and the process, read once at the start. */
export interface HostEnvironment {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly cwd: string;
  readonly home: string;
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** Standard error is a terminal: a person may be told something. */
  readonly terminal: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads the machine's side: the only place that looks at the process's environment, platform and working directory. */
export function readEnvironment(): HostEnvironment {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) variables[name] = value;
  return Object.freeze({
    platform: process.platform,
    arch: process.arch,
    cwd: process.cwd(),
    home: variables.HOME || homedir(),
    user: userName(variables),
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    terminal: process.stderr.isTTY === true,
    variables: Object.freeze(variables),
  });
}

/** A uid without a passwd entry makes `os.userInfo` throw (containers started with a bare uid). */
function userName(variables: Readonly<Record<string, string>>): string {
  try {
    return userInfo().username;
  } catch {
    return variables.USER || 'user';
  }
}

/** The machine's own name. */
export function hostName(): string {
  return hostname();
}
