import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, verifyLedger } from '../../src/ledger/index.ts';

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ledger-'));
  const ledger = openLedger({ folder: join(home, 'ledger'), session: 'one' });
  for (let i = 0; i < 5; i++) ledger.append({ kind: 'request', host: 'api.example.com', bytes: i });
  ledger.close();
  path = ledger.path;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const lines = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const write = (list: readonly string[]) => writeFileSync(path, `${list.join('\n')}\n`);
const head = () => readFileSync(path.replace('.jsonl', '.head'), 'utf8');

describe('verifyLedger', () => {
  it('finds nothing in a ledger as it was written', () => {
    expect(verifyLedger(path)).toEqual({ entries: 7, closed: true });
  });

  it('accepts every line only as it is: each changed byte of the file is noticed', () => {
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at] === 0x20 ? 0x21 : (changed[at] as number) ^ 1;
      writeFileSync(path, changed);
      expect(verifyLedger(path).problem, `byte ${at}`).toBeDefined();
    }
  });

  it.each([
    {
      description: 'a line removed',
      edit: (l: string[]) => l.toSpliced(3, 1),
      problem: { line: 4, code: 'broken-chain' },
    },
    { description: 'two lines exchanged', edit: swap, problem: { line: 3, code: 'broken-chain' } },
    {
      description: 'a line twice',
      edit: (l: string[]) => l.toSpliced(3, 0, l[2]!),
      problem: { line: 4, code: 'broken-chain' },
    },
    {
      description: 'a line after the closing one',
      edit: (l: string[]) => [...l, l[6]!],
      problem: { line: 8, code: 'broken-chain' },
    },
    { description: 'the end cut off', edit: (l: string[]) => l.slice(0, 4), problem: { line: 5, code: 'cut-short' } },
    { description: 'the beginning cut off', edit: (l: string[]) => l.slice(1), problem: { line: 1, code: 'no-start' } },
    {
      description: 'a space more',
      edit: (l: string[]) => l.with(2, `${l[2]} `),
      problem: { line: 3, code: 'not-canonical' },
    },
    { description: 'a key written twice', edit: doubled, problem: { line: 3, code: 'not-canonical' } },
    { description: 'a number changed', edit: changed, problem: { line: 4, code: 'bad-signature' } },
    {
      description: 'an empty line',
      edit: (l: string[]) => l.toSpliced(2, 0, ''),
      problem: { line: 3, code: 'not-json' },
    },
    { description: 'nothing left', edit: () => [], problem: { line: 1, code: 'no-start' } },
  ])('tells of $description', ({ edit, problem }) => {
    write(edit(lines()));
    expect(verifyLedger(path).problem).toEqual(problem);
  });

  it('tells of a last line without an end', () => {
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -1));
    expect(verifyLedger(path).problem).toEqual({ line: 7, code: 'torn' });
  });

  it('tells of a missing head, and of a head made up without the key', () => {
    const hash = createHash('sha256').update(lines()[3]!).digest('hex');
    const forged = `${'3'.padStart(16, '0')} ${hash} ${head().slice(-89)}`;
    writeFileSync(path.replace('.jsonl', '.head'), forged);
    write(lines().slice(0, 4));
    expect(verifyLedger(path).problem?.code).toBe('no-head');
    rmSync(path.replace('.jsonl', '.head'));
    expect(verifyLedger(path).problem?.code).toBe('no-head');
  });

  it('tells of a ledger that somebody wrote anew under a key of his own', () => {
    const other = openLedger({ folder: join(home, 'other', 'ledger'), session: 'one' });
    other.close();
    for (const end of ['.jsonl', '.head']) {
      writeFileSync(path.replace('.jsonl', end), readFileSync(other.path.replace('.jsonl', end)));
    }
    expect(verifyLedger(path).problem).toEqual({ line: 1, code: 'other-key' });
  });

  it('checks against a given key where the installation is another machine', () => {
    const key = (JSON.parse(lines()[0]!) as { key: string }).key;
    rmSync(join(home, 'key'));
    expect(verifyLedger(path).problem?.code).toBe('other-key');
    expect(verifyLedger(path, key)).toEqual({ entries: 7, closed: true });
    const stranger = generateKeyPairSync('ed25519')
      .publicKey.export({ type: 'spki', format: 'der' })
      .toString('base64');
    expect(verifyLedger(path, stranger).problem?.code).toBe('other-key');
  });

  it('calls a ledger whole but not closed when its writer was killed, also between a line and its head', () => {
    const folder = join(home, 'ledger');
    const ledger = openLedger({ folder, session: 'two' });
    ledger.append({ kind: 'request' });
    const before = readFileSync(join(folder, 'two.head'));
    ledger.append({ kind: 'request' });
    expect(verifyLedger(ledger.path)).toEqual({ entries: 3, closed: false });
    writeFileSync(join(folder, 'two.head'), before);
    expect(verifyLedger(ledger.path)).toEqual({ entries: 3, closed: false });
  });
});

function swap(list: string[]): string[] {
  return list.with(2, list[3]!).with(3, list[2]!);
}

function doubled(list: string[]): string[] {
  return list.with(2, list[2]!.replace('"bytes":1', '"bytes":1,"bytes":1'));
}

function changed(list: string[]): string[] {
  return list.with(3, list[3]!.replace('"bytes":2', '"bytes":3'));
}
