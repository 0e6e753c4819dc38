// What is rejected by a look at a few bytes must be nothing that a closer look would have taken.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../src/scan/detectors/assignment/place.ts';
import { reachesValue } from '../../../../src/scan/detectors/assignment/reach.ts';
import { secretsAt } from '../../../../src/scan/detectors/assignment.ts';

const SECRET = ['Gh7', 'kQ2', 'vX9', 'mT4', 'zR8w', 'Lp3'].join('');
const NAMES = ['password', 'auth_token', 'secretKey', 'api.key', 'PW'];
const SIGNS = [
  ...['=', ' = ', ': ', ':', ' := ', '=>', ' == ', '!= ', '?=', '.=', '||=', ' ?? ', ' || ', ' or ', '->', '<-', ':-'],
  ...[
    '(',
    '("',
    ', ',
    '",\n  ',
    '"] = ',
    "')  :",
    '**: ',
    '[0] = ',
    '": {default = ',
    '" { default = ',
    ' is ',
    ' will be ',
    ' now ',
  ],
  ...[' As String = ', ': str = ', ' type="x">', '>', '</key><string>', '" value="', '\nvalue: ', ' await new ', ' '],
  ...[
    '-',
    '::',
    ':-',
    ' |\n  ',
    '=${X:-',
    ' = process.env.X || ',
    ' = b',
    '.equals(',
    ' { get; set; } = ',
    '[] = ',
    ': &[u8] = ',
    ', <<',
    '() == ',
    ' = Just ',
    ':\n  Type: String\n  Default: ',
    ':\n  - ',
    's = {"x": ',
    "').type(",
    ').toBe(',
    ') to eq(',
    ') { ',
    ' { ',
    "', with: ",
    '", "ParameterValue": ',
    ' ? x : ',
    '\\": \\"',
    '\t',
    ';',
    ')',
    '.',
  ],
];
const BEFORE = [
  '',
  ' ',
  '\n',
  '"',
  "'",
  '--',
  '${',
  '<',
  '/',
  'x.',
  'ENV ',
  'export ',
  '(',
  `"${SECRET}" == x.`,
  `"${SECRET}".equals(`,
  `assertEquals("${SECRET}", user.`,
];
const QUOTES = ['', '"', "'", '`', '\\"'];
const PATHS = ['a.js', 'a.yml', 'README.md', '.env', 'a.xml', 'a.json', ''];

const one = (of: readonly string[]) => fc.constantFrom(...of);
const texts = fc
  .record({
    before: fc.array(one(BEFORE), { maxLength: 2 }),
    name: one(NAMES),
    signs: fc.array(one(SIGNS), { maxLength: 3 }),
    quote: one(QUOTES),
    value: one([SECRET, 'hunter2x', 'open sesame now', 'word', `${SECRET})`, `${SECRET} and more`]),
  })
  .map(({ before, name, signs, quote, value }) => {
    const front = before.join('');
    return { text: `${front}${name}${signs.join('')}${quote}${value}${quote}`, start: front.length, name };
  });

describe('the first look round a name', () => {
  it('lets every secret through that the closer look finds', () => {
    let found = 0;
    let rejected = 0;
    fc.assert(
      fc.property(texts, one(PATHS), ({ text, start, name }, path) => {
        const end = start + name.length;
        const reaches = reachesValue(text, start, end, placeOf(path).code);
        const [secret] = secretsAt(text, [start, end], path);
        if (secret !== undefined) expect(reaches, text).toBe(true);
        found += secret === undefined ? 0 : 1;
        rejected += reaches ? 0 : 1;
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(2000);
    expect(rejected).toBeGreaterThan(200);
  });

  it.each([
    'token)',
    'token;',
    'return token',
    'auth::Token',
    'the token and',
    '(token, other)',
    'token ? a : b',
    'token.\n',
  ])('is the last one at %j', (text) => {
    const start = text.search(/token|auth/);
    const name = /^\w+/.exec(text.slice(start))![0];
    expect(reachesValue(`x ${text}`, start + 2, start + 2 + name.length, true)).toBe(false);
  });
});
