import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/commands/apply.ts';
import { createPaint } from '../../src/host/index.ts';
import { startWriteback } from '../../src/writeback/index.ts';
import { folder, GUARD, read, ready, secret } from '../writeback/session.ts';

const paint = createPaint({ isTTY: false }, {});

/** A finished session `20260101T000000-abc` with two changes that wait, and the command over it. */
async function waiting() {
  const home = folder();
  const at = await ready({ '.envrc': `KEY=${secret()}\n`, Makefile: 'all:\n' }, {}, { guard: GUARD });
  const journal = join(home, '.local/state/sotto/sessions/20260101T000000-abc');
  mkdirSync(journal, { recursive: true });
  const writeback = await startWriteback({ ...at.input, journal });
  writeFileSync(join(at.copy, '.envrc'), `\x1b[31mB=2\n${read(at.copy, '.envrc')}`);
  writeFileSync(join(at.copy, 'Makefile'), 'all:\n\tls\n');
  await writeback.stop();
  const said = { out: '', err: '' };
  const io = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text), terminal: false };
  const run = (session?: string, paths: string[] = [], options = {}) =>
    apply({ home, variables: {} }, session, paths, options, io as never, paint);
  return { ...at, run, said, journal };
}

describe('sotto apply', () => {
  it('lists what waits', async () => {
    const { run, said } = await waiting();
    expect(run()).toBe(0);
    expect(said.out).toBe('20260101T000000-abc  2 changes\n');
  });

  it('shows a diff without secrets or live escapes, and changes nothing', async () => {
    const { run, said, root } = await waiting();
    expect(run('2026', [], { show: true })).toBe(0);
    expect(said.out).toContain('+ \\u{1b}[31mB=2\n  KEY=REDACTED_');
    expect(said.out).toContain('+ \\u{9}ls');
    expect(said.out).not.toContain(secret());
    expect(read(root, 'Makefile')).toBe('all:\n');
  });

  it('applies one path, then the rest, and then nothing is left', async () => {
    const { run, said, root, journal } = await waiting();
    expect(run('2026', ['Makefile'])).toBe(0);
    expect(read(root, 'Makefile')).toBe('all:\n\tls\n');
    expect(read(root, '.envrc')).toBe(`KEY=${secret()}\n`);
    expect(run('2026')).toBe(0);
    expect(read(root, '.envrc')).toBe(`\x1b[31mB=2\nKEY=${secret()}\n`);
    expect(said.out).toBe('applied Makefile\napplied .envrc\n');
    expect(existsSync(journal)).toBe(false);
  });

  it('says what it could not apply, keeps it, and exits with 1', async () => {
    const { run, said, root } = await waiting();
    writeFileSync(join(root, 'Makefile'), 'mine');
    expect(run('2026')).toBe(1);
    expect(said.out).toContain('not applied, the real tree has changed since: Makefile');
    expect(read(root, 'Makefile')).toBe('mine');
    expect(run('2026', [], { drop: true })).toBe(0);
    expect(said.out).toContain('dropped 1');
    said.out = '';
    run();
    expect(said.out).toBe('nothing waits for a yes\n');
  });

  it('refuses a session that does not exist', async () => {
    const { run } = await waiting();
    expect(() => run('1999')).toThrow('session 1999 has no changes that wait for a yes');
  });
});
