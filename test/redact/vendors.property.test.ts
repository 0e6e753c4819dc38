// The laws over texts as they stand in projects: examples of all vendors' rules, in the shapes of files that hold them.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createVault, redactSettled, restoreBytes } from '../../src/redact/index.ts';
import { fillExample } from '../../src/scan/check.ts';
import { createScanner, loadBuiltIn, prepareScanner, type Scanner } from '../../src/scan/index.ts';

let scanner: Scanner;
let examples: string[];
beforeAll(async () => {
  scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
  const rules = await loadBuiltIn();
  examples = rules.flatMap((rule) => rule.examples.map((example) => fillExample(example).text));
});

const SHAPES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `${JSON.stringify({ a: 1, note: text, list: [text, 7] }, null, 2)}\n`,
  (text) => `config:\n  note: ${JSON.stringify(text)}\n  other: |\n    ${text.replaceAll('\n', '\n    ')}\n`,
  (text) => `#!/bin/sh\nexport NOTE='${text.replaceAll("'", "'\\''")}'\necho done\n`,
  (text) => `const note = \`${text.replaceAll('`', '\\`')}\`; // ${text.split('\n')[0]}\n`,
  (text) => `<note kind="x">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</note>\r\n`,
  (text) => `| name | value |\n|---|---|\n| x | ${text.replaceAll('\n', ' ')} |\n`,
];
const PATHS = ['a.txt', 'a.json', 'a.yaml', 'run.sh', 'src/a.ts', 'a.xml', 'README.md', 'test/a_test.go'];

const pieces = fc.array(fc.tuple(fc.nat(), fc.nat(SHAPES.length - 1)), { minLength: 1, maxLength: 4 });

describe('examples of all vendors in files of every kind', () => {
  it('come back as they were, change no more when redacted again, and keep their lines', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(...PATHS), fc.constantFrom('\n', ' ', ','), (parts, path, glue) => {
        const text = parts.map(([at, shape]) => SHAPES[shape]!(examples[at % examples.length]!)).join(glue);
        const given = Buffer.from(text);
        const vault = createVault();
        const redact = (bytes: Uint8Array) =>
          redactSettled(
            bytes,
            (now) => scanner.scanBytes(now, { path }).findings,
            (rule, secret) => vault.place(rule, secret, path),
          );
        const once = redact(given);
        expect(Buffer.from(restoreBytes(once, vault.lookup).bytes).toString()).toBe(text);
        expect(Buffer.from(redact(once)).equals(Buffer.from(once))).toBe(true);
        expect(Buffer.from(once).toString('latin1').split('\n')).toHaveLength(text.split('\n').length);
        if (isJson(text)) expect(isJson(Buffer.from(once).toString())).toBe(true);
      }),
      { numRuns: 1500 },
    );
  }, 60_000);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
