// The threat model is checked like code: every known attack is answered, every file it names is there, and what it calls held has a test.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/host/index.ts';

const STATES = ['held', 'partly', 'not yet', 'not ours'];

const text = readFileSync(join(packageRoot(), 'THREAT_MODEL.md'), 'utf8');
const rows = text
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^\d+$/.test(cells[1] ?? ''))
  .map(([, number, threat, state, defence, files]) => ({
    number: Number(number),
    threat,
    state,
    defence,
    files: files ?? '',
  }));

const filesOf = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

describe('the threat model', () => {
  it('answers each of the 69 known attacks once, in order', () => {
    expect(rows.map((row) => row.number)).toEqual(Array.from({ length: 69 }, (_, index) => index + 1));
  });

  it.each(rows)('item $number has a state, a defence and files that exist', ({ threat, state, defence, files }) => {
    expect(STATES).toContain(state);
    expect(threat).not.toBe('');
    expect(defence).not.toBe('');
    for (const file of filesOf(files)) expect(existsSync(join(packageRoot(), file)), file).toBe(true);
  });

  it.each(
    rows.filter((row) => row.state === 'held' || row.state === 'partly'),
  )('item $number names the code that holds it, and a test when it is held', ({ state, files }) => {
    const named = filesOf(files);
    expect(named.some((file) => file.startsWith('src/') || file.startsWith('patterns/'))).toBe(true);
    if (state === 'held')
      expect(named.some((file) => file.startsWith('test/') || file.startsWith('src/rehearsal/'))).toBe(true);
  });

  it('names only files that exist, in its prose too', () => {
    const named = filesOf(text).filter((file) => /^(src|test|bin|patterns)\//.test(file));
    expect(named.filter((file) => !existsSync(join(packageRoot(), file)))).toEqual([]);
  });
});
