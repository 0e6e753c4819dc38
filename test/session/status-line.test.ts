import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/host/index.ts';
import { STATUS_FILE, statusLine, statusText } from '../../src/session/status-line.ts';

const REPORT = {
  hidden: [{ path: '.env', pattern: '.env', source: 'built-in:env' }],
  redacted: { 'generic.password': 12, 'acme.badge': 2 },
};

/** Runs a status line's command as Claude Code does: in a shell, with JSON on its input. */
async function shown(own: unknown) {
  const file = join(mkdtempSync(join(tmpdir(), 'sotto-status-')), 'status');
  writeFileSync(file, statusText(REPORT, { organizationName: 'acme', plan: 'enterprise' }));
  const { command } = statusLine(own) as { command: string };
  const env = { PATH: '/usr/bin:/bin' };
  return run('sh', ['-c', command.replace(STATUS_FILE, file)], { env, input: '{"model":"x"}' });
}

describe('the status line', () => {
  it('says what the session is', async () => {
    expect((await shown(undefined)).stdout).toBe('sotto: 1 hidden, 14 redacted, incognito, acme (enterprise)\n');
  });

  it.each([
    ['cat', '{"model":"x"}'],
    ['cat # with a comment', '{"model":"x"}'],
    ['/nowhere/status.sh', ''],
  ])('keeps a status line of the person’s own, %j, with its input', async (command, output) => {
    const { stdout } = await shown({ type: 'command', command, padding: 2 });
    expect(stdout).toBe(`sotto: 1 hidden, 14 redacted, incognito, acme (enterprise)\n${output}`);
    expect(statusLine({ type: 'command', command, padding: 2 })).toMatchObject({ type: 'command', padding: 2 });
  });

  it('lets no name of an account drive the terminal', () => {
    expect(statusText(REPORT, { organizationName: 'a\x1b]0;x\x07\nb' })).toBe(
      'sotto: 1 hidden, 14 redacted, incognito, a\\u{1b}]0;x\\u{7}\\u{a}b\n',
    );
  });
});
