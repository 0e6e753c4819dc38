// Every rule of every built-in pack against its own examples and near misses, through the engine and the redactor.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patternsFolder } from '../../src/host/index.ts';
import { roundTrip } from '../../src/redact/index.ts';
import { checkRules } from '../../src/scan/check.ts';
import { parsePack } from '../../src/scan/pack.ts';
import { readPatterns } from '../../src/scan/packs.ts';

const packs = (await readPatterns(patternsFolder())).map(({ file, text }) => ({ file, pack: parsePack(text, file) }));
const rules = packs.flatMap(({ pack }) => pack.rules);

describe('built-in rule packs', () => {
  it('name each rule once', () => {
    const ids = rules.map((rule) => rule.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('stand in a folder of their vendor, and name their rules after it', () => {
    for (const { file, pack } of packs) {
      expect(basename(dirname(file)), file).toBe(pack.vendor);
      for (const { id } of pack.rules) expect(id.startsWith(`${pack.vendor}.`), `${file}: ${id}`).toBe(true);
    }
  });

  it('cover more than a thousand kinds', () => {
    expect(rules.length).toBeGreaterThan(1000);
  });

  it('find their examples to the byte, nothing in their near misses, and restore what they redact', () => {
    expect(checkRules(rules, roundTrip)).toEqual([]);
  }, 60_000);

  it('hold no secret-shaped text in one piece', () => {
    const whole =
      /AKIA[A-Z0-9]{16}|gh[opusr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|xox[bp]-\d{9,}-\d{9,}|sk-ant-\w{5,7}-[\w-]{20}|AIza[\w-]{35}/;
    const text = readPacksAsText();
    expect(text.filter(({ lines }) => lines.some((line) => whole.test(line))).map(({ file }) => file)).toEqual([]);
  });
});

/** Lines of examples and near misses; expressions may hold a prefix. */
function readPacksAsText(): { file: string; lines: string[] }[] {
  return packs.map(({ file }) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return { file, lines: lines.filter((line) => !line.includes('regex:')) };
  });
}
