import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createScanner, prepareScanner } from '../../src/scan/index.ts';
import { readPacks } from '../../src/scan/packs.ts';
import { PACK, TOKEN } from './token.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'packs-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const idsOf = async (pack: string) => (await readPacks([pack])).flatMap(({ rules }) => rules.map(({ id }) => id));

describe('readPacks', () => {
  it('refuses a rule that would be tried on every byte', async () => {
    const rule = (regex: string, more = '') =>
      `vendor: acme\nrules:\n  - { id: acme.any, description: a badge of Acme, confidence: likely, regex: '${regex}'${more} }\n`;
    const folder = mkdtempSync(join(tmpdir(), 'sotto-cost-'));
    const read = (text: string) => {
      writeFileSync(join(folder, 'a.yaml'), text);
      return readPacks([join(folder, 'a.yaml')]);
    };
    await expect(read(rule('(?<secret>[a-f0-9]{32})'))).rejects.toMatchObject({
      code: 'scan.bad-pack',
      message: expect.stringMatching(/a\.yaml:3 is not valid: acme\.any: nothing tells where/),
    });
    await expect(read(rule('(?<secret>[a-f0-9]{32})', ', keywords: [badge]'))).resolves.toHaveLength(1);
    await expect(read(rule('badge-(?<secret>[a-f0-9]{32})'))).resolves.toHaveLength(1);
  });

  it('reads the YAML files of a package, and nothing that it depends on', async () => {
    write('plain/package.json', '{"name": "plain"}');
    cpSync(PACK, join(root, 'plain/rules/github.yaml'));
    write('plain/node_modules/other/rules.yaml', 'broken: true');
    expect(await idsOf(join(root, 'plain'))).toHaveLength(1);
  });

  it('reads what a package names, of any kind', async () => {
    write('named/package.json', '{"sotto": {"packs": ["own.toml"]}}');
    write('named/own.toml', '[[rules]]\nid = "acme"\nregex = "acme_[a-f0-9]{9}"\n');
    write('named/left-out.yaml', 'broken: true');
    expect(await idsOf(join(root, 'named'))).toEqual(['gitleaks.acme']);
  });

  it.each([
    '["../own.toml"]',
    '["/etc/own.toml"]',
    '"own.toml"',
    '[1]',
  ])('refuses a package that names %s', async (packs) => {
    write('bad/package.json', `{"sotto": {"packs": ${packs}}}`);
    await expect(readPacks([join(root, 'bad')])).rejects.toMatchObject({ code: 'scan.bad-pack' });
  });

  it('refuses a folder without packs, and one that is not there', async () => {
    write('empty/readme.md', '');
    await expect(readPacks([join(root, 'empty')])).rejects.toMatchObject({ code: 'scan.bad-pack' });
    await expect(readPacks([join(root, 'absent')])).rejects.toMatchObject({ code: 'scan.pack-missing' });
  });
});

describe('exceptions of a pack', () => {
  const found = async (pack: string, allow: Parameters<typeof prepareScanner>[0]['allow']) =>
    createScanner(await prepareScanner({ packs: [pack], allow, personalData: false })).scanText(`token ${TOKEN}`)
      .length;

  it('count for the rules of others only where policy allows that pack, with a reason, to its last day', async () => {
    const pack = write('own.toml', '[allowlist]\nstopwords = ["b2c3d4"]\n');
    expect(await found(pack, [])).toBe(1);
    expect(await found(pack, [{ pack, reason: 'reviewed' }])).toBe(0);
    expect(await found(pack, [{ pack, reason: ' ' }])).toBe(1);
    expect(await found(pack, [{ pack, reason: 'reviewed', expires: '2001-01-01' }])).toBe(1);
  });
});
