// `sotto explain` agrees with what the workspace does and with git's own verdict, for every path of a tree drawn at random.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { run } from '../../src/host/index.ts';
import { createPathRules, loadPolicy } from '../../src/policy/index.ts';
import { createVault } from '../../src/redact/index.ts';
import { prepareScanner } from '../../src/scan/index.ts';
import { createWorkspace } from '../../src/workspace/index.ts';

const PATHS = 5000;

const name = fc.constantFrom('src', 'lib', 'a', 'b', 'deep', 'x.ts', 'y.log', 'data', 'notes.md', 'big', 'logs', 'tmp');
const paths = fc.uniqueArray(
  fc
    .tuple(fc.array(name, { minLength: 0, maxLength: 3 }), name, fc.nat(999))
    .map(([above, last, number]) => [...above.map((part) => `${part}_`), `${number}${last}`].join('/')),
  { minLength: PATHS, maxLength: PATHS },
);
const PATTERNS = [
  '*.log',
  '!1*.log',
  '/src_/',
  'deep_/a_/**',
  '!deep_/a_/*.ts',
  '**/tmp_',
  '*9notes.md',
  'data_/*/[0-4]*',
  '!data_/*/3?x.ts',
  'lib_/**/b_/',
  'big_/*',
  '!big_/logs_',
];

it(`holds for ${PATHS} paths`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-agree-'));
  const [root, target] = [join(folder, 'root'), join(folder, 'copy')];
  for (const made of [root, target]) mkdirSync(made);
  const drawn = fc.sample(paths, 1)[0] as string[];
  for (const path of drawn) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), 'plain words\n');
  }
  writeFileSync(join(root, '.claudeignore'), `${PATTERNS.join('\n')}\n`);
  writeFileSync(join(root, '.gitignore'), `${PATTERNS.join('\n')}\n`);
  await run('git', ['init', '-q', root], { env: { PATH: '/usr/bin:/bin', HOME: folder } });

  const policy = await loadPolicy({ root, home: join(folder, 'home'), env: {}, systemFolder: join(folder, 'etc') });
  const prepared = await prepareScanner({ packs: [], allow: [], personalData: false });
  const workspace = await createWorkspace({ root, target, policy, prepared, vault: createVault() });
  const rules = createPathRules(policy);
  const env = { PATH: '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const input = drawn.map((path) => `${path}\0`).join('');
  const ignored = await run('git', ['check-ignore', '--no-index', '-z', '--stdin'], { cwd: root, env, input });
  const byGit = new Set(ignored.stdout.split('\0').filter((path) => path !== ''));

  expect(byGit.size).toBeGreaterThan(PATHS / 20);
  const disagree = drawn.filter((path) => {
    const hidden = rules.decide(path, false).decision === 'hide';
    const copied = workspace.snapshot.get(path)?.kind === 'file';
    return hidden !== byGit.has(path) || copied === hidden;
  });
  expect(disagree).toEqual([]);
  await workspace.dispose();
}, 60_000);
