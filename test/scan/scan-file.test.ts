import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createScanner,
  type PreparedScanner,
  prepareScanner,
  type Scanner,
  scanFile,
  scanTree,
} from '../../src/scan/index.ts';
import { TOKEN } from './token.ts';

let root: string;
let prepared: PreparedScanner;
let scanner: Scanner;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sotto-tree-'));
  prepared = await prepareScanner({ packs: [], allow: [], personalData: false });
  scanner = createScanner(prepared);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('scanFile', () => {
  it('finds each secret of a large file once, wherever the stretches meet', () => {
    const file = join(root, 'large.txt');
    const filler = 'a line of ordinary text that is here to take room\n';
    const stretch = 200_000;
    const ends = [10, stretch - 20, stretch + 65_536 - 20, 2 * stretch - 40, 3 * stretch + 7];
    let text = '';
    for (const end of ends)
      text = `${text}${filler.repeat(Math.ceil((end - text.length) / filler.length))}key ${TOKEN}\n`;
    writeFileSync(file, text);
    const { findings } = scanFile(scanner, file, { path: 'large.txt' }, stretch);
    const whole = scanner.scanBytes(Buffer.from(text)).findings;
    expect(findings.map(({ start, end }) => [start, end])).toEqual(whole.map(({ start, end }) => [start, end]));
    const lines = findings.map(({ start }) => text.slice(0, start).split('\n').length);
    expect(findings.map(({ line, column }) => [line, column])).toEqual(lines.map((line) => [line, 5]));
  });

  it('says of a file that cannot be read that it was not', () => {
    expect(scanFile(scanner, join(root, 'none'), { path: 'none' })).toMatchObject({ unreadable: true, findings: [] });
  });
});

describe('scanTree', () => {
  it('finds the same in threads as without, and reports progress', async () => {
    const folder = join(root, 'tree');
    mkdirSync(folder);
    for (let at = 0; at < 300; at++)
      writeFileSync(join(folder, `${at}.txt`), at % 7 === 0 ? `key ${TOKEN}\n` : 'nothing\n');
    let last = 0;
    const onProgress = ({ files }: { files: number }) => {
      last = files;
    };
    const threads = await scanTree({ prepared, roots: [folder], threads: 2, onProgress });
    const here = await scanTree({ prepared, roots: [folder], threads: 0 });
    expect(threads).toEqual(here);
    expect(last).toBe(300);
    expect(here.files).toHaveLength(43);
  });
});
