// What is no finding although it looks like one. Each case has a twin that differs in the one thing that tells them apart and is
// found: so a case cannot pass because nothing looks there at all.
import { beforeAll, describe, expect, it } from 'vitest';
import { createScanner, prepareScanner, type Scanner } from '../../src/scan/index.ts';

let scanner: Scanner;
beforeAll(async () => {
  scanner = createScanner(await prepareScanner({ packs: [], allow: [], personalData: false }));
});

// Made up, and in parts: no scanner shall take this file for a leak.
const HEX = ['b6907d289e10d714', 'a6e88b30761fae22'].join('');
const SHA1 = ['8a25372bbfec739b', '8719a9e3987400d15ef9e179'].join('');
const TOKEN = ['7Kp2xVq9TzLm', '4WbNc8RfYd3J'].join('');
const LETTERS = ['qXvTzKbLwPmRn', 'GhJdFsYcVkQwPz'].join('');
const UUID = ['9fb175f0-0b32-', '4e99-ae97-bd228b9eb246'].join('');
const MOLLIE = ['test', `${TOKEN}Q7zXw4`].join('_');
const BODY = ['MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYw', 'ggSiAgEAAoIBAQDoZtrm0dXV0Aqi4Bpc7f95'].join('');
const PUBLIC_BODY = ['MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A', 'MIIBCgKCAQEA6Gba5tHV1dAKouAaXO3'].join('');
const pem = (kind: string, body: string) => `-----BEGIN ${kind} KEY-----\n${body}\n-----END ${kind} KEY-----\n`;

interface Case {
  defence: string;
  path?: string;
  nothing: string;
  /** Where the twin lies, and what it is. */
  foundIn?: string;
  found: string;
}

const CASES: Case[] = [
  { defence: 'a placeholder', nothing: 'password = "<your-password>"', found: 'password = "xK9-yourq-w2L!z"' },
  { defence: 'a reference', nothing: `api_key: \${${TOKEN}}`, found: `api_key: ${TOKEN}` },
  {
    defence: 'a lock file',
    path: 'Cargo.lock',
    nothing: `tesla_key = "${HEX}"`,
    foundIn: 'Cargo.toml',
    found: `tesla_key = "${HEX}"`,
  },
  {
    defence: 'minified code',
    path: 'app.min.js',
    nothing: `x={teslaKey:"${HEX}"}`,
    foundIn: 'app.js',
    found: `x={teslaKey:"${HEX}"}`,
  },
  { defence: 'a checksum', nothing: `secret = "sha256:${HEX}"`, found: `secret = "${HEX}"` },
  { defence: 'a commit', nothing: `tesla-key, commit ${SHA1}`, found: `tesla-key, token ${SHA1}` },
  { defence: 'a UUID', nothing: `seed_key = "${UUID}"`, found: `seed_key = "${HEX}"` },
  { defence: 'the id of a thing', nothing: `tesla_room_id: "${UUID}"`, found: `tesla_client_id: "${UUID}"` },
  { defence: 'a public key', nothing: pem('PUBLIC', PUBLIC_BODY), found: pem('PRIVATE', BODY) },
  { defence: 'the name of a public key', nothing: `public_key = "${HEX}"`, found: `signing_key = "${HEX}"` },
  { defence: 'a token against forgery', nothing: `csrf_token = "${HEX}"`, found: `session_token = "${HEX}"` },
  {
    defence: 'a test vector',
    nothing: `key = "${['2b7e151628aed2a6', 'abf7158809cf4f3c'].join('')}"`,
    found: `key = "${['2b7e151628aed2a7', 'abf7158809cf4f3c'].join('')}"`,
  },
  {
    defence: 'a weak word in a document',
    path: 'README.md',
    nothing: 'password: "abc123"',
    foundIn: 'app.yaml',
    found: 'password: "abc123"',
  },
  {
    defence: 'a word in a test',
    path: 'test/a.py',
    nothing: "password = 'chicken'",
    foundIn: 'a.py',
    found: "password = 'chicken'",
  },
  {
    defence: 'a default account that the name says',
    path: 'compose.yaml',
    nothing: 'POSTGRES_PASSWORD: postgres',
    foundIn: 'compose.yaml',
    found: 'DB_PASSWORD: postgres',
  },
  {
    defence: 'a token against forgery in a form',
    path: 'a.html',
    nothing: `<input name="authenticity_token" value="${TOKEN}">`,
    foundIn: 'a.html',
    found: `<input name="access_token" value="${TOKEN}">`,
  },
  { defence: 'a name in code', nothing: 'bool test_ValidatePrinterDriverInstalled(x)', found: `x ${MOLLIE} y` },
  { defence: 'a word of a name', nothing: `CreateSlave(${LETTERS})`, found: `Create Tesla(${LETTERS})` },
];

describe('isSecret and its neighbours', () => {
  it.each(CASES)('leave $defence alone', ({ path, nothing }) => {
    expect(rulesIn(nothing, path)).toEqual([]);
  });

  it.each(CASES)('find what only looks like $defence', ({ found, foundIn }) => {
    expect(rulesIn(found, foundIn)).not.toEqual([]);
  });
});

function rulesIn(text: string, path = 'a.txt'): string[] {
  return scanner.scanBytes(Buffer.from(text), { path }).findings.map(({ rule }) => rule);
}
