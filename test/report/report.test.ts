import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPaint } from '../../src/host/index.ts';
import { openLedger, readLedger, type SessionEvent, verifyLedger } from '../../src/ledger/index.ts';
import { reportForTerminal, reportPage, summarize } from '../../src/report/index.ts';

const ORG = '00000000-0000-4000-8000-000000000001';
const plain = createPaint({}, {});
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const request = { host: 'api.example.com', method: 'POST', path: '/v1/messages', findings: {} };

const answer = { kind: 'answer', host: 'api.example.com', method: 'POST', path: '/v1/messages' } as const;

const SESSION: readonly SessionEvent[] = [
  {
    kind: 'session.start',
    sotto: '0.1.0',
    project: '/home/ada/p',
    program: { version: '9.9.9' },
    policy: 'a'.repeat(64),
    scanner: 'b'.repeat(64),
    account: { kind: 'login', plan: 'team', organization: ORG },
  },
  {
    kind: 'workspace',
    files: 812,
    bytes: 4_100_000,
    hidden: 3,
    asked: 1,
    redactedFiles: 5,
    redacted: { 'aws.access-key': 2, 'github.pat': 12 },
  },
  { ...request, kind: 'request', verdict: 'forward', bytes: 50_000 },
  { ...answer, status: 200, organization: ORG },
  { ...request, kind: 'request', verdict: 'redact', bytes: 51_000, findings: { 'github.pat': 1 } },
  { ...answer, status: 200, organization: ORG },
  { ...answer, status: 529, cut: true },
  { ...request, kind: 'request', host: 'telemetry.example.com', verdict: 'answer', bytes: 0 },
  { ...request, kind: 'refused', host: 'evil.example', path: '/q', verdict: 'refuse', code: 'gateway.route', bytes: 0 },
  { ...request, kind: 'refused', host: 'evil.example', path: '/q', verdict: 'refuse', code: 'gateway.route', bytes: 0 },
  { kind: 'decision', question: 'ask', path: 'db/prod.env', answer: 'no', by: 'person' },
  { kind: 'change', path: 'a.ts', what: 'modify' },
  { kind: 'change', path: 'b.ts', what: 'modify' },
  { kind: 'change', path: 'c.ts', what: 'create' },
  { kind: 'commits', branch: 'main', onto: 'sotto/one/main', commits: 2 },
  { kind: 'tag', tag: 'v1', onto: 'v1' },
  { kind: 'conflict', path: 'd.ts', kept: '.sotto/d.ts' },
  { kind: 'held', path: '.envrc', code: 'runs on the host' },
  { kind: 'problem', path: 'e.ts', code: 'writeback.foreign', line: 3 },
  { kind: 'session.end', status: 0, how: 'exit' },
];

function recorded(events: readonly (SessionEvent | { kind: string })[]) {
  let second = 0;
  const now = () => new Date(Date.UTC(2026, 0, 2, 3, 0, second++));
  const ledger = openLedger({ folder: join(home, 'ledger'), session: 'one', now });
  for (const event of events) ledger.append(event);
  ledger.close();
  return ledger.path;
}

const summary = (path: string) => summarize('one', readLedger(path), verifyLedger(path));

describe('summarize', () => {
  it('counts what a session found, sent, refused and changed', () => {
    const report = summary(recorded(SESSION));
    expect(report).toMatchObject({
      project: '/home/ada/p',
      exit: 0,
      verification: { entries: 22, closed: true },
      account: { kind: 'login', plan: 'team', organization: ORG, onTheWire: { [ORG]: 2 } },
      copy: { files: 812, hidden: 3, asked: 1, redactedFiles: 5 },
      wire: {
        requests: 5,
        bytes: 101_000,
        verdicts: { forward: 1, redact: 1, answer: 1, refuse: 2 },
        redacted: { 'github.pat': 1 },
      },
      refused: [{ host: 'evil.example', method: 'POST', path: '/q', code: 'gateway.route', count: 2 }],
      decisions: { 'ask: no': 1 },
      changes: { modify: 2, create: 1 },
      commits: { 'sotto/one/main': 2, 'tag v1': 1 },
      conflicts: ['d.ts'],
      held: ['.envrc'],
      problems: { 'writeback.foreign': 1 },
      escapes: {},
      other: {},
    });
    expect(Object.keys(report.copy.redacted)).toEqual(['github.pat', 'aws.access-key']);
    expect(report.terms.map((row) => row.retention)).toEqual(['30 days']);
  });

  it('makes something of a ledger with nothing in it, and counts kinds it does not know', () => {
    expect(summary(recorded([{ kind: 'comet' }, { kind: 'comet' }]))).toMatchObject({
      project: undefined,
      exit: undefined,
      other: { comet: 2 },
    });
  });

  it('takes no field on trust: wrong shapes count as nothing', () => {
    const wild = [
      { kind: 'workspace', files: 'many', redacted: [1, 2] },
      { kind: 'request', host: { a: 1 }, bytes: -5, findings: { 'a.b': 'x', 'c.d': 2 } },
      { kind: 'session.start', account: 'root', program: null },
    ];
    const report = summary(recorded(wild as unknown as SessionEvent[]));
    expect(report.copy.files).toBe(0);
    expect(report.wire).toMatchObject({ requests: 1, bytes: 0, redacted: { 'a.b': 0, 'c.d': 2 } });
  });
});

describe('reportForTerminal', () => {
  it('says all of it in lines that fit a terminal', () => {
    expect(reportForTerminal(summary(recorded(SESSION)), plain)).toMatchInlineSnapshot(`
      "session one  /home/ada/p
      2026-01-02 03:00:00 to 03:00:21 UTC, exit 0
      record       22 lines, chain and signatures hold, closed
      account      login, team, organization 00000000-0000-4000-8000-000000000001, on the wire: 00000000-0000-4000-8000-000000000001 in 2 answers
      terms        Team / Enterprise / API: training no; kept: 30 days; when flagged: content 2 years, classification 7 years
      copy         812 files, 4.1 MB; 3 hidden, 1 asked for
      redacted     14 in 5 files
           12  github.pat
            2  aws.access-key
      requests     5: 2 refused, 1 answered here, 1 forwarded, 1 forwarded after redaction; 101 kB sent
        api.example.com: 1 forwarded, 1 forwarded after redaction; 101 kB sent
        evil.example: 2 refused; 0 B sent
        telemetry.example.com: 1 answered here; 0 B sent
      answers      2 x 200, 1 x broken off
      on the wire  1 redacted
            1  github.pat
      refused
        2 x POST evil.example/q [gateway.route]
      changes      2 modify, 1 create
      commits on   2 sotto/one/main, 1 tag v1
      conflicts    1
        d.ts
      wait for yes 1
        .envrc
      problems     1 writeback.foreign
      decisions    1 ask: no
      "
    `);
  });

  it('shows no escape sequence that a name brought along, and colours only where it may', () => {
    const path = recorded([
      { ...request, kind: 'refused', host: 'a\x1b[2J\u202eb', path: '/\x07', verdict: 'refuse', code: 'x', bytes: 0 },
      { kind: 'conflict', path: 'x\x1b]52;c;eA==\x07', kept: 'y' },
      { kind: 'held', path: 'x\ny', code: 'z' },
    ]);
    const shown = reportForTerminal(summary(path), plain);
    expect(shown).not.toMatch(/[^\n\x20-\x7e’]/);
    expect(shown).toContain('x\\u{a}y');
    expect(reportForTerminal(summary(path), createPaint({ isTTY: true }, {}))).toContain('\x1b[32m');
  });

  it('says loudly when the chain does not hold, and when another organisation paid', () => {
    const path = recorded([
      SESSION[0]!,
      { ...request, kind: 'request', verdict: 'forward', bytes: 1 },
      { ...answer, status: 200, organization: 'other' },
    ]);
    expect(reportForTerminal(summary(path), plain)).toContain('BUT THE WIRE SAYS other');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"bytes":1', '"bytes":0'));
    expect(reportForTerminal(summary(path), plain)).toContain('NOT WHOLE: line 3: a line was changed');
  });
});

describe('reportPage', () => {
  it('loads nothing, runs nothing, and lets no name become markup', () => {
    const path = recorded([
      SESSION[0]!,
      {
        ...request,
        kind: 'refused',
        host: '<img src=x>',
        path: '/"&\'\u202e',
        verdict: 'refuse',
        code: '<b>',
        bytes: 0,
      },
    ]);
    const page = reportPage(summary(path));
    expect(page).not.toMatch(/<(img|b|script|link|iframe)\b/);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('&#60;img src=x&#62;');
    expect(page).toContain('\\u{202e}');
  });

  it('holds the same counts as the other forms', () => {
    const page = reportPage(summary(recorded(SESSION)));
    for (const part of ['github.pat', '2 x gateway.route', '/home/ada/p', 'chain and signatures hold', '.envrc']) {
      expect(page).toContain(part);
    }
  });
});
