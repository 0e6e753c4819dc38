// What the documents promise exists: links lead somewhere, commands are known, the sample policy is one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/host/index.ts';
import { loadPolicy } from '../src/policy/index.ts';
import { LEAVES as policyKeys } from '../src/policy/merge.ts';

const DOCUMENTS = ['README.md', 'THREAT_MODEL.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/policy.md'];
const read = (file: string) => readFileSync(join(packageRoot(), file), 'utf8');

describe('the documents', () => {
  it.each(DOCUMENTS)('%s: every link to a file leads to one', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] as string);
    expect(links.filter((link) => !link.includes('://') && !existsSync(join(packageRoot(), link)))).toEqual([]);
  });

  it.each(DOCUMENTS)('%s: every `npm run` names a script of package.json', (document) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(document).matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] as string);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s: every `sotto <verb>` is a command', (document) => {
    const verbs = [...read('src/main.ts').matchAll(/^ {2}(\w+): async/gm)].map((match) => match[1] as string);
    const named = [...read(document).matchAll(/(?:`|^ {4}|npx )sotto (\w+)/gm)].map((match) => match[1] as string);
    expect(verbs).toContain('claude');
    expect(named.filter((name) => !verbs.includes(name))).toEqual([]);
  });

  it.each([
    'README.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'LICENSE',
  ])('%s comes with the package or the repository', (file) => {
    expect(existsSync(join(packageRoot(), file))).toBe(true);
  });

  it('README.md: the sample policy is valid, and does what it says where its owner put it', async () => {
    const sample = /```yaml\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
    const root = mkdtempSync(join(tmpdir(), 'documents-'));
    try {
      mkdirSync(join(root, '.config/sotto'), { recursive: true });
      writeFileSync(join(root, '.config/sotto/policy.yaml'), sample);
      const policy = await loadPolicy({ root, home: root, env: {}, systemFolder: join(root, 'etc') });
      expect(policy.network.allow.map((entry) => entry.host)).toEqual(['registry.npmjs.org']);
      expect(policy.account.organization).toBeDefined();
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('docs/policy.md: has every key of a policy, with what loosens it, and its samples are valid', async () => {
    const text = read('docs/policy.md');
    for (const { key, strictness } of policyKeys)
      expect(text).toMatch(new RegExp(`^\\| \`${key}\` .*\\| ${literal(strictness.looser)} \\|$`, 'm'));
    const root = mkdtempSync(join(tmpdir(), 'documents-'));
    try {
      writeFileSync(join(root, '.sotto.yaml'), /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
      const policy = await loadPolicy({ root, home: root, env: {}, systemFolder: join(root, 'etc') });
      expect(policy.paths.filter(({ source }) => source.startsWith('.sotto.yaml')).length).toBe(6);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
