// Path decisions against git's own verdict, `git check-ignore`, on patterns and paths drawn at random.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/host/index.ts';
import { parseIgnoreFile } from '../../src/policy/foreign.ts';
import { createPathRules, createPatternList, type PathRule } from '../../src/policy/index.ts';

const ROUNDS = 100;
const PATHS_A_ROUND = 50;

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ab',
    'a.b',
    'A',
    'Ab',
    '.ENV',
    '.env',
    'foo',
    'foo.js',
    'x y',
    'a*b',
    'a[b',
    '!a',
    '#a',
    'a\\b',
    'é',
    '-',
    ']',
    'aab',
  ),
  fc
    .string({ unit: fc.constantFrom('a', 'b', '.', '-', 'é'), minLength: 1, maxLength: 4 })
    .filter((text) => !/^\.+$/.test(text)),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'ab', 'A', '.', 'foo', 'é', '.js', '.env') },
  { weight: 4, arbitrary: fc.constantFrom('*', '?', '**', '/', '/**/', '**/', '/**', '***') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '[ab]',
      '[!a]',
      '[^b]',
      '[a-c]',
      '[]a]',
      '[]-a]',
      '[!]a]',
      '[[:alpha:]]',
      '[[:nope:]]',
      '[a',
      '[c-a]',
      '[\\]]',
      '[a/b]',
      '[--a]',
      '[[:]',
      '[a-]',
      '\\*',
      '\\a',
      '\\',
      '\\/',
      ' ',
      '\\ ',
    ),
  },
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '/', '!/'),
    fc.array(piece, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '/'),
  )
  .map(([before, pieces, after]) => before + pieces.join('') + after)
  // With core.ignorecase git never matches a quoted capital; here it matches both cases, which hides more.
  .filter((text) => !/\\[A-Z]/.test(text));
const round = fc.tuple(
  fc.array(fc.oneof(pattern, path), { minLength: 1, maxLength: 6 }),
  fc.array(path, { minLength: PATHS_A_ROUND, maxLength: PATHS_A_ROUND }),
);

/** What git says of each path; only the paths that it would ignore come back. */
async function ignoredByGit(
  lines: readonly string[],
  paths: readonly string[],
  ignoreCase: boolean,
): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-ignore-'));
  const env = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  await run('git', ['init', '-q', folder], { env });
  mkdirSync(join(folder, '.git/info'), { recursive: true });
  writeFileSync(join(folder, '.gitignore'), `${lines.join('\n')}\n`);
  const input = paths.map((path) => `${path}\0`).join('');
  const args = ['-c', `core.ignorecase=${ignoreCase}`, 'check-ignore', '--no-index', '-z', '--stdin'];
  const answer = await run('git', args, { cwd: folder, env, input });
  expect(answer.stderr).toBe('');
  return new Set(answer.stdout.split('\0').filter((path) => path !== ''));
}

const toLatin1 = (text: string) => Buffer.from(text).toString('latin1');

function rulesOf(lines: readonly string[], decision: PathRule['decision']): PathRule[] {
  return parseIgnoreFile(`${lines.join('\n')}\n`).map(({ pattern, line }) => ({
    pattern,
    decision,
    source: `x:${line}`,
    base: '',
  }));
}

describe('path rules', () => {
  it.each([
    ...['**\\/*', '**\\/b', '/**\\/b', '***\\/b', '**\\/**', '**\\/**/b', '**/**\\/b', 'a/**\\/b'],
    ...['a**\\/b', 'a**/b', 'a**\\/**/b', '[a]**\\/b', '**\\/', '*\\/b'],
  ])('agree with git about an escaped slash after stars: %s', async (pattern) => {
    const paths = ['b', 'ab', 'a/b', 'ax/b', 'ax/y/b', 'x/b', 'a/x/b', 'a/x/y/b', 'x/a/b'];
    const trust = createPathRules({ paths: rulesOf([pattern], 'trust') });
    const ours = paths.filter((path) => trust.decide(path, false).decision === 'trust');
    expect(ours).toEqual([...(await ignoredByGit([pattern], paths, false))]);
  });

  it(`agree with git check-ignore on ${ROUNDS * PATHS_A_ROUND} random paths`, async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(round, async ([lines, paths]) => {
        const exact = await ignoredByGit(lines, paths, false);
        const folded = await ignoredByGit(lines, paths, true);
        const trust = createPathRules({ paths: rulesOf(lines, 'trust') });
        const hide = createPathRules({ paths: rulesOf(lines, 'hide') });
        const list = createPatternList(
          rulesOf(lines, 'hide').map((rule) => rule.pattern),
          { fold: false },
        );
        hits += exact.size;
        for (const path of paths) {
          const said = (ignored: boolean) => ({ path, ignored });
          expect(said(trust.decide(toLatin1(path), false).decision === 'trust')).toEqual(said(exact.has(path)));
          expect(said(hide.decide(toLatin1(path), false).decision === 'hide')).toEqual(said(folded.has(path)));
          expect(said(list.match(toLatin1(path), false) !== undefined)).toEqual(said(exact.has(path)));
        }
      }),
      { numRuns: ROUNDS },
    );
    expect(hits).toBeGreaterThan(ROUNDS);
  });
});
