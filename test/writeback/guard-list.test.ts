// Every kind of file that the built-in policy guards, by the names that programs give them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/index.ts';
import { createGuard, type Guard } from '../../src/writeback/guard.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-guard-'));
let guard: Guard;
beforeAll(async () => {
  for (const name of ['root', 'home', 'etc']) mkdirSync(join(folder, name));
  const [root, home, systemFolder] = ['root', 'home', 'etc'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  guard = createGuard((await loadPolicy({ root, home, systemFolder, env: {} })).writeback.guard);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the built-in guard', () => {
  it.each([
    [
      'hooks of git',
      ['.githooks/pre-commit', '.husky/pre-push', '.husky/_/husky.sh', 'lefthook.yml', '.pre-commit-config.yaml'],
    ],
    ['what git itself runs by', ['.gitmodules', '.gitattributes', 'sub/.gitattributes']],
    ['shells that enter a folder', ['.envrc', 'deep/er/.envrc', '.direnv/x', 'mise.toml', '.mise.toml']],
    [
      'tasks and settings of editors',
      [
        '.vscode/tasks.json',
        '.vscode/settings.json',
        '.idea/runConfigurations/x.xml',
        '.zed/tasks.json',
        'a.code-workspace',
        '.nvim.lua',
        '.exrc',
        '.dir-locals.el',
      ],
    ],
    ['containers for development', ['.devcontainer/devcontainer.json', 'devcontainer.json']],
    [
      'agents',
      [
        '.claude/settings.json',
        '.claude/settings.local.json',
        '.mcp.json',
        '.cursor/mcp.json',
        '.codex/config.toml',
        '.gemini/settings.json',
      ],
    ],
    [
      'pipelines',
      [
        '.github/workflows/ci.yml',
        '.github/actions/x/action.yml',
        '.gitlab-ci.yml',
        '.circleci/config.yml',
        'azure-pipelines.yml',
        'Jenkinsfile',
        '.buildkite/pipeline.yml',
      ],
    ],
    ['package managers', ['.npmrc', '.yarnrc.yml', '.pnpmfile.cjs', '.cargo/config.toml']],
    [
      'runners of commands',
      ['Makefile', 'makefile', 'sub/GNUmakefile', 'justfile', '.justfile', 'Taskfile.yml', 'Taskfile.yaml'],
    ],
    [
      'shells',
      [
        '.bashrc',
        '.bash_profile',
        '.profile',
        '.zshrc',
        '.zshenv',
        '.kshrc',
        '.cshrc',
        '.tcshrc',
        '.config/fish/config.fish',
      ],
    ],
    ['what the session itself obeys', ['.sotto.yaml', '.claudeignore', '.aiignore']],
  ])('holds %s', (_kind, paths) => {
    expect(paths.filter((path) => guard.path(path, false) === undefined)).toEqual([]);
  });

  it('holds them in whatever case, since some file systems know none', () => {
    expect(
      ['.ENVRC', '.GitHub/Workflows/x.yml', 'MAKEFILE'].filter((path) => guard.path(path, false) === undefined),
    ).toEqual([]);
  });

  it('leaves what a person edits all day alone', () => {
    const paths = [
      'src/index.ts',
      'README.md',
      'docs/Makefile.md',
      'package.json',
      'src/make.ts',
      '.gitignore',
      'tsconfig.json',
    ];
    expect(paths.flatMap((path) => guard.path(path, false) ?? [])).toEqual([]);
  });
});
