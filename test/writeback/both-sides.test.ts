import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startWriteback } from '../../src/writeback/index.ts';
import { has, read, ready, secret } from './session.ts';

const LINES = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';

describe('outside to inside, live', () => {
  it('brings an edit in, redacted', async () => {
    const at = await ready({ a: 'one' });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.root, 'a'), `two ${secret()}`);
    await writeback.flush();
    expect(read(at.copy, 'a')).toBe(`two ${at.vault.find(secret())?.placeholder}`);
    expect((await writeback.stop()).changes).toEqual([]);
  });

  it('brings new files, new folders, removals, renames and modes in', async () => {
    const at = await ready({ a: '1', b: '2', 'd/c': '3', e: '5' });
    const writeback = await startWriteback(at.input);
    mkdirSync(join(at.root, 'x/y'), { recursive: true });
    writeFileSync(join(at.root, 'x/y/z'), 'new');
    rmSync(join(at.root, 'a'));
    renameSync(join(at.root, 'b'), join(at.root, 'b2'));
    renameSync(join(at.root, 'd'), join(at.root, 'd2'));
    chmodSync(join(at.root, 'e'), 0o755);
    await writeback.flush();
    expect(readdirSync(at.copy, { recursive: true }).sort()).toEqual(
      ['b2', 'd2', 'd2/c', 'e', 'x', 'x/y', 'x/y/z'].sort(),
    );
    expect(lstatSync(join(at.copy, 'e')).mode & 0o777).toBe(0o755);
    await writeback.stop();
  });

  it('does not bring in what policy hides, and takes away what becomes hidden', async () => {
    const at = await ready({ a: '1', plain: 'x' }, { hide: ['.env'] });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.root, '.env'), secret());
    renameSync(join(at.root, 'plain'), join(at.root, 'd.env'));
    await writeback.flush();
    expect(readdirSync(at.copy).sort()).toEqual(['a', 'd.env']);
    await writeback.stop();
  });

  it('goes on with edits from both sides in turn', async () => {
    const at = await ready({ a: LINES });
    const writeback = await startWriteback(at.input);
    for (let turn = 0; turn < 4; turn++) {
      appendFileSync(join(turn % 2 ? at.root : at.copy, 'a'), `turn ${turn}\n`);
      await writeback.flush();
    }
    expect(read(at.root, 'a')).toBe(`${LINES}turn 0\nturn 1\nturn 2\nturn 3\n`);
    expect(read(at.copy, 'a')).toBe(read(at.root, 'a'));
    expect((await writeback.stop()).conflicts).toEqual([]);
  });
});

describe('both sides at once', () => {
  /** Both edit between two looks: the wrapper was busy, or both were quick. */
  async function atOnce(at: Awaited<ReturnType<typeof ready>>, edit: () => void) {
    const writeback = await startWriteback(at.input);
    // A first edit each, so that the base is known.
    appendFileSync(join(at.copy, 'a'), 'base\n');
    await writeback.flush();
    edit();
    await writeback.flush();
    return writeback.stop();
  }

  it('merges edits of different lines of one file', async () => {
    const at = await ready({ a: LINES });
    const report = await atOnce(at, () => {
      writeFileSync(join(at.copy, 'a'), read(at.copy, 'a').replace('two', 'TWO by the agent'));
      writeFileSync(join(at.root, 'a'), read(at.root, 'a').replace('six', 'SIX by the person'));
    });
    const merged = `${LINES.replace('two', 'TWO by the agent').replace('six', 'SIX by the person')}base\n`;
    expect([read(at.root, 'a'), read(at.copy, 'a')]).toEqual([merged, merged]);
    expect(report.conflicts).toEqual([]);
  });

  it('merges round a secret, which stays whole outside and hidden inside', async () => {
    const at = await ready({ a: `${LINES}key = ${secret()}\n` });
    await atOnce(at, () => {
      writeFileSync(join(at.copy, 'a'), read(at.copy, 'a').replace('two', 'TWO'));
      writeFileSync(join(at.root, 'a'), read(at.root, 'a').replace('six', 'SIX'));
    });
    expect(read(at.root, 'a')).toContain(`SIX\nseven\nkey = ${secret()}\nbase`);
    expect(read(at.root, 'a')).toContain('TWO');
    expect(read(at.copy, 'a')).not.toContain(secret());
  });

  it('merges the first edits of a file that git knows as it was', async () => {
    const at = await ready({ a: LINES });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: at.root });
    git('init', '-q');
    git('add', 'a');
    git('commit', '-qm', 'a');
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), read(at.copy, 'a').replace('two', 'TWO'));
    writeFileSync(join(at.root, 'a'), read(at.root, 'a').replace('six', 'SIX'));
    await writeback.flush();
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe(LINES.replace('two', 'TWO').replace('six', 'SIX'));
    expect(report.conflicts).toEqual([]);
  });

  it('lays nothing aside through a .sotto that is no folder', async () => {
    const at = await ready({ a: LINES, '.sotto': 'a file' });
    const report = await atOnce(at, () => {
      writeFileSync(join(at.copy, 'a'), 'agent');
      writeFileSync(join(at.root, 'a'), 'person');
    });
    expect([read(at.root, 'a'), read(at.root, '.sotto')]).toEqual(['person', 'a file']);
    expect(report.problems).toContainEqual({ path: 'a', code: 'writeback.failed', hint: 'ENOTDIR' });
  });

  it('keeps the person’s version of the same line and lays the agent’s aside', async () => {
    const at = await ready({ a: LINES });
    const report = await atOnce(at, () => {
      writeFileSync(join(at.copy, 'a'), read(at.copy, 'a').replace('two', 'agent'));
      writeFileSync(join(at.root, 'a'), read(at.root, 'a').replace('two', 'person'));
    });
    expect(read(at.root, 'a')).toContain('person');
    expect(read(at.copy, 'a')).toBe(read(at.root, 'a'));
    expect(report.conflicts).toEqual([{ path: 'a', kept: '.sotto/conflicts/a' }]);
    expect(read(at.root, '.sotto/conflicts/a')).toContain('agent');
  });

  it('never lays one aside over another', async () => {
    const at = await ready({ a: LINES });
    const writeback = await startWriteback(at.input);
    for (let turn = 0; turn < 3; turn++) {
      writeFileSync(join(at.copy, 'a'), `agent ${turn}`);
      writeFileSync(join(at.root, 'a'), `person ${turn}`);
      await writeback.flush();
    }
    const { conflicts } = await writeback.stop();
    expect(conflicts.map(({ kept }) => read(at.root, kept))).toEqual(['agent 0', 'agent 1', 'agent 2']);
  });

  it.each([
    {
      description: 'the agent removed what the person edited: the edit comes back in',
      inside: (at: string) => rmSync(join(at, 'a')),
      outside: (at: string) => writeFileSync(join(at, 'a'), 'person'),
      real: 'person',
      kept: undefined,
    },
    {
      description: 'the person removed what the agent edited: it stays removed and the edit is laid aside',
      inside: (at: string) => writeFileSync(join(at, 'a'), 'agent'),
      outside: (at: string) => rmSync(join(at, 'a')),
      real: undefined,
      kept: 'agent',
    },
    {
      description: 'both made the same file with other content',
      inside: (at: string) => writeFileSync(join(at, 'n'), 'agent'),
      outside: (at: string) => writeFileSync(join(at, 'n'), 'person'),
      real: 'person',
      kept: 'agent',
      path: 'n',
    },
    {
      description: 'both made the same file with the same content: no conflict',
      inside: (at: string) => writeFileSync(join(at, 'n'), 'same'),
      outside: (at: string) => writeFileSync(join(at, 'n'), 'same'),
      real: 'same',
      kept: undefined,
      path: 'n',
    },
    {
      description: 'the person put a link where the agent edited',
      inside: (at: string) => writeFileSync(join(at, 'a'), 'agent'),
      outside: (at: string) => {
        rmSync(join(at, 'a'));
        symlinkSync('b', join(at, 'a'));
      },
      real: 'b content',
      kept: 'agent',
    },
  ])('$description', async ({ inside, outside, real, kept, path = 'a' }) => {
    const at = await ready({ a: LINES, b: 'b content' });
    const report = await atOnce(at, () => {
      inside(at.copy);
      outside(at.root);
    });
    expect(has(at.root, path) ? read(at.root, path) : undefined).toBe(real);
    expect(has(at.copy, path) ? read(at.copy, path) : undefined).toBe(real);
    expect(report.conflicts.map((one) => read(at.root, one.kept))).toEqual(kept === undefined ? [] : [kept]);
  });

  it('takes the agent’s mode and the person’s content together', async () => {
    const at = await ready({ a: LINES });
    await atOnce(at, () => {
      chmodSync(join(at.copy, 'a'), 0o600);
      appendFileSync(join(at.root, 'a'), 'person\n');
    });
    expect(read(at.root, 'a')).toBe(`${LINES}base\nperson\n`);
    expect(lstatSync(join(at.root, 'a')).mode & 0o777).toBe(0o600);
  });
});

describe('a broken placeholder where a secret stands', () => {
  const broken = (text: string) => text.replace(/(REDACTED_\w+)[0-9a-f]/, '$1x');

  it('never replaces it: that edit is left out, the others go through, all is laid aside and told', async () => {
    const at = await ready({ a: `${LINES}key = ${secret()}\nmore\n` });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), broken(read(at.copy, 'a')).replace('two', 'TWO'));
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe(`${LINES.replace('two', 'TWO')}key = ${secret()}\nmore\n`);
    expect(report.problems).toEqual([
      { path: 'a', code: 'writeback.kept-secret', line: 8, hint: '.sotto/conflicts/a' },
    ]);
    expect(read(at.root, '.sotto/conflicts/a')).toContain('TWO');
  });

  it('is waited for, since it may only be half written', async () => {
    const at = await ready({ a: `key = ${secret()}\n` });
    const whole = read(at.copy, 'a');
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), broken(whole));
    await writeback.flush();
    expect(read(at.root, 'a')).toBe(`key = ${secret()}\n`);
    writeFileSync(join(at.copy, 'a'), `# done\n${whole}`);
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe(`# done\nkey = ${secret()}\n`);
    expect(report.problems).toEqual([]);
  });

  it('of another file does not take its place either', async () => {
    const at = await ready({ a: `key = ${secret(1)}\n`, b: `key = ${secret(2)}\n` });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), read(at.copy, 'b'));
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe(`key = ${secret(1)}\n`);
    expect(report.problems.map(({ code }) => code)).toEqual(['writeback.kept-secret']);
  });

  it('may be removed with its line, which is an edit like any other', async () => {
    const at = await ready({ a: `x\nkey = ${secret()}\n` });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), 'x\n');
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe('x\n');
    expect(report.problems).toEqual([]);
  });

  it('that stood in the real file all along is the project’s own text', async () => {
    const own = `see REDACTED_example_0123abcd\n`;
    const at = await ready({ a: own });
    const writeback = await startWriteback(at.input);
    writeFileSync(join(at.copy, 'a'), `${own}more\n`);
    const report = await writeback.stop();
    expect(read(at.root, 'a')).toBe(`${own}more\n`);
    expect(report.problems).toEqual([]);
  });
});
