import { describe, expect, it } from 'vitest';
import { CODES } from '../../src/errors/index.ts';
import { createRecord, type WritebackEvent } from '../../src/writeback/record.ts';
import { tellProblem } from '../../src/writeback/tell.ts';

describe('a record', () => {
  it('tells the same problem once, however often it is found again', () => {
    const events: WritebackEvent[] = [];
    const record = createRecord((event) => events.push(event));
    for (let look = 0; look < 3; look++) {
      record.clear('a', true);
      record.problem('a', 'writeback.withheld');
    }
    expect(record.problems()).toEqual([{ path: 'a', code: 'writeback.withheld' }]);
    expect(events).toEqual([{ event: 'problem', path: 'a', code: 'writeback.withheld' }]);
  });

  it('keeps what was said of lines when a look finds nothing new', () => {
    const record = createRecord();
    record.problem('a', 'writeback.foreign-placeholder', { line: 3 });
    record.problem('a', 'writeback.failed', { hint: 'EIO' });
    record.clear('a', false);
    expect(record.problems().map(({ code }) => code)).toEqual(['writeback.foreign-placeholder']);
    record.clear('a', true);
    expect(record.problems()).toEqual([]);
  });

  it('says paths as text', () => {
    const record = createRecord();
    record.change('\xc3\xa9', 'create');
    expect(record.changes).toEqual([{ path: 'é', kind: 'create' }]);
  });
});

describe('tellProblem', () => {
  it.each([
    [{ path: 'a', code: 'writeback.failed', hint: 'ENOSPC' }, 'could not write a: ENOSPC'],
    [
      { path: 'a', code: 'writeback.unknown-placeholder', line: 4 },
      'a:4: looks like a placeholder but is none of this session',
    ],
    [{ path: 'a', code: 'writeback.from-later' }, 'writeback.from-later a'],
  ])('%j', (problem, sentence) => expect(tellProblem(problem).sentence).toBe(sentence));

  it('has a sentence without gaps for every problem', () => {
    const refusals = ['writeback.no-held', 'writeback.held-broken'];
    const codes = Object.keys(CODES).filter((code) => code.startsWith('writeback.') && !refusals.includes(code));
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) {
      const { sentence, hint } = tellProblem({ path: 'a', code, line: 1, hint: 'x' });
      expect(sentence + hint, code).not.toMatch(/undefined|^writeback\./);
    }
  });
});
