import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, readLedger, verifyLedger } from '../../src/ledger/index.ts';

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ledger-'));
  folder = join(home, 'sotto', 'ledger');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('openLedger', () => {
  it('writes each event as a line of its own, in order, readable at once', () => {
    const ledger = openLedger({ folder, session: 'one', now: () => new Date('2026-01-02T03:04:05Z') });
    ledger.append({ kind: 'request', host: 'api.example.com', bytes: 12, findings: { 'a.key': 1 } });
    expect(readLedger(ledger.path).map((entry) => [entry.seq, entry.kind])).toEqual([
      [0, 'ledger.open'],
      [1, 'request'],
    ]);
    ledger.close();
    ledger.close();
    const entries = readLedger(ledger.path);
    expect(entries.at(-1)).toMatchObject({
      seq: 2,
      kind: 'ledger.close',
      entries: 3,
      time: '2026-01-02T03:04:05.000Z',
    });
    expect(verifyLedger(ledger.path)).toEqual({ entries: 3, closed: true });
  });

  it('keeps folder, files and key from everybody else, also where the folder stood open', () => {
    mkdirSync(folder, { recursive: true, mode: 0o777 });
    chmodSync(folder, 0o777);
    const ledger = openLedger({ folder, session: 'one' });
    ledger.close();
    expect(mode(folder)).toBe('700');
    expect(['ledger/one.jsonl', 'ledger/one.head', 'key'].map((file) => mode(join(home, 'sotto', file)))).toEqual([
      '600',
      '600',
      '600',
    ]);
  });

  it('signs with one key for all sessions of an installation', () => {
    const first = openLedger({ folder, session: 'one' });
    const second = openLedger({ folder, session: 'two' });
    expect(readLedger(first.path)[0]?.key).toBe(readLedger(second.path)[0]?.key);
  });

  it.each([
    { description: 'a folder that is a link', make: () => linkedFolder(), code: 'ledger.folder' },
    { description: 'a file where the folder should be', make: () => fileAsFolder(), code: 'ledger.write' },
    { description: 'a session that was recorded before', make: () => takenName(), code: 'ledger.write' },
    { description: 'a key that others can read', make: () => openKey(), code: 'ledger.key' },
    { description: 'a key that is none', make: () => brokenKey(), code: 'ledger.key' },
  ])('refuses $description', ({ make, code }) => {
    make();
    expect(() => openLedger({ folder, session: 'one' })).toThrow(expect.objectContaining({ code }));
  });

  it('does not follow a link laid in wait under the name of the ledger', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(home, 'bait'), 'bait');
    symlinkSync(join(home, 'bait'), join(folder, 'one.jsonl'));
    expect(() => openLedger({ folder, session: 'one' })).toThrow(expect.objectContaining({ code: 'ledger.write' }));
    expect(readFileSync(join(home, 'bait'), 'utf8')).toBe('bait');
  });

  it('refuses to append once it is closed', () => {
    const ledger = openLedger({ folder, session: 'one' });
    ledger.close();
    expect(() => ledger.append({ kind: 'request' })).toThrow(expect.objectContaining({ code: 'ledger.write' }));
  });

  it.each(['seq', 'time', 'prev', 'sig'])('refuses an event that brings its own %s', (field) => {
    const ledger = openLedger({ folder, session: 'one' });
    expect(() => ledger.append({ kind: 'request', [field]: 1 })).toThrow('internal error');
  });

  it('passes every string and field name through the given cleaning, however deep', () => {
    const secret = ['s', '3cret'].join('');
    const clean = (text: string) => text.replaceAll(secret, 'REDACTED_x_00000000');
    const ledger = openLedger({ folder, session: 'one', clean });
    ledger.append({ kind: 'refused', path: `/q?k=${secret}`, list: [{ [secret]: secret }] });
    const text = readFileSync(ledger.path, 'utf8');
    expect(text).not.toContain(secret);
    expect(text.match(/REDACTED_x_00000000/g)).toHaveLength(3);
    expect(verifyLedger(ledger.path).problem).toBeUndefined();
  });

  it('bounds what one event can write', () => {
    const ledger = openLedger({ folder, session: 'one' });
    ledger.append({ kind: 'refused', path: 'x'.repeat(1e6), list: Array.from({ length: 1e5 }, () => 1) });
    expect(statSync(ledger.path).size).toBeLessThan(5000);
    expect(readLedger(ledger.path)[1]?.path).toMatch(/x… 998976 more$/);
  });

  it('writes no byte that drives a terminal', () => {
    const ledger = openLedger({ folder, session: 'one' });
    const wild = '\u001b]52;c;x\u0007 \u009b31m \u202e \u200b \u2028 \ud800 \u007f é';
    ledger.append({ kind: 'refused', path: wild });
    expect(readFileSync(ledger.path, 'utf8')).not.toMatch(/[^\n\x20-\x7eé]/);
    expect(readLedger(ledger.path)[1]?.path).toBe(wild);
    expect(verifyLedger(ledger.path).problem).toBeUndefined();
  });
});

describe('a full disk', () => {
  it.skipIf(process.getuid?.() !== 0)('refuses, leaves no half line, and goes on once there is room', () => {
    const small = join(home, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', small]);
    try {
      const ledger = openLedger({ folder: join(small, 'ledger'), session: 'one' });
      const event = { kind: 'refused', path: 'x'.repeat(900) };
      const fill = () => {
        for (let i = 0; i < 200; i++) ledger.append(event);
      };
      writeFileSync(join(small, 'ballast'), Buffer.alloc(24_000));
      expect(fill).toThrow(expect.objectContaining({ code: 'ledger.write', args: expect.anything() }));
      expect(readFileSync(ledger.path, 'utf8')).toMatch(/\n$/);
      rmSync(join(small, 'ballast'));
      ledger.append(event);
      expect(verifyLedger(ledger.path).problem).toBeUndefined();
    } finally {
      execFileSync('umount', ['-l', small]);
    }
  });
});

function linkedFolder() {
  mkdirSync(join(home, 'elsewhere'));
  mkdirSync(join(home, 'sotto'));
  symlinkSync(join(home, 'elsewhere'), folder);
}

function fileAsFolder() {
  mkdirSync(join(home, 'sotto'));
  writeFileSync(folder, '');
}

function takenName() {
  openLedger({ folder, session: 'one' }).close();
}

function openKey() {
  takenName();
  chmodSync(join(home, 'sotto', 'key'), 0o644);
}

function brokenKey() {
  mkdirSync(join(home, 'sotto'));
  writeFileSync(join(home, 'sotto', 'key'), 'nothing', { mode: 0o600 });
}
