// A placeholder that the agent carried off, whole or broken, and then removed, renamed or wrote over the file it came from. The
// secret must be in the real tree afterwards whatever the policy, and however many looks it took to see all of it.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycle } from '../../src/writeback/cycle.ts';
import type { Ground } from '../../src/writeback/ground.ts';
import { finish, layGround } from '../../src/writeback/start.ts';
import { walk } from '../../src/writeback/walk.ts';
import { GUARD, has, read, ready, rules, secret } from './session.ts';

const FILES = {
  a: 'a1\na2\n',
  b: `b1\nkey = ${secret(1)}\nb3\n`,
  bare: `key = ${secret(3)}\n`,
  'd/c': `c1\nkey = ${secret(2)}\nc3\n`,
};

/** Changes one digit. */
const broken = (text: string) => text.replace(/(REDACTED_\w+)[0-9a-f]\b/, '$1x');

type Tool = ReturnType<typeof toolOf>;

/** What an agent does, in the copy. */
function toolOf(copy: string) {
  const at = (name: string) => join(copy, name);
  const text = (name: string) => readFileSync(at(name), 'utf8');
  const write = (name: string, content: string) => {
    mkdirSync(join(at(name), '..'), { recursive: true });
    writeFileSync(at(name), content);
  };
  return {
    text,
    write,
    garble: (name: string) => write(name, broken(text(name))),
    move(from: string, to: string) {
      mkdirSync(join(at(to), '..'), { recursive: true });
      renameSync(at(from), at(to));
    },
    remove: (name: string) => rmSync(at(name), { recursive: true }),
    link: (target: string, name: string) => symlinkSync(target, at(name)),
    folder: (name: string) => mkdirSync(at(name)),
  };
}

/** Everything in the real tree, with what was laid aside. */
function everything(root: string): string {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((one) => read(one.parentPath, one.name)).join('\n');
}

async function lookAt(ground: Ground): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await cycle(ground, await walk(ground, 'inside'), false);
}

/** `over`: the secret that the agent wrote over, whole placeholder by whole placeholder, and so meant to remove. */
const CASES: { description: string; steps: ((tool: Tool) => void)[]; over?: number }[] = [
  { description: 'broken, then renamed', steps: [(t) => t.garble('b'), (t) => t.move('b', 'n')] },
  {
    description: 'broken, then renamed, nothing else in it',
    steps: [(t) => t.garble('bare'), (t) => t.move('bare', 'n')],
  },
  { description: 'renamed, then broken', steps: [(t) => t.move('b', 'n'), (t) => t.garble('n')] },
  {
    description: 'broken in another file, then removed',
    steps: [(t) => t.write('n', broken(t.text('bare'))), (t) => t.remove('bare')],
  },
  {
    description: 'removed, and broken in another file later',
    steps: [
      (t) => t.write('../kept', t.text('bare')),
      (t) => t.remove('bare'),
      (t) => t.write('n', broken(t.text('../kept'))),
    ],
  },
  {
    description: 'broken and copied over another file with a secret, then removed',
    steps: [(t) => t.write('d/c', broken(t.text('b'))), (t) => t.remove('b')],
  },
  { description: 'renamed over another file', steps: [(t) => t.move('b', 'a')] },
  { description: 'renamed over another file with a secret', steps: [(t) => t.move('b', 'd/c')], over: 2 },
  { description: 'broken, then renamed over another file', steps: [(t) => t.garble('b'), (t) => t.move('b', 'a')] },
  {
    description: 'broken, then renamed over another file with a secret',
    steps: [(t) => t.garble('b'), (t) => t.move('b', 'd/c')],
  },
  { description: 'renamed and edited', steps: [(t) => t.move('b', 'n'), (t) => t.write('n', `new\n${t.text('n')}`)] },
  {
    description: 'renamed and edited beyond recognition',
    steps: [(t) => t.move('b', 'n'), (t) => t.write('n', `1\n2\n3\n4\n5\n6\n${t.text('n')}`)],
  },
  { description: 'moved to where something waits for a yes', steps: [(t) => t.move('b', '.husky/b')] },
  { description: 'moved to where something is hidden', steps: [(t) => t.move('b', '.env')] },
  { description: 'its folder renamed', steps: [(t) => t.move('d', 'e')] },
  { description: 'broken, then its folder renamed', steps: [(t) => t.garble('d/c'), (t) => t.move('d', 'e')] },
  { description: 'moved, and a link stands there now', steps: [(t) => t.move('b', 'n'), (t) => t.link('n', 'b')] },
  {
    description: 'moved, and a folder stands there now',
    steps: [(t) => t.move('b', 'n'), (t) => t.folder('b'), (t) => t.write('b/x', 'x\n')],
  },
  {
    description: 'moved into a folder of its own name',
    steps: [(t) => t.move('b', 'n'), (t) => t.folder('b'), (t) => t.move('n', 'b/b')],
  },
  {
    description: 'moved to where its folder was',
    steps: [(t) => t.move('d/c', 'n'), (t) => t.remove('d'), (t) => t.move('n', 'd')],
  },
  {
    description: 'its line moved to another file',
    steps: [(t) => t.write('a', `${t.text('a')}${t.text('b').split('\n')[1]}\n`), (t) => t.write('b', 'b1\nb3\n')],
  },
  {
    description: 'its line moved to another file, the cut seen first',
    steps: [
      (t) => t.write('../kept', t.text('b')),
      (t) => t.write('b', 'b1\nb3\n'),
      (t) => t.write('a', `${t.text('a')}${t.text('../kept').split('\n')[1]}\n`),
    ],
  },
  {
    description: 'emptied, then written again with a broken one',
    steps: [
      (t) => t.write('../kept', t.text('b')),
      (t) => t.write('b', ''),
      (t) => t.write('b', broken(t.text('../kept'))),
    ],
  },
];

describe.each(['leave', 'restore'] as const)('a placeholder that was carried off, under %s', (foreign) => {
  it.each(
    CASES.flatMap((one) => [
      { ...one, looks: 'one look' },
      { ...one, looks: 'a look after each step' },
    ]),
  )('keeps its secret in the real tree: $description, $looks', async ({ steps, looks, over }) => {
    const at = await ready({ ...FILES, '.env': 'hidden\n' }, { hide: ['.env'] }, rules({ foreign, guard: GUARD }));
    const ground = layGround(at.input);
    for (const step of steps) {
      step(toolOf(at.copy));
      if (looks !== 'one look') await lookAt(ground);
    }
    await lookAt(ground);
    await finish(ground);
    const text = everything(at.root);
    for (const one of [1, 2, 3].filter((one) => one !== over)) expect(text).toContain(secret(one));
    expect(read(at.root, '.env')).toBe('hidden\n');
  });
});

describe('a placeholder that was carried off', () => {
  async function ended(...steps: ((tool: Tool) => void)[]) {
    const at = await ready(FILES, {}, rules({ guard: GUARD }));
    const ground = layGround(at.input);
    for (const step of steps) step(toolOf(at.copy));
    await lookAt(ground);
    return { ...at, problems: ground.record.problems() };
  }

  it('keeps the file it came from, which comes in again, and says where it went', async () => {
    const at = await ended(
      (t) => t.write('n', broken(t.text('bare'))),
      (t) => t.remove('bare'),
    );
    expect(read(at.root, 'bare')).toBe(FILES.bare);
    expect(read(at.copy, 'bare')).toMatch(/^key = REDACTED_/);
    expect(at.problems).toContainEqual({ path: 'bare', code: 'writeback.carried', line: 1, hint: 'n' });
  });

  it('goes with a file that was renamed and edited at once', async () => {
    const at = await ended(
      (t) => t.move('b', 'n'),
      (t) => t.write('n', `new\n${t.text('n')}`),
    );
    expect(read(at.root, 'n')).toBe(`new\n${FILES.b}`);
    expect([has(at.root, 'b'), at.problems]).toEqual([false, []]);
  });

  it('holds only its own line back, other edits of the file go through', async () => {
    const at = await ended(
      (t) => t.write('a', `${t.text('a')}${t.text('b').split('\n')[1]}\n`),
      (t) => t.write('b', 'b1\nb3\nmore\n'),
    );
    expect(read(at.root, 'b')).toBe(`${FILES.b}more\n`);
    expect(read(at.copy, 'b')).toContain('REDACTED_');
  });

  it('is no reason to keep what was removed for good', async () => {
    const at = await ended(
      (t) => t.remove('b'),
      (t) => t.write('a', 'see REDACTED_other_12ab34cd\n'),
    );
    expect(has(at.root, 'b')).toBe(false);
  });

  it('is no reason to keep a file when it is safe where it went', async () => {
    const at = await ready(FILES, {}, rules({ foreign: 'restore' }));
    const ground = layGround(at.input);
    const tool = toolOf(at.copy);
    tool.write('z', `1\n2\n3\n4\n5\n6\n${tool.text('b')}`);
    tool.remove('b');
    await lookAt(ground);
    expect([has(at.root, 'b'), read(at.root, 'z').endsWith(FILES.b)]).toEqual([false, true]);
    expect(ground.record.problems()).toEqual([]);
  });
});
