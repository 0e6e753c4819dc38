import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStandingSearch } from '../../src/workspace/standing.ts';
import { open, project, secret } from './project.ts';

const PASS = 'hunter2_of_the_year';
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('a secret that was found once', () => {
  it.each([
    { description: 'as it is', write: (text: string) => text },
    { description: 'in base64', write: (text: string) => Buffer.from(`user:${text}!`).toString('base64') },
    { description: 'in hex', write: (text: string) => Buffer.from(text).toString('hex') },
    { description: 'reversed', write: (text: string) => [...text].reverse().join('') },
  ])('is replaced where it stands elsewhere with nothing around it: $description', async ({ write }) => {
    const root = project({
      a: `acme-pass = ${PASS}\n`,
      'notes.md': `it was ${write(PASS)} all along\n`,
      z: 'nothing\n',
    });
    const { copy, workspace, vault } = await open(root);
    expect(read(copy, 'a')).toBe(`acme-pass = ${vault.find(PASS)?.placeholder}\n`);
    expect(read(copy, 'notes.md')).toMatch(/^it was \S*REDACTED_acme_pass_[0-9a-f]{8}\S* all along\n$/);
    expect(read(copy, 'notes.md')).not.toContain(write(PASS));
    expect(workspace.report.redactedFiles).toEqual(['a', 'notes.md']);
    expect(workspace.report.redacted).toEqual({ 'acme.pass': 2 });
    expect(workspace.report.files).toBe(3);
  });

  it('is replaced in a tree that takes threads, in the history, and in what is brought in later', async () => {
    const files: Record<string, string> = { 'm/config': `acme-pass = ${PASS}\n` };
    for (let n = 0; n < 900; n++) files[`d${n % 9}/f${n}`] = n % 300 === 7 ? `see ${PASS}\n` : `plain ${n}\n`;
    const root = project(files);
    const git = (cwd: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd }).toString();
    git(root, 'init', '-q');
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', 'all');
    const { copy, workspace } = await open(root);
    for (const name of Object.keys(files)) expect(read(copy, name)).not.toContain(PASS);
    expect(git(copy, 'log', '-p')).not.toContain(PASS);
    expect(git(copy, '-c', 'safe.directory=*', 'status', '--porcelain')).toBe('');
    writeFileSync(join(root, 'later'), `again ${PASS}\n`);
    await workspace.refresh('later');
    expect(read(copy, 'later')).toMatch(/^again REDACTED_/);
  });

  it('that was found in the history only is replaced in the work tree as well', async () => {
    const root = project({ old: `acme-pass = ${PASS}\n` });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root }).toString();
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    writeFileSync(join(root, 'old'), 'gone\n');
    writeFileSync(join(root, 'doc'), `formerly ${PASS}\n`);
    git('add', '-A');
    git('commit', '-q', '-m', 'two');
    const { copy } = await open(root);
    expect(read(copy, 'doc')).toMatch(/^formerly REDACTED_/);
    expect(execFileSync('git', ['log', '-p'], { cwd: copy }).toString()).not.toContain(PASS);
  });

  it.each([
    { description: 'an older version of another file', before: { doc: `formerly ${PASS}\n` } },
    { description: 'a message', before: {}, message: `was ${PASS}` },
    {
      description: 'a redacted version of another file',
      before: { doc: `acme-pass = another_one_of_1984\nformerly ${PASS}\n` },
    },
  ])('that was found in the history only is replaced in $description that was looked at before', async (given) => {
    const { before, message = 'one' } = given;
    const root = project({ ...before, keep: 'nothing\n' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root }).toString();
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', message);
    for (const name of Object.keys(before)) git('rm', '-q', name);
    writeFileSync(join(root, 'old'), `acme-pass = ${PASS}\n`);
    git('add', '-A');
    git('commit', '-q', '-m', 'two');
    git('rm', '-q', 'old');
    git('commit', '-q', '-m', 'three');
    const { copy, workspace } = await open(root);
    expect(workspace.report.git).toMatchObject({ commits: 3 });
    expect(execFileSync('git', ['log', '-p'], { cwd: copy }).toString()).not.toContain(PASS);
  });

  it('that was found in a message only is replaced in files and in older versions of files', async () => {
    const root = project({ doc: `see ${PASS}\n`, gone: `was ${PASS}\n` });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root }).toString();
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    git('rm', '-q', 'gone');
    git('commit', '-q', '-m', `now acme-pass = ${PASS}`);
    const { copy } = await open(root);
    expect(read(copy, 'doc')).toMatch(/^see REDACTED_/);
    expect(execFileSync('git', ['log', '-p'], { cwd: copy }).toString()).not.toContain(PASS);
  });

  it('is left alone in files that are trusted', async () => {
    const { copy } = await open(project({ a: `acme-pass = ${PASS}\n`, t: PASS }), { trust: ['/t'] });
    expect(read(copy, 't')).toBe(PASS);
  });

  it('withholds a binary file that holds it', async () => {
    const blob = Buffer.concat([Buffer.alloc(40), Buffer.from(PASS), Buffer.alloc(40)]);
    const { workspace } = await open(project({ a: `acme-pass = ${PASS}\n`, blob }));
    expect(workspace.snapshot.get('blob')).toMatchObject({ kind: 'withheld', why: 'binary' });
  });
});

describe('createStandingSearch', () => {
  it('finds what indexOf finds', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', '1'), { minLength: 12, maxLength: 15 })
      .map((all) => all.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '1'), { maxLength: 300 }).map((all) => all.join(''));
    const distinct = (one: string) => /1/.test(one) && /[ab]/.test(one);
    fc.assert(
      fc.property(
        fc.array(letters.filter(distinct), { minLength: 1, maxLength: 6 }),
        text,
        fc.nat(),
        (secrets, around, at) => {
          const search = createStandingSearch();
          search.add(secrets.map((one) => ({ rule: 'a.b', secret: one })));
          const cut = at % (around.length + 1);
          const whole = around.slice(0, cut) + secrets[0] + around.slice(cut);
          const found = search.find(Buffer.from(whole));
          const covered = (from: number, to: number) => found.some(({ start, end }) => start < to && end > from);
          for (const one of secrets) {
            for (let from = whole.indexOf(one); from >= 0; from = whole.indexOf(one, from + 1)) {
              if (!covered(from, from + one.length)) return false;
            }
          }
          return search.stands(Buffer.from(whole));
        },
      ),
    );
  });

  it.each([
    'short1',
    'just-some-words-here',
    '1234567890123456',
  ])('does not look for %s, which stands where it is no secret', (text) => {
    const search = createStandingSearch();
    search.add([{ rule: 'a.b', secret: text }]);
    expect(search.stands(Buffer.from(`x ${text} y`))).toBe(false);
    search.add([{ rule: 'a.b', secret: secret() }]);
    expect(search.stands(Buffer.from(`x ${secret()} y`))).toBe(true);
  });
});
