import { describe, expect, it } from 'vitest';
import { needsReview, reviewKey, reviewLine, reviewOf } from '../../../src/tui/index.ts';
import { type ReviewState, reviewByKey, sectionsOf, startReview } from '../../../src/tui/review/state.ts';

const REPORT: Parameters<typeof reviewOf>[1] = {
  hidden: [
    { path: '.env', pattern: '.env', source: 'built-in:env' },
    { path: 'a.key', pattern: '*.key', source: '/etc/sotto/policy.yaml:2' },
  ],
  asked: [{ path: 'a.db', pattern: '*.db', source: 'built-in:bulk', rule: '' }],
  redacted: { 'generic.password': 2, 'acme.badge': 1 },
  redactedFiles: ['src/a.ts', 'src/b.ts'],
  skipped: [{ path: 'pipe', why: 'a pipe' }],
};
const POLICY = {
  paths: [
    { pattern: '.env', decision: 'hide', source: 'built-in:env', base: '', reason: 'passwords' },
    { pattern: '*.key', decision: 'hide', source: '/etc/sotto/policy.yaml:2', base: '', locked: true },
  ],
  pending: [],
} as const;

const all = [...REPORT.hidden, ...REPORT.asked].map(({ path }) => path);
const seenAll = new Set([
  ...all.map((path) => reviewKey({ kind: path === 'a.db' ? 'asked' : 'hidden', path })),
  ...REPORT.redactedFiles.map((path) => reviewKey({ kind: 'redacted', path })),
  'left out pipe',
]);
const review = (seen?: ReadonlySet<string>) => reviewOf('shop', REPORT, POLICY, seen);

function press(keys: string[], seen?: ReadonlySet<string>): ReviewState {
  const sections = sectionsOf(review(seen));
  return keys.reduce((state, key) => reviewByKey(state, key, sections, 3), startReview(sections));
}

describe('reviewOf', () => {
  it('tells reasons, locks and what is new since the last session', () => {
    const without = new Set([...seenAll].filter((key) => key !== 'redacted src/b.ts'));
    const { items } = review(without);
    expect(items.filter(({ fresh }) => fresh).map(({ path }) => path)).toEqual(['src/b.ts']);
    expect(items[0]).toMatchObject({
      path: '.env',
      because: '.env in built-in:env',
      reason: 'passwords',
      locked: false,
    });
    expect(items[1]).toMatchObject({ path: 'a.key', locked: true });
    expect(reviewLine(review())).toBe('2 hidden, 1 asked, 3 redacted in 2 files');
  });

  it('needs a person only when something is new or waits for approval', () => {
    expect(needsReview(review())).toBe(false);
    expect(needsReview(review(seenAll))).toBe(false);
    expect(needsReview(review(new Set()))).toBe(true);
    const pending = [{ key: 'trust', source: '.sotto.yaml:1', why: 'approval' as const }];
    expect(needsReview(reviewOf('shop', REPORT, { ...POLICY, pending }, seenAll))).toBe(true);
    const locked = [{ key: 'trust', source: '.sotto.yaml:1', why: 'lock' as const }];
    expect(needsReview(reviewOf('shop', REPORT, { ...POLICY, pending: locked }, seenAll))).toBe(false);
  });
});

describe('reviewByKey', () => {
  it('has a list for each kind that occurs, new ones first', () => {
    expect(sectionsOf(review()).map(({ title }) => title)).toEqual(['hidden', 'asked', 'redacted', 'left out']);
    expect(sectionsOf(review(new Set(['hidden .env'])))[0]).toMatchObject({ title: 'new', items: { length: 5 } });
  });

  it.each<[string, string[], Partial<ReviewState>]>([
    ['s starts', ['s'], { done: 'start' }],
    ['q quits', ['q'], { done: 'quit' }],
    ['ctrl-c quits, also in a decision', ['enter', 'ctrl-c'], { done: 'quit' }],
    ['q in a decision goes back', ['enter', 'q'], { done: undefined, open: undefined }],
    ['s in a decision starts nothing', ['enter', 's'], { done: undefined }],
    ['any key closes the help', ['?', 's'], { help: false, done: undefined }],
    ['lists go round', ['tab', 'tab', 'tab', 'tab'], { section: 0 }],
    ['and round the other way', ['shift-tab'], { section: 3 }],
    ['a decision', ['enter', 'down', 'enter'], { decisions: [{ path: '.env', decision: 'ask', forGood: false }] }],
    [
      'a decision for good',
      ['enter', 'down', 'down', 'tab', 'enter'],
      { decisions: [{ path: '.env', decision: 'redact', forGood: true }] },
    ],
    ['back to what it was', ['enter', 'down', 'enter', 'enter', 'up', 'enter'], { decisions: [] }],
    ['nothing on what is locked', ['down', 'enter', 'down', 'enter'], { decisions: [], open: undefined }],
    [
      'a redacted file can be hidden',
      ['tab', 'tab', 'end', 'enter', 'up', 'up', 'enter'],
      { decisions: [{ path: 'src/b.ts', decision: 'hide', forGood: false }] },
    ],
  ])('%s', (_, keys, state) => expect(press(keys)).toMatchObject(state));

  it('works with nothing to show', () => {
    const keys = ['down', 'tab', 'shift-tab', 'enter', 's'];
    const done = keys.reduce((state, key) => reviewByKey(state, key, [], 3), startReview([]));
    expect(done.done).toBe('start');
  });
});
