// The rehearsal as a table for people. Codes, counts and our own words; nothing that came back from a file.
import type { Rehearsal } from '../rehearsal/index.ts';

const MARK = { held: 'held', leaked: 'LEAKED', 'not-applicable': 'n/a' } as const;

/** The table of `sotto verify`. */
export function rehearsalTable(rehearsal: Rehearsal): string {
  const { attempts, wire, edit, versions } = rehearsal;
  const rows = attempts.map(({ tool, tries, outcome, why }) => [MARK[outcome], tool, tries, why]);
  const sent = wire.rows.map(({ verdict, count, method, host, path }) => [
    verdict,
    `${count} x`,
    method,
    `${host}${path}`,
  ]);
  return [
    'What Claude Code was told to try, and what came back',
    ...columns(rows),
    '',
    `On the wire: ${wire.requests} requests, ${wire.bytes} bytes, ${wire.secretBytes} bytes of any secret`,
    ...columns(sent),
    `Ledger: ${wire.ledger ? 'whole, signatures hold' : 'BROKEN'}`,
    ...wire.failures.map((failure) => `A session failed: ${failure}`),
    '',
    'What it edited, in the real tree',
    ...columns(Object.entries(edit).map(([what, holds]) => [holds ? 'yes' : 'NO', EDIT[what as keyof typeof EDIT]])),
    '',
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    rehearsal.holds ? 'Everything held.' : 'Something did not hold.',
    '',
  ].join('\n');
}

const EDIT = {
  landed: 'the edit of a redacted file landed',
  live: 'while the session was running',
  restored: 'with every secret as it was',
  hiddenKept: 'a hidden file was not overwritten',
  created: 'a new file came out',
  removed: 'a removed file is gone',
  renamed: 'a renamed file is renamed',
  mode: 'a changed mode is changed',
} as const;

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd());
}
