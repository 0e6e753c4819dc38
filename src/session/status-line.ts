// One line in Claude Code's status line that says what the session is. A status line of the person's or the organisation's own
// keeps running below it, inside the sandbox like everything else.
import { writeFileSync } from 'node:fs';
import type { Account, Settings } from '../account/index.ts';
import { escapeForTerminal } from '../host/index.ts';
import type { Vault } from '../redact/index.ts';
import type { WorkspaceReport } from '../workspace/index.ts';

/** Where the line stands inside. */
export const STATUS_FILE = '/run/sotto/status';

/**
 * `sotto: 3 hidden, 14 redacted, incognito, acme (enterprise)`: counts and the account, on one line.
 * @param onWire secrets that stand in no file of the copy and were redacted on their way out: typed, pasted, or printed by a program
 */
export function statusText(report: Pick<WorkspaceReport, 'hidden' | 'redacted'>, account: Account, onWire = 0): string {
  const redacted = Object.values(report.redacted).reduce((sum, count) => sum + count, 0);
  const { organizationName, plan } = account;
  const who = [organizationName ?? '', plan === undefined ? '' : `(${plan})`].filter((part) => part !== '').join(' ');
  const wire = onWire === 0 ? [] : [`${onWire} kept out of the prompt`];
  const parts = [
    `${report.hidden.length} hidden`,
    `${redacted} redacted`,
    ...wire,
    'incognito',
    ...(who === '' ? [] : [who]),
  ];
  return `sotto: ${escapeForTerminal(parts.join(', '))}\n`;
}

/**
 * Keeps the line true while the session runs: a secret that was typed or pasted is named in it at the next redraw, as a count.
 * @param file the line's file as the wrapper reaches it
 */
export function keepStatus(
  file: string,
  report: Pick<WorkspaceReport, 'hidden' | 'redacted'>,
  account: Account,
  vault: Pick<Vault, 'entries'>,
): () => void {
  let shown = 0;
  return () => {
    const onWire = [...vault.entries()].filter(({ origins }) => origins.size === 1 && origins.has('prompt')).length;
    if (onWire === shown) return;
    shown = onWire;
    writeFileSync(file, statusText(report, account, onWire));
  };
}

/** The setting that shows it. @param own the status line that would be shown otherwise */
export function statusLine(own: unknown): Settings {
  const { type, command, ...look } = (own ?? {}) as Settings;
  const ours = `cat ${STATUS_FILE}`;
  // A command of its own line: whatever it ends with, a comment say, ends there. Its input is still Claude Code's JSON.
  const both = type === 'command' && typeof command === 'string' ? `${ours}\n${command}\n` : ours;
  return { ...look, type: 'command', command: both };
}
