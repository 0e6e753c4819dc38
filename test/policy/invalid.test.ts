// Every bad policy has its file in `invalid/` and, beside it, the exact message and hint.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors/index.ts';
import { run } from '../../src/host/index.ts';
import { loadPolicy } from '../../src/policy/index.ts';

const folder = join(import.meta.dirname, 'invalid');
const cases = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

function emptyProject(): string {
  const root = join(mkdtempSync(join(tmpdir(), 'sotto-invalid-')), 'root');
  mkdirSync(root);
  return root;
}

async function refusalOf(root: string): Promise<Refusal> {
  const load = loadPolicy({ root, home: join(root, '../home'), env: {}, systemFolder: join(root, '../etc') });
  const outcome: unknown = await load.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Refusal);
  return outcome as Refusal;
}

describe('a bad policy is refused with its place and what to do', () => {
  it('has at least forty cases', () => expect(cases.length).toBeGreaterThanOrEqual(40));

  it.each(cases)('%s', async (file) => {
    const root = emptyProject();
    cpSync(join(folder, file), join(root, '.sotto.yaml'));
    const refusal = await refusalOf(root);
    expect(refusal.exit).toBe(125);
    const golden = readFileSync(join(folder, file.replace('.yaml', '.txt')), 'utf8');
    expect(`${refusal.message}\nhint: ${refusal.hint}\n`).toBe(golden);
  });
});

describe('a policy that is no ordinary file is refused', () => {
  it('a file of 100 MB', async () => {
    const root = emptyProject();
    writeFileSync(join(root, '.sotto.yaml'), 'hide: [x]\n');
    truncateSync(join(root, '.sotto.yaml'), 100_000_000);
    expect((await refusalOf(root)).message).toBe('the policy cannot be read: .sotto.yaml is larger than 1 MB');
  });

  it('a named pipe', async () => {
    const root = emptyProject();
    await run('mkfifo', [join(root, '.sotto.yaml')], { env: { PATH: '/usr/bin:/bin' } });
    expect((await refusalOf(root)).message).toBe('the policy cannot be read: .sotto.yaml: it is not a regular file');
  });

  it('a folder', async () => {
    const root = emptyProject();
    mkdirSync(join(root, '.sotto.yaml'));
    expect((await refusalOf(root)).message).toBe('the policy cannot be read: .sotto.yaml: it is not a regular file');
  });

  it('a link out of the project', async () => {
    const root = emptyProject();
    writeFileSync(join(root, '../other.yaml'), 'hide: [x]\n');
    symlinkSync('../other.yaml', join(root, '.sotto.yaml'));
    expect((await refusalOf(root)).message).toBe('the policy cannot be read: .sotto.yaml: it leads out of the project');
  });

  it('an ignore file of 2 MB', async () => {
    const root = emptyProject();
    writeFileSync(join(root, '.cursorignore'), 'x\n'.repeat(1_000_000));
    expect((await refusalOf(root)).message).toBe('the policy cannot be read: .cursorignore is larger than 1 MB');
  });

  it('settings of Claude Code that are not JSON', async () => {
    const root = emptyProject();
    mkdirSync(join(root, '.claude'));
    writeFileSync(join(root, '.claude/settings.json'), '{ "permissions": ');
    expect((await refusalOf(root)).message).toBe(
      'the policy cannot be read: .claude/settings.json: it is not JSON, so its deny rules are unknown',
    );
  });
});
