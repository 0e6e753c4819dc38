// The configuration of the repository inside: written from a list of keys that are known to be harmless, never copied. What runs
// a program (aliases, filters, hooks, editors, credential helpers) is not in the list.
import { readEnvironment } from '../../host/index.ts';
import type { Policy } from '../../policy/index.ts';
import { pseudonymOf, type TextRedactor } from './people.ts';
import type { Repository } from './repository.ts';
import { openGit } from './run.ts';

const PLAIN = new Set([
  'core.autocrlf',
  'core.eol',
  'core.safecrlf',
  'core.filemode',
  'core.symlinks',
  'core.ignorecase',
  'core.precomposeunicode',
  'core.whitespace',
  'diff.algorithm',
  'diff.renames',
  'merge.conflictstyle',
  'merge.ff',
  'pull.rebase',
  'pull.ff',
  'push.default',
  'rebase.autosquash',
  'rebase.autostash',
  'status.showuntrackedfiles',
  'init.defaultbranch',
]);

const PLAIN_VALUE = /^[\w.,*+-]{0,80}$/;

export type Settings = ReadonlyMap<string, readonly string[]>;

/** The settings that hold for the person in this repository, their own included; reading them runs nothing. */
export async function readSettings({ git, workTree }: Repository): Promise<Settings> {
  const { home, variables } = readEnvironment();
  const xdg = variables.XDG_CONFIG_HOME;
  const personal = openGit({ gitDir: git.folder, workTree, personal: { home, ...(xdg === undefined ? {} : { xdg }) } });
  const listed = await personal?.run(['config', '-z', '--list']);
  const settings = new Map<string, string[]>();
  for (const line of listed?.stdout.toString('latin1').split('\0') ?? []) {
    const end = line.indexOf('\n');
    const key = end < 0 ? line : line.slice(0, end);
    settings.set(key, [...(settings.get(key) ?? []), end < 0 ? 'true' : line.slice(end + 1)]);
  }
  return settings;
}

/** The text of the new `config` file (Latin-1). */
export function writeConfig(
  settings: Settings,
  format: Repository['format'],
  authors: Policy['git']['authors'],
  key: Uint8Array,
  redactor: TextRedactor,
): string {
  const sha256 = format === 'sha256';
  const lines: [string, string][] = [['core.repositoryformatversion', sha256 ? '1' : '0']];
  if (sha256) lines.push(['extensions.objectformat', 'sha256']);
  lines.push(['core.bare', 'false'], ['core.logallrefupdates', 'true'], ['gc.auto', '0']);
  for (const [name, values] of settings) {
    const value = values.at(-1) ?? '';
    if (PLAIN.has(name) && PLAIN_VALUE.test(value)) lines.push([name, value]);
    else lines.push(...remoteLines(name, value, redactor));
  }
  lines.push(...personLines(settings, authors, key, redactor));
  return lines.map(([name, value]) => formatLine(name, value)).join('');
}

const REMOTE = /^(remote|branch)\.([^\n\0]{1,200})\.(url|fetch|remote|merge|rebase)$/;

/** Remotes and what branches follow; the address without anything that lets somebody in. */
function remoteLines(name: string, value: string, redactor: TextRedactor): [string, string][] {
  const [, kind, , what] = REMOTE.exec(name) ?? [];
  if (kind === undefined) return [];
  if (kind === 'remote' && what === 'url') {
    const url = scrubUrl(value);
    return url === undefined ? [] : [[name, redactor.text(url, '.git')]];
  }
  if (kind === 'remote' && what === 'fetch')
    return /^\+?refs\/[^\s:]+:refs\/[^\s:]+$/.test(value) ? [[name, value]] : [];
  return kind === 'branch' && what !== 'url' && what !== 'fetch' && /^[^\n\0]{1,200}$/.test(value)
    ? [[name, value]]
    : [];
}

/** Keeps network addresses, without user and password, query and fragment; a local path is no concern of the session. */
export function scrubUrl(url: string): string | undefined {
  if (/^[\w.-]+@[\w.-]+:[^:?#\s]+$/.test(url)) return url;
  const [, scheme, , rest] = /^(https?|ssh|git):\/\/([^/@]*@)?([^?#\s]+)/.exec(url) ?? [];
  if (scheme === undefined || rest === undefined || rest.includes('@')) return undefined;
  return `${scheme}://${scheme === 'ssh' ? 'git@' : ''}${rest}`;
}

/** `Name <email>` of whom git takes the person for. */
export function personOf(settings: Settings): string | undefined {
  const name = settings.get('user.name')?.at(-1);
  const email = settings.get('user.email')?.at(-1);
  const clean = (text: string) => text.replace(/[<>\n]/g, '');
  return name === undefined || email === undefined ? undefined : `${clean(name)} <${clean(email)}>`;
}

function personLines(
  settings: Settings,
  authors: Policy['git']['authors'],
  key: Uint8Array,
  redactor: TextRedactor,
): [string, string][] {
  const name = settings.get('user.name')?.at(-1);
  const email = settings.get('user.email')?.at(-1);
  if (email === undefined) return [];
  if (authors === 'keep') {
    const own: [string, string][] = [['user.email', redactor.text(email, '.git')]];
    return name === undefined ? own : [...own, ['user.name', redactor.text(name, '.git')]];
  }
  const [, pseudonym = '', address = ''] = /^(.*) <(.*)>$/.exec(pseudonymOf(email, key)) ?? [];
  return [
    ['user.name', pseudonym],
    ['user.email', address],
  ];
}

/** One setting as a section of its own: `[remote "origin"]` and the key below. */
function formatLine(name: string, value: string): string {
  const first = name.indexOf('.');
  const last = name.lastIndexOf('.');
  const quoted = (text: string) => text.replace(/[\\"]/g, '\\$&');
  const section =
    first === last ? name.slice(0, first) : `${name.slice(0, first)} "${quoted(name.slice(first + 1, last))}"`;
  return `[${section}]\n\t${name.slice(last + 1)} = "${quoted(value)}"\n`;
}
