// `permissions.deny` rules of Claude Code's settings, read as hide. `Read(...)` takes gitignore patterns with four anchors:
// `//absolute`, `~/home`, `/relative to the settings' own project`, and anything else relative to the working directory.
// Source: https://code.claude.com/docs/en/permissions
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../errors/index.ts';
import { readFileText } from './file-text.ts';
import type { PathRule } from './policy.ts';

const settingsSchema = z.object({
  permissions: z
    .object({ deny: z.array(z.unknown()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export interface ClaudeSettingsInput {
  /** Real path of the project. */
  root: string;
  home: string;
  systemFolder?: string;
  /** What the organisation manages on the server, as JSON. */
  serverSettings?: string;
  /** Do the project's own settings count? */
  project: boolean;
}

/** Reads the deny rules of every settings file that would count in the project. @throws Refusal `policy.unreadable`, `policy.too-big` */
export async function readClaudeDenyRules(input: ClaudeSettingsInput): Promise<PathRule[]> {
  const { root, home } = input;
  const own = ['settings.json', 'settings.local.json'].map((name) => ({
    path: join(root, '.claude', name),
    shown: `.claude/${name}`,
    within: root,
  }));
  const files = [
    {
      path: join(input.systemFolder ?? '/etc', 'claude-code', 'managed-settings.json'),
      shown: 'managed-settings.json',
    },
    { path: join(home, '.claude', 'settings.json'), shown: '~/.claude/settings.json' },
    ...(input.project ? own : []),
  ];
  const rules = await Promise.all(files.map((file) => readRules(file, root, home)));
  const { serverSettings } = input;
  const served = serverSettings === undefined ? [] : rulesOf(serverSettings, 'server-managed settings', root, home);
  return [...served, ...rules.flat()];
}

async function readRules(
  { path, shown, within }: { path: string; shown: string; within?: string },
  root: string,
  home: string,
): Promise<PathRule[]> {
  const text = await readFileText(path, shown, { within });
  return text === undefined ? [] : rulesOf(text, shown, root, home);
}

function rulesOf(text: string, shown: string, root: string, home: string): PathRule[] {
  return denyEntries(text, shown).flatMap((entry) => {
    const rule = toRule(entry, root, home);
    return rule === undefined
      ? []
      : [{ ...rule, decision: 'hide', source: `${shown}:${lineOf(text, entry)}`, list: shown }];
  });
}

function denyEntries(text: string, shown: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Refusal('policy.unreadable', { file: shown, problem: 'it is not JSON, so its deny rules are unknown' });
  }
  const settings = settingsSchema.safeParse(parsed);
  const deny = settings.success ? settings.data.permissions?.deny : undefined;
  return (deny ?? []).filter((entry) => typeof entry === 'string');
}

/** The path rule that a `Read(...)` entry stands for; undefined for other tools' entries and for the bare tool. */
export function toRule(
  entry: string,
  root: string,
  home: string,
): Pick<PathRule, 'pattern' | 'base' | 'above'> | undefined {
  const pattern = /^Read\((.+)\)$/s.exec(entry.trim())?.[1]?.trim();
  // A `!` would take back what others hide; Claude Code gives it no meaning here.
  if (pattern === undefined || pattern.startsWith('!')) return undefined;
  if (pattern.startsWith('//')) return absolute(pattern.slice(1), root);
  if (pattern === '~' || pattern.startsWith('~/')) return absolute(quoteGlob(home) + pattern.slice(1), root);
  if (pattern.startsWith('./')) return { pattern: pattern.slice(1), base: '' };
  return { pattern, base: '' };
}

/** A pattern from the root of the file system, as seen from the project. */
function absolute(pattern: string, root: string): Pick<PathRule, 'pattern' | 'base' | 'above'> {
  const above = Buffer.from(root.slice(1)).toString('latin1');
  return above === '' || !isAbsolute(root) ? { pattern, base: '' } : { pattern, base: '', above };
}

const quoteGlob = (path: string) => path.replace(/[\\*?[]/g, '\\$&');

function lineOf(text: string, entry: string): number {
  const at = text.indexOf(JSON.stringify(entry));
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
