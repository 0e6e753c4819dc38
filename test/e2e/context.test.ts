// What Claude Code takes into the conversation without any tool: instructions, imports, rules, skills, agents, configuration, of the project
// and of the person. Each arrives, and the token that somebody left in it does not.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeWorld, sent, sotto, type World } from '../support/sotto.ts';

const TOKEN = ['ghp', `${'a1B2c3D4e5'.repeat(3)}3tDovh`].join('_');
const skill = (name: string, words: string) =>
  `---\nname: ${name}\ndescription: told-of-${name}\n---\n\n${words} ${TOKEN}\n`;

const PROJECT = {
  'CLAUDE.md': `words-of-claude-md ${TOKEN}\n\n@imported.md\n@.env\n`,
  'imported.md': `words-of-an-import ${TOKEN}\n`,
  '.claude/rules/style.md': `words-of-a-rule ${TOKEN}\n`,
  '.claude/skills/look/SKILL.md': skill('look', 'words-of-a-skill'),
  '.claude/agents/helper.md': `---\nname: helper\ndescription: words-of-an-agent ${TOKEN}\n---\nhelp\n`,
  '.mcp.json': JSON.stringify({ mcpServers: { 'words-of-mcp': { command: 'true', env: { GITHUB_TOKEN: TOKEN } } } }),
  '.env': `WORDS_OF_ENV=${TOKEN}\n`,
};
const PERSON = {
  'CLAUDE.md': `words-of-the-person ${TOKEN}\n`,
  'skills/mine/SKILL.md': skill('mine', 'words-of-their-skill'),
};

let world: World;
beforeEach(async () => {
  world = await makeWorld(PROJECT);
  for (const [path, text] of Object.entries(PERSON)) {
    const file = join(world.home, '.claude', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});
afterEach(() => world.close());

it('what stands in instructions, rules, skills, agents and configuration goes out redacted', async () => {
  world.standIn.script([
    [{ tool: 'Skill', input: { skill: 'look' } }],
    [{ tool: 'Skill', input: { skill: 'mine' } }],
    [{ tool: 'Bash', input: { command: 'cat .mcp.json; ls -a' } }],
    [{ text: 'done' }],
  ]);
  const done = await sotto(world, ['claude', '-p', 'look', '--allowedTools', 'Bash,Skill']);
  expect(done).toMatchObject({ code: 0, stdout: 'done\n' });
  const words = ['claude-md', 'an-import', 'a-rule', 'a-skill', 'an-agent', 'mcp', 'the-person', 'their-skill'];
  expect(words.filter((word) => sent(world, `words-of-${word}`) === 0)).toEqual([]);
  expect([TOKEN, 'WORDS_OF_ENV'].map((what) => sent(world, what))).toEqual([0, 0]);
});
