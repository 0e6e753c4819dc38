// The environment that a session is lent: an allowlist of names, and no value that looks like a secret. What the person's
// shell exports beside it (keys, tokens, sockets of agents) does not exist inside.
import type { HostEnvironment } from '../host/index.ts';
import { matchesName } from '../policy/index.ts';
import type { Scanner } from '../scan/index.ts';

/** Terminal, language and time: what programs need to draw and to sort. */
const ALWAYS = [
  ...[
    'TERM',
    'COLORTERM',
    'TERM_PROGRAM',
    'TERM_PROGRAM_VERSION',
    'NO_COLOR',
    'FORCE_COLOR',
    'CLICOLOR',
    'COLUMNS',
    'LINES',
  ],
  ...['LANG', 'LANGUAGE', 'LC_*', 'TZ', 'EDITOR', 'VISUAL', 'PAGER', 'LESS'],
  // Names of toolchains' own folders, which are lent with PATH.
  ...['PYENV_ROOT', 'PYENV_VERSION', 'NVM_BIN', 'RUSTUP_TOOLCHAIN', 'JAVA_HOME', 'GOROOT', 'VOLTA_HOME'],
];

export interface Lent {
  env: Record<string, string>;
  /** Names that the allowlist has but whose value holds a finding: not lent, and reported by name. */
  withheld: readonly string[];
}

/** Picks the variables that may go inside; `names` are policy's additions, `*` at the end matches any rest. */
export function lendEnvironment(
  host: HostEnvironment,
  names: readonly string[],
  scanner: Pick<Scanner, 'scanText'>,
): Lent {
  const allowed = [...ALWAYS, ...names];
  const env: Record<string, string> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(host.variables)) {
    if (!matchesName(name, allowed)) continue;
    if (scanner.scanText(`${name}=${value}`).length > 0) withheld.push(name);
    else env[name] = value;
  }
  return { env, withheld };
}
