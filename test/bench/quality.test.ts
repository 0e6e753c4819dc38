// A small labelled corpus, made here from parts: what each common kind of file holds, and what must stay as it is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Label, measure, readLabels } from '../../bench/quality.ts';

const join2 = (...parts: string[]) => parts.join('');
const PASSWORD = join2('Kx9', 'w2!Lq', '7Z');
const TOKEN = join2('7Kp2xVq9', 'TzLm4WbN', 'c8RfYd3J');
const HEX = join2('b6907d289e10d714', 'a6e88b30761fae22');
const BODY = join2('MIIBOwIBAAJBAKj34GkxFhD90vcNLYLInFEX', '6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpR');

/** File, and its text as pieces: a plain piece is text, a pair is kind and secret. */
const CORPUS: Record<string, (string | [kind: string, secret: string])[]> = {
  'app/.env': ['DB_PASSWORD=', ['environment', PASSWORD], '\nAPI_TOKEN=', ['environment', TOKEN], '\nDEBUG=true\n'],
  'app/config.yaml': ['db:\n  user: app\n  password: ', ['yaml', PASSWORD], '\n  port: 5432\n'],
  'app/settings.py': ['SECRET_KEY = "', ['code', TOKEN], '"\nTOKEN_COUNT = 4096\npassword = input("password")\n'],
  'app/Main.java': ['String apiKey = "', ['code', HEX], '";\nString keyboard = "qwertz-layout";\n'],
  'app/db.ts': ['connect("postgres://', ['url', join2('app:', 's2Tf2k9', '@db.acme.io:5432')], '/main");\n'],
  'app/web.config': ['<add key="SmtpPassword" value="', ['xml', PASSWORD], '"/>\n'],
  'ops/run.sh': ['curl -u ', ['command', join2('bot:', TOKEN)], ' https://acme.io\nexport PASSWORD=$1\n'],
  'ops/key.txt': ['-----BEGIN RSA PRIVATE', ' KEY-----\n', ['key', BODY], '\n-----END RSA PRIVATE', ' KEY-----\n'],
  'ops/schema.sql': ["CREATE USER app WITH PASSWORD '", ['sql', PASSWORD], "';\n"],
  'ops/users.htpasswd': ['bob:', ['hash', join2('$apr1$', 'x1Yc3Zq9$', 'b7Kp2xVq9TzLm4WbNc8Rf/')], '\n'],
  'doc/notes.md': ['The password of the demo is "', ['prose', PASSWORD], '".\nPassword: at least 12 characters.\n'],
};

const home = mkdtempSync(join(tmpdir(), 'sotto-quality-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function plant(): Label[] {
  const rows: string[] = [];
  for (const [file, pieces] of Object.entries(CORPUS)) {
    let text = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') text += piece;
      else {
        const line = text.split('\n').length;
        rows.push(
          JSON.stringify({ file, kind: piece[0], line, start: text.length, end: text.length + piece[1].length }),
        );
        text += piece[1];
      }
    }
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text);
  }
  return readLabels(rows.join('\n'));
}

it('finds every secret of every common kind of file, and marks no other line', async () => {
  const quality = await measure(plant(), home);
  expect(quality.kinds.filter(({ labels, found }) => found < labels)).toEqual([]);
  expect(quality.falseLines).toEqual([]);
  expect(quality.labels).toBe(12);
});

it('counts a secret that is not found, and a line that is no secret', async () => {
  plant();
  const labels = readLabels(JSON.stringify({ file: 'app/.env', kind: 'flag', line: 3, start: 70, end: 74 }));
  const missed: string[] = [];
  const quality = await measure(labels, home, (label) => missed.push(`${label.file}:${label.line}`));
  expect(missed).toEqual(['app/.env:3']);
  expect(quality.falseLines).toContain('app/.env:1 generic.password');
});

it('reads labels of several corpora, and leaves other tiers out', () => {
  const rows = [
    { corpus: 'a', file: 'x', kind: 'k', line: 2, start: 1, end: 3, span: 'exact' },
    { corpus: 'a', file: 'x', kind: 'k', line: 2, tier: 'secondary' },
    { file: 'y', line: 4, end_line: 5, positive: false },
  ];
  const labels = readLabels(rows.map((row) => JSON.stringify(row)).join('\n'));
  expect(labels.map(({ file, start, endLine, positive }) => [file, start, endLine, positive])).toEqual([
    ['a/x', 1, 2, true],
    ['y', undefined, 5, false],
  ]);
});
