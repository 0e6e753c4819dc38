// The screens in a real pty with a terminal emulator.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadQuestion, ReviewInput } from '../../src/tui/index.ts';
import { bundleFixture, openTerm, type Term } from './term.ts';

let program: Awaited<ReturnType<typeof bundleFixture>>;
beforeAll(async () => {
  program = await bundleFixture('screens');
});
afterAll(() => program.dispose());

type Asked = { review: ReviewInput } | { read: ReadQuestion };

const open = (
  asked: Asked[],
  { plain = false, ...options }: Parameters<typeof openTerm>[1] & { plain?: boolean } = {},
) => openTerm([program.file, JSON.stringify(asked), ...(plain ? ['plain'] : [])], options);

const item = (kind: string, path: string, more: object = {}) =>
  ({
    kind,
    path,
    because: `${path} in built-in:x`,
    fresh: false,
    locked: false,
    ...more,
  }) as ReviewInput['items'][number];

const REVIEW: ReviewInput = {
  project: '~/work/shop',
  items: [
    item('hidden', '.env', { fresh: true, reason: 'environment settings' }),
    item('hidden', 'certs/a.key', { locked: true }),
    item('asked', 'data/app.sqlite'),
    item('redacted', 'src/config.ts'),
  ],
  redacted: { 'generic.password': 2 },
  pending: [],
};

const QUESTION: ReadQuestion = {
  path: 'data/app.csv',
  because: '*.csv in .sotto.yaml:3',
  bytes: 12_345,
  content: 'ab'.repeat(32),
  asker: 'Grep of a subagent',
  findings: { 'generic.password': 2 },
  preview: ['name;password', 'ada;REDACTED_generic_password_0a1b2c3d'],
};

const AFTER = ['first line', 'second line', ': typed so far|'];

const starts = (beginning: string) => (frame: string[]) => frame.some((line) => line.startsWith(beginning));
const listed = starts('s start q quit');
const armed = starts('press a key');

/** The screen is the program's own again, to the last mode. */
function expectAsBefore(term: Term): void {
  expect(term.frame()).toEqual(AFTER);
  expect(term.cursor()).toEqual([2, AFTER[2]?.length]);
  expect(term.modes).toEqual({ bracketedPaste: true, focus: true, alternate: false });
}

describe('the review', () => {
  it('shows what is hidden, asked and redacted, starts, and leaves the screen as it was', async () => {
    const term = open([{ review: REVIEW }]);
    const frame = await term.until(listed);
    expect(frame.filter((line) => line !== '')).toMatchSnapshot();
    term.write('s');
    expect(await term.end()).toEqual({ status: 0, answer: [{ start: true, decisions: [] }] });
    expectAsBefore(term);
  });

  it('does not start after q, escape and ctrl-c, in both of its spellings', async () => {
    const keys = ['q', '\x1b', '\x03', '\x1b[99;5u'];
    const term = open(keys.map((_, at) => ({ review: { ...REVIEW, project: `project ${at}` } })));
    for (const [at, key] of keys.entries()) {
      await term.until((lines) => lines[0] === `sotto: project ${at}` && listed(lines));
      term.write(key);
    }
    expect((await term.end()).answer).toEqual(keys.map(() => ({ start: false, decisions: [] })));
    expectAsBefore(term);
  });

  it('changes a decision for good, and not one that is locked', async () => {
    const term = open([{ review: REVIEW }]);
    await term.until(starts('> hide   new .env'));
    term.write('\t\x1b[B');
    await term.until(starts('> hide   certs/a.key'));
    term.write('\r');
    await term.until(starts('locked by the organisation'));
    term.write('\r');
    await term.until((lines) => lines.some((line) => line.includes('[hidden 2]')));
    term.write('\x1b[C\r');
    await term.until(starts('[this session]  for good'));
    term.write('\x1b[B\t');
    const frame = await term.until(starts(' this session  [for good]'));
    expect(frame.filter((line) => line !== '')).toMatchSnapshot();
    term.write('\r');
    await term.until(starts('> redact data/app.sqlite'));
    term.write('s');
    const decisions = [{ path: 'data/app.sqlite', decision: 'redact', forGood: true }];
    expect((await term.end()).answer).toEqual([{ start: true, decisions }]);
  });

  it('works at 40 by 10, also when the terminal becomes so while it is open', async () => {
    const items = Array.from({ length: 50 }, (_, at) => item('hidden', `some/quite/long/folder/name/file-${at}.key`));
    const term = open([{ review: { ...REVIEW, items } }]);
    await term.until(listed);
    term.resize(40, 10);
    await term.until((lines) => lines.length <= 10 && listed(lines));
    term.write('\x1b[F');
    const frame = await term.until((lines) => lines.some((line) => /^> .*file-49\.key$/.test(line)));
    expect(frame).toMatchSnapshot();
    expect(Math.max(...frame.map((line) => line.length))).toBeLessThanOrEqual(40);
    term.write('q');
    await term.end();
    expect(term.frame()).toEqual(AFTER);
  });

  it('shows names that would drive the terminal or deceive as what they are, and no colour with NO_COLOR', async () => {
    const items = [item('hidden', 'a\x1b]52;c;QUFB\x07\u202eb\u200b\nc')];
    const term = open([{ review: { ...REVIEW, items } }], { env: { NO_COLOR: '1' } });
    const frame = await term.until(starts('> hide'));
    expect(frame).toContain('> hide   a\\u{1b}]52;c;QUFB\\u{7}\\u{202e}b\\u{200b}\\u{a}c');
    expect(term.raw).not.toContain('\x1b]52');
    expect(term.raw.slice(term.raw.indexOf('\x1b[?1049h'))).not.toMatch(/\x1b\[3[0-7]m/);
    term.write('q');
    await term.end();
  });

  it('has colour where nobody objects', async () => {
    const term = open([{ review: REVIEW }]);
    await term.until(listed);
    expect(term.raw.slice(term.raw.indexOf('\x1b[?1049h'))).toMatch(/\x1b\[3[0-7]m/);
    term.write('q');
    await term.end();
  });

  it('asks in plain lines where it should, moving nothing', async () => {
    const term = open([{ review: REVIEW }], { plain: true });
    await term.until(starts('answer:'));
    term.write('what\r');
    await term.until(starts('please type one of: start, quit'));
    term.write('start\r');
    expect((await term.end()).answer).toEqual([{ start: true, decisions: [] }]);
    expect(term.raw.slice(term.raw.indexOf('sotto:'))).not.toMatch(/\x1b\[[\d;]*[A-HJKfm]/);
  });
});

describe('the question', () => {
  it('shows file, rule, size, what redaction leaves and who asks, and gives the screen back', async () => {
    const term = open([{ read: QUESTION }]);
    expect(await term.until(armed)).toMatchSnapshot();
    term.write('r');
    expect(await term.end()).toEqual({ status: 0, answer: ['redacted'] });
    expectAsBefore(term);
  });

  it('takes its keys, one question after the other', async () => {
    const keys = ['o', '\r', '\x1b[B\r', '\x1b', '\x03'];
    const term = open(keys.map((_, at) => ({ read: { ...QUESTION, path: `file ${at}` } })));
    for (const [at, key] of keys.entries()) {
      await term.until((lines) => lines[1] === `file ${at}` && armed(lines));
      term.write(key);
    }
    const answer = ['once', 'no', 'redacted', 'no', 'no'];
    expect((await term.end()).answer).toEqual(answer);
  });

  it('is not answered by typing ahead, by a paste, or by what the terminal reports', async () => {
    const term = open([{ read: QUESTION }]);
    await term.until(starts('stop typing'));
    for (const key of 'always ok yes\r') term.write(key);
    await term.until(armed);
    term.write('\x1b[200~a\rs\x1b[201~\x1b[I\x1b[O\x1b[<0;10;10M\x1b[10;10Ro');
    expect((await term.end()).answer).toEqual(['once']);
  });

  it('works at 40 by 10', async () => {
    const path = 'a/very/long/path/to/some/file/far/away/down.csv';
    const term = open([{ read: { ...QUESTION, path } }], { columns: 40, rows: 10 });
    expect(await term.until(armed)).toMatchSnapshot();
    term.write('n');
    await term.end();
  });

  it('asks in plain lines where it should', async () => {
    const term = open([{ read: QUESTION }], { plain: true });
    await term.until(starts('answer:'));
    term.write('red\r');
    expect((await term.end()).answer).toEqual(['redacted']);
  });
});
