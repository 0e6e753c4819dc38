import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReportOptions, report } from '../../src/commands/report.ts';
import { createPaint } from '../../src/host/index.ts';
import { ledgerFolder, openLedger } from '../../src/ledger/index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function record(session: string, when = Date.now()) {
  const ledger = openLedger({ folder: ledgerFolder({ env: {}, home }), session });
  ledger.append({ kind: 'refused', host: 'evil.example', method: 'GET', path: '/', code: 'gateway.route', bytes: 0 });
  ledger.close();
  utimesSync(ledger.path, when / 1000, when / 1000);
  return ledger.path;
}

function run(session: string | undefined, options: ReportOptions = {}) {
  let out = '';
  const io = { out: (text: string) => (out += text), err: () => {}, terminal: false };
  const status = report({ home, variables: {} }, session, options, io, createPaint({}, {}));
  return { status, out };
}

describe('sotto report', () => {
  it('shows the newest session, or the one whose name begins so', () => {
    record('aaa-1', Date.now() - 10_000);
    record('bbb-2');
    expect(run(undefined).out).toContain('session bbb-2');
    expect(run('aaa').out).toContain('session aaa-1');
    expect(run('aaa').out).toContain('1 x GET evil.example/ [gateway.route]');
  });

  it.each(['nobody', '../aaa', ''])('refuses a session that is not there or not one: %j', (name) => {
    record('aaa-1');
    record('aaa-2');
    expect(() => run(name)).toThrow(expect.objectContaining({ code: 'ledger.not-found', exit: 2 }));
  });

  it('gives the same as data', () => {
    record('aaa');
    expect(JSON.parse(run('aaa', { json: true }).out)).toMatchObject({
      session: 'aaa',
      wire: { requests: 1 },
      verification: { closed: true },
    });
    expect(run('aaa', { html: true }).out).toMatch(/^<!doctype html>/);
    expect(JSON.parse(run(undefined, { list: true, json: true }).out)).toHaveLength(1);
  });

  it('checks every ledger and fails when one was changed', () => {
    record('aaa');
    const path = record('bbb');
    expect(run(undefined, { check: true })).toMatchObject({ status: 0 });
    writeFileSync(path, readFileSync(path, 'utf8').replace('evil.example', 'good.example'));
    const { status, out } = run(undefined, { check: true });
    expect(status).toBe(1);
    expect(out).toMatch(/bbb: NOT WHOLE: line 2/);
    expect(run('aaa', { check: true }).status).toBe(0);
  });

  it('checks against the key of another installation, which that one prints', () => {
    const path = record('aaa');
    const key = run(undefined, { publicKey: true }).out.trim();
    rmSync(join(path, '../../key'));
    expect(run('aaa', { check: true }).status).toBe(1);
    expect(run('aaa', { check: true, key }).status).toBe(0);
  });

  it('removes whole old ledgers, and only those', () => {
    record('old', Date.now() - 40 * 86_400_000);
    record('new');
    expect(run(undefined, { prune: 30 }).out).toContain('removed 1 ledger older');
    expect(
      JSON.parse(run(undefined, { list: true, json: true }).out).map((one: { session: string }) => one.session),
    ).toEqual(['new']);
  });

  it('lists nothing where nothing was recorded', () => {
    expect(run(undefined, { list: true })).toEqual({ status: 0, out: '' });
    expect(() => run(undefined)).toThrow(expect.objectContaining({ code: 'ledger.not-found' }));
  });
});
