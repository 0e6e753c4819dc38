// The files of the user's own Claude Code, outside the sandbox. They are read, never written.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';

export type Settings = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where an organisation puts its settings on Linux and WSL (Claude Code's manual, "managed settings"). */
export const MANAGED_FOLDER = '/etc/claude-code';

/** Claude Code's configuration folder: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function clientFolder(input: { env: Environment; home: string }): string {
  return input.env.CLAUDE_CONFIG_DIR || join(input.home, '.claude');
}

/** Claude Code's state file: `.claude.json` in the home, or in the configuration folder when that was moved. */
export function clientStateFile(input: { env: Environment; home: string }): string {
  return join(input.env.CLAUDE_CONFIG_DIR || input.home, '.claude.json');
}

/** Claude Code's state outside; empty when it never ran. Throws a refusal `account.file` when it is broken. */
export function readClientState(input: { env: Environment; home: string }): Settings {
  return readJson(clientStateFile(input)) ?? {};
}

/** The user's own settings; empty when there are none. Throws a refusal `account.file` when they are broken. */
export function readUserSettings(input: { env: Environment; home: string }): Settings {
  return readJson(join(clientFolder(input), 'settings.json')) ?? {};
}

/**
 * The organisation's settings: the file, then the drop-ins in order, as Claude Code merges them. Throws refusals: `account.file` for a
 * broken one, `account.policy-helper` where a program computes them: going on without its answer would drop the organisation's rules.
 */
export function readManagedSettings(folder: string = MANAGED_FOLDER): Settings {
  const dropIns = join(folder, 'managed-settings.d');
  const names = existsSync(dropIns) ? readdirSync(dropIns).filter((name) => /^[^.].*\.json$/.test(name)) : [];
  const files = [join(folder, 'managed-settings.json'), ...names.sort().map((name) => join(dropIns, name))];
  const settings = files.map((file) => readJson(file) ?? {}).reduce(mergeSettings, {});
  if (settings.policyHelper !== undefined) throw new Refusal('account.policy-helper', { folder });
  return settings;
}

/** Merges as Claude Code does: objects by key, lists joined, anything else taken from `over`. */
export function mergeSettings(under: Settings, over: Settings): Settings {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) merged[name] = mergeValue(merged[name], value);
  return merged;
}

function mergeValue(under: unknown, over: unknown): unknown {
  if (Array.isArray(under) && Array.isArray(over)) return [...new Set([...under, ...over])];
  return isObject(under) && isObject(over) ? mergeSettings(under, over) : over;
}

/** What Claude Code would see outside: its settings' `env` beats the shell's, the organisation's beats the user's. */
export function clientEnvironment(env: Environment, ...settings: readonly Settings[]): Environment {
  return Object.assign({}, env, ...settings.map((one) => stringsOf(one.env)));
}

/** The `env` of settings; values of other kinds as their text, as in Claude Code. */
export function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

/** A JSON object from a file; undefined when there is no file. Throws a refusal `account.file`, without what stands in it. */
export function readJson(path: string): Settings | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    // Not passed on as a cause: the message of a JSON error quotes the file.
    throw new Refusal('account.file', { path, why: code ?? 'not JSON' });
  }
  if (!isObject(value)) throw new Refusal('account.file', { path, why: 'not a JSON object' });
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
