import { describe, expect, it } from 'vitest';
import type { SnapshotEntry } from '../../src/workspace/index.ts';
import { type Difference, diff } from '../../src/writeback/diff.ts';
import type { Observed } from '../../src/writeback/observed.ts';
import { type Action, reconcile, type Situation } from '../../src/writeback/reconcile.ts';

const absent: Observed = { kind: 'absent' };
const special: Observed = { kind: 'special' };
const file = (hash: string, mode = 0o644): Observed => ({ kind: 'file', hash, mode });
const folder = (mode = 0o755): Observed => ({ kind: 'folder', mode });
const link = (target: string): Observed => ({ kind: 'link', target });

const nobody = { size: 1, mtimeNs: 1n, ctimeNs: 1n, ino: 1n };
/** A redacted file: `R` outside, `C` inside. */
const known: SnapshotEntry = { kind: 'file', mode: 0o644, real: 'R', copy: 'C', ...nobody, placeholders: ['p'] };
const knownFolder: SnapshotEntry = { kind: 'folder', mode: 0o755 };
const knownLink: SnapshotEntry = { kind: 'link', target: 't', stub: false };
const stubLink: SnapshotEntry = { kind: 'link', target: '/etc', stub: true };
const withheld = (stub: boolean, isFolder = false): SnapshotEntry => ({
  kind: 'withheld',
  why: stub ? 'ask' : 'hide',
  folder: isFolder,
  stub,
  pattern: '*',
  source: 'test',
});

describe('diff', () => {
  const cases: [string, SnapshotEntry | undefined, Observed, Difference, Difference][] = [
    ['nothing known, nothing there', undefined, absent, 'none', 'none'],
    ['nothing known, a file', undefined, file('C'), 'create', 'create'],
    ['nothing known, a folder', undefined, folder(), 'create', 'create'],
    ['withheld, nothing there', withheld(false), absent, 'none', 'none'],
    ['withheld, something there', withheld(true), file('x'), 'create', 'create'],
    ['a file as it was in the copy', known, file('C'), 'none', 'content'],
    ['a file as it was in the real tree', known, file('R'), 'content', 'none'],
    ['a file with other content', known, file('x'), 'content', 'content'],
    ['a file with other content and mode', known, file('x', 0o600), 'content', 'content'],
    ['a file gone', known, absent, 'remove', 'remove'],
    ['a file that became a folder', known, folder(), 'replace', 'replace'],
    ['a file that became a link', known, link('t'), 'replace', 'replace'],
    ['a file that became a pipe', known, special, 'replace', 'replace'],
    ['a folder as it was', knownFolder, folder(), 'none', 'none'],
    ['a folder with another mode', knownFolder, folder(0o700), 'mode', 'mode'],
    ['a folder gone', knownFolder, absent, 'remove', 'remove'],
    ['a folder that became a file', knownFolder, file('x'), 'replace', 'replace'],
    ['a link as it was', knownLink, link('t'), 'none', 'none'],
    ['a link to elsewhere', knownLink, link('u'), 'target', 'target'],
    ['a link that became a file', knownLink, file('x'), 'replace', 'replace'],
  ];
  it.each(cases)('%s', (_description, entry, now, inside, outside) => {
    expect([diff(entry, now, 'inside'), diff(entry, now, 'outside')]).toEqual([inside, outside]);
  });

  it('sees a mode that changed alone', () => {
    expect(diff(known, file('C', 0o600), 'inside')).toBe('mode');
    expect(diff(known, file('R', 0o600), 'outside')).toBe('mode');
  });
});

type Case = [string, Partial<Situation> & Pick<Situation, 'inside' | 'outside'>, Action];

const check = (cases: Case[]) =>
  it.each(cases)('%s', (_description, situation, action) => {
    expect(reconcile({ entry: undefined, closed: false, stub: false, ...situation })).toEqual(action);
  });

describe('reconcile: one side changed', () => {
  check([
    ['nothing at all', { inside: absent, outside: absent }, { do: 'nothing' }],
    ['as they were', { entry: known, inside: file('C'), outside: file('R') }, { do: 'nothing' }],
    ['edited inside', { entry: known, inside: file('x'), outside: file('R') }, { do: 'apply', change: 'content' }],
    ['made inside', { inside: file('x'), outside: absent }, { do: 'apply', change: 'create' }],
    ['a folder made inside', { inside: folder(), outside: absent }, { do: 'apply', change: 'create' }],
    ['removed inside', { entry: known, inside: absent, outside: file('R') }, { do: 'apply', change: 'remove' }],
    ['mode inside', { entry: known, inside: file('C', 0o755), outside: file('R') }, { do: 'apply', change: 'mode' }],
    [
      'a link turned inside',
      { entry: knownLink, inside: link('u'), outside: link('t') },
      { do: 'apply', change: 'target' },
    ],
    [
      'a file made a link inside',
      { entry: known, inside: link('t'), outside: file('R') },
      { do: 'apply', change: 'replace' },
    ],
    ['edited outside', { entry: known, inside: file('C'), outside: file('x') }, { do: 'refresh' }],
    ['made outside', { inside: absent, outside: file('x') }, { do: 'refresh' }],
    ['removed outside', { entry: known, inside: file('C'), outside: absent }, { do: 'refresh' }],
    ['mode outside', { entry: known, inside: file('C'), outside: file('R', 0o600) }, { do: 'refresh' }],
    ['a pipe made inside', { inside: special, outside: absent }, { do: 'problem', code: 'writeback.special' }],
    ['a pipe made outside', { inside: absent, outside: special }, { do: 'refresh' }],
  ]);
});

describe('reconcile: both sides changed', () => {
  check([
    ['removed twice', { entry: known, inside: absent, outside: absent }, { do: 'forget' }],
    ['edited twice', { entry: known, inside: file('x'), outside: file('y') }, { do: 'merge' }],
    [
      'edited twice to the same',
      { entry: known, inside: file('x'), outside: file('y'), restoredHash: 'y' },
      { do: 'settle' },
    ],
    [
      'edited twice to the same content, with two modes',
      { entry: known, inside: file('x', 0o600), outside: file('y'), restoredHash: 'y' },
      { do: 'merge' },
    ],
    ['mode inside, content outside', { entry: known, inside: file('C', 0o600), outside: file('y') }, { do: 'merge' }],
    ['removed inside, edited outside', { entry: known, inside: absent, outside: file('y') }, { do: 'revive' }],
    ['edited inside, removed outside', { entry: known, inside: file('x'), outside: absent }, { do: 'conflict' }],
    ['made twice', { inside: file('x'), outside: file('y') }, { do: 'conflict' }],
    ['made twice, the same', { inside: file('x'), outside: file('y'), restoredHash: 'y' }, { do: 'settle' }],
    ['a folder made twice', { inside: folder(), outside: folder() }, { do: 'settle' }],
    ['a folder made twice, with two modes', { inside: folder(0o700), outside: folder() }, { do: 'refresh' }],
    ['a link made twice, the same', { inside: link('t'), outside: link('t') }, { do: 'settle' }],
    ['a link made twice, to two places', { inside: link('t'), outside: link('u') }, { do: 'conflict' }],
    ['a file here, a folder there', { inside: file('x'), outside: folder() }, { do: 'conflict' }],
    ['a folder here, a file there', { inside: folder(), outside: file('x') }, { do: 'conflict' }],
    ['a link here, an edit there', { entry: known, inside: link('t'), outside: file('y') }, { do: 'conflict' }],
    ['a file where a pipe is', { inside: file('x'), outside: special }, { do: 'conflict' }],
  ]);
});

describe('reconcile: withheld and hidden', () => {
  const refused: Action = { do: 'problem', code: 'writeback.withheld' };
  check([
    [
      'a file made where something is hidden',
      { entry: withheld(false), inside: file('x'), outside: file('R') },
      refused,
    ],
    ['the same, the real one gone', { entry: withheld(false), inside: file('x'), outside: absent }, refused],
    [
      'a folder made where something is hidden',
      { entry: withheld(false), inside: folder(), outside: file('R') },
      refused,
    ],
    [
      'a link made where something is hidden',
      { entry: withheld(false), inside: link('t'), outside: file('R') },
      refused,
    ],
    [
      'the stub as it was laid',
      { entry: withheld(true), inside: file('s'), outside: file('R'), stub: true },
      { do: 'refresh' },
    ],
    ['the stub edited', { entry: withheld(true), inside: file('x'), outside: file('R') }, refused],
    ['the stub removed', { entry: withheld(true), inside: absent, outside: file('R') }, { do: 'refresh' }],
    [
      'a hidden folder untouched',
      { entry: withheld(false, true), inside: absent, outside: folder() },
      { do: 'nothing' },
    ],
    [
      'a hidden file that changed outside',
      { entry: withheld(false), inside: absent, outside: file('y') },
      { do: 'refresh' },
    ],
    ['the stub of a link removed', { entry: stubLink, inside: absent, outside: link('/etc') }, { do: 'refresh' }],
    ['the stub of a link replaced', { entry: stubLink, inside: file('x'), outside: link('/etc') }, refused],
    ['a new file that policy hides', { closed: true, inside: file('x'), outside: absent }, refused],
    [
      'a new file that policy hides, where one stands',
      { closed: true, inside: file('x'), outside: file('y') },
      refused,
    ],
    [
      'an edit of a file that policy hides by now',
      { closed: true, entry: known, inside: file('x'), outside: file('R') },
      refused,
    ],
    [
      'the removal of a file that policy hides by now',
      { closed: true, entry: known, inside: absent, outside: file('R') },
      { do: 'apply', change: 'remove' },
    ],
  ]);
});

describe('reconcile, over every situation', () => {
  const states = [
    absent,
    file('C'),
    file('R'),
    file('x'),
    file('y', 0o600),
    folder(),
    folder(0o700),
    link('t'),
    link('u'),
    special,
  ];
  const entries = [
    undefined,
    known,
    knownFolder,
    knownLink,
    stubLink,
    withheld(false),
    withheld(true),
    withheld(false, true),
  ];
  const all = entries.flatMap((entry) =>
    states.flatMap((inside) =>
      states.flatMap((outside) =>
        [true, false].map((closed): Situation => ({ entry, inside, outside, closed, stub: false })),
      ),
    ),
  );

  it('applies nothing where the outside is not as the snapshot says', () => {
    const wrong = all.filter(
      (one) => reconcile(one).do === 'apply' && diff(one.entry, one.outside, 'outside') !== 'none',
    );
    expect(wrong).toEqual([]);
  });

  it('applies nothing where something is withheld', () => {
    const kept = (entry: SnapshotEntry | undefined) => entry?.kind === 'withheld' || entry === stubLink;
    expect(all.filter((one) => kept(one.entry) && ['apply', 'merge', 'conflict'].includes(reconcile(one).do))).toEqual(
      [],
    );
  });

  it('refreshes nothing that was edited inside, but what the agent removed', () => {
    const edited = (one: Situation) => !['none', 'remove'].includes(diff(one.entry, one.inside, 'inside'));
    const wrong = all.filter((one) => ['refresh', 'revive'].includes(reconcile(one).do) && edited(one));
    // Two folders differ in their mode at most.
    expect(wrong.filter(({ inside, outside }) => inside.kind !== 'folder' || outside.kind !== 'folder')).toEqual([]);
  });
});
