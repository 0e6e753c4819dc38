import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sayAtEnd } from '../src/commands/notice.ts';
import { readEnvironment } from '../src/host/index.ts';
import { main } from '../src/main.ts';

let shown = '';
beforeEach(() => {
  shown = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Clears the screen, writes the clipboard, turns the line around. */
const WILD = 'x\x1b[2J\x1b]52;c;eA==\x07\u202e\n';

describe('what sotto says of itself', () => {
  it('shows a refusal without what a name would do to a terminal', async () => {
    expect(await main(['report', WILD])).toBe(2);
    expect(shown).toMatch(/^sotto: no ledger of session x\\u\{1b\}/);
    expect(shown).toMatch(/^hint: /m);
    expect(shown).not.toMatch(/[^\n\x20-\x7e]/);
  });

  it('shows the names of conflicts and held changes so as well', () => {
    const held = { path: WILD, why: WILD };
    const host = { ...readEnvironment(), terminal: true };
    const problem = { path: WILD, code: 'x', hint: WILD };
    sayAtEnd(host, { changes: [], conflicts: [{ path: WILD, kept: WILD }], problems: [problem], held: [held] });
    for (const line of shown.trimEnd().split('\n')) expect(line).toMatch(/^(sotto|hint):? /);
    expect(shown).not.toMatch(/[^\n\x20-\x7e]/);
  });
});
